/** report.json: everything, for programs. Lists of numbers stand on one line, so that people can read it too. */
import { RESULT_FILES } from '../../contract/record.ts';
import type { RenderReport } from './report-format.ts';

/** A line break cannot stand inside a JSON string, so this never matches within one. */
const LIST_OF_NUMBERS = /\[\n\s+((?:(?:-?[\d.e+-]+|null)(?:,\n\s+)?)+)\n\s+\]/g;

export const renderJson: RenderReport = ({ report }) => {
  const text = JSON.stringify(report, undefined, 2).replace(
    LIST_OF_NUMBERS,
    (_, numbers: string) => `[${numbers.replace(/,\s+/g, ', ')}]`,
  );
  return [{ name: RESULT_FILES.report, text: `${text}\n` }];
};
