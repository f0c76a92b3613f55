/** The functions of the language: distributions from the catalog, and the two that are none. */
import { DISTRIBUTIONS } from '../../contract/catalog/blocks.ts';

export interface FunctionEntry {
  readonly signature: string;
  readonly doc: string;
}

export const FUNCTIONS: Readonly<Record<string, FunctionEntry>> = {
  ...DISTRIBUTIONS,
  secret: {
    signature: 'secret("NAME")',
    doc: "A secret by its name: looked up in the environment or the editor's secret storage when the run starts, never written to a plan or report.",
  },
  json: { signature: 'json(name)', doc: 'Inside a text: the value as a JSON string, quotes and escapes included.' },
};
