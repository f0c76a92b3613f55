/** summary.csv (one row per metric and window; of a part of a mix, the figures the report has) and series.csv (one row per second), for spreadsheets and scripts. */
import { stringify } from 'csv-stringify/sync';
import { METRICS } from '../../contract/metrics.ts';
import { RESULT_FILES } from '../../contract/record.ts';
import { isSample, type MetricTable, type PartReport, type SeriesTable } from '../../contract/report.ts';
import type { RenderReport } from './report-format.ts';

type Cell = string | number | undefined;

const SAMPLE_COLUMNS = ['count', 'mean', 'stddev', 'min', 'p50', 'p75', 'p90', 'p95', 'p99', 'p999', 'max'] as const;
type SampleColumn = (typeof SAMPLE_COLUMNS)[number];
/** `value` and its interval, which a sample has not. */
const NO_VALUE: readonly Cell[] = [undefined, undefined, undefined];
const WITH_INTERVAL = ['mean', 'p50', 'p95', 'p99'] as const;

export const renderCsv: RenderReport = ({ report }) => [
  {
    name: RESULT_FILES.summaryCsv,
    text: toCsv([
      [
        'window',
        'metric',
        'title',
        'unit',
        'value',
        'value_lower',
        'value_upper',
        ...SAMPLE_COLUMNS,
        ...WITH_INTERVAL.flatMap((key) => [`${key}_lower`, `${key}_upper`]),
        'method',
      ],
      ...metricRows('run', report.metrics),
      ...report.stages.flatMap((stage) => metricRows(`stage ${stage.name}`, stage.metrics)),
      ...(report.parts ?? []).flatMap(partRows),
    ]),
  },
  { name: RESULT_FILES.seriesCsv, text: toCsv(seriesRows(report.series)) },
];

function metricRows(window: string, table: MetricTable): readonly (readonly Cell[])[] {
  return Object.entries(table).map(([key, value]) => {
    const head = headOf(window, key, value.unit);
    if (!isSample(value)) return [...head, value.value, value.ci?.lower, value.ci?.upper];
    return [
      ...head,
      ...NO_VALUE,
      ...SAMPLE_COLUMNS.map((column) => value[column]),
      ...WITH_INTERVAL.flatMap((column) => [value.ci[column]?.lower, value.ci[column]?.upper]),
      value.method,
    ];
  });
}

/** Lengths and latencies under their metrics, of those that succeeded; what counts requests as values. */
function partRows(part: PartReport): readonly (readonly Cell[])[] {
  const window = `part ${part.dataset}`;
  const counted = (name: string, title: string, unit: string, value: number): readonly Cell[] => [
    window,
    name,
    title,
    unit,
    value,
  ];
  const sampled = (key: string, unit: string, known: Readonly<Partial<Record<SampleColumn, number | undefined>>>) =>
    Object.values(known).every((value) => value === undefined)
      ? []
      : [[...headOf(window, key, unit), ...NO_VALUE, ...SAMPLE_COLUMNS.map((column) => known[column])]];
  return [
    counted('weight', 'Weight in the mix', 'ratio', part.weightRatio),
    counted('requests', 'Requests', '', part.requests),
    counted('succeeded', 'Succeeded', '', part.succeeded),
    counted('failed', 'Failed', '', part.failed),
    ...sampled('inputTokens', 'tokens', { mean: part.inputTokensMean }),
    ...sampled('outputTokens', 'tokens', { mean: part.outputTokensMean }),
    ...sampled('ttft', 'ms', { p50: part.ttftMsP50, p95: part.ttftMsP95 }),
    ...sampled('e2e', 'ms', { p50: part.e2eMsP50, p95: part.e2eMsP95 }),
  ];
}

function headOf(window: string, key: string, unit: string): readonly Cell[] {
  const metric = METRICS.find((each) => each.key === key);
  return [window, metric?.id ?? key, metric?.title ?? key, unit];
}

function seriesRows({ atMs, columns }: SeriesTable): readonly (readonly Cell[])[] {
  const all = Object.entries(columns);
  return [
    ['at_ms', ...all.map(([key, { unit }]) => (unit === '' ? key : `${key} (${unit})`))],
    ...atMs.map((at, index) => [at, ...all.map(([, { values }]) => values[index] ?? undefined)]),
  ];
}

function toCsv(rows: readonly (readonly Cell[])[]): string {
  const width = Math.max(...rows.map((row) => row.length));
  return stringify(rows.map((row) => Array.from({ length: width }, (_, index) => guarded(row[index]))));
}

/** A text that a spreadsheet would take for a formula is marked as text. Numbers are numbers, negative ones too. */
function guarded(cell: Cell): Cell {
  return typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}
