/** A way to write a report down. Rendering is a pure function of the report; where files go is not its business. */
import type { RunPlan } from '../../contract/plan.ts';
import type { ReportData } from '../../contract/report.ts';
import type { RecordSource } from '../measure/fold-record.ts';

export interface ReportInput {
  readonly report: ReportData;
  readonly plan: RunPlan;
  /** Script and styles of the interactive page; absent where they have not been built. */
  readonly page: PageAssets | undefined;
}

export interface PageAssets {
  /** Ready to stand inside the page. */
  readonly script: string;
  readonly style: string;
  /** Base64, for the page's content security policy. */
  readonly scriptSha256: string;
  readonly styleSha256: string;
}

export interface RenderedFile {
  /** Name within the result directory. */
  readonly name: string;
  readonly text: string;
}

/** The files of one format, the one to open first at the head. */
export type RenderReport = (input: ReportInput) => readonly RenderedFile[];

/** Writes the record, which is too long to be held, to a file. Throws what the file system does. */
export type WriteRecord = (source: RecordSource, path: string) => Promise<void>;
