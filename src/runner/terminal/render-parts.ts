/** Where the dataset is a mix: a row for each of its parts in the summary of a run. */
import type { PartReport } from '../../contract/report.ts';
import { fit, table, widthOf } from './layout.ts';
import type { Style } from './style.ts';
import { inUnit } from './words.ts';

const NAME_COLUMNS = 24;

interface Column {
  readonly title: string;
  readonly cell: (part: PartReport) => string;
}

const DATASET: Column = { title: 'Dataset', cell: ({ dataset }) => fit(dataset, NAME_COLUMNS) };
const FAILED: Column = { title: 'Failed', cell: ({ failed }) => inUnit(failed, '') };
const TOKENS: Column = {
  title: 'Tokens in/out',
  cell: ({ inputTokensMean, outputTokensMean }) => `${inUnit(inputTokensMean, '')} / ${inUnit(outputTokensMean, '')}`,
};

/** Failures only where there are some. In a narrow terminal the last columns are left out; the report has them all. */
export function partLines(
  parts: readonly PartReport[],
  { columns, style }: { readonly columns: number; readonly style: Style },
): readonly string[] {
  if (parts.length === 0) return [];
  const all: readonly Column[] = [
    DATASET,
    { title: 'Weight', cell: ({ weightRatio }) => inUnit(weightRatio, 'ratio') },
    { title: 'Requests', cell: ({ requests }) => inUnit(requests, '') },
    ...(parts.some(({ failed }) => failed > 0) ? [FAILED] : []),
    { title: 'TTFT p50', cell: ({ ttftMsP50 }) => inUnit(ttftMsP50, 'ms') },
    { title: 'p95', cell: ({ ttftMsP95 }) => inUnit(ttftMsP95, 'ms') },
    { title: 'E2E p50', cell: ({ e2eMsP50 }) => inUnit(e2eMsP50, 'ms') },
    { title: 'p95', cell: ({ e2eMsP95 }) => inUnit(e2eMsP95, 'ms') },
    TOKENS,
  ];
  const [head = '', ...rows] = widest(parts, all, columns);
  return [style.bold('Parts of the mix'), style.dim(head), ...rows];
}

function widest(parts: readonly PartReport[], shown: readonly Column[], columns: number): readonly string[] {
  const lines = table([shown.map(({ title }) => title), ...parts.map((part) => shown.map(({ cell }) => cell(part)))], {
    alignRight: shown.map((each) => each !== DATASET),
  });
  if (shown.length === 1 || lines.every((line) => widthOf(line) <= columns)) return lines;
  return widest(parts, shown.slice(0, -1), columns);
}
