import type { ReportEntry } from './describe.ts';

export const REPORTS: readonly ReportEntry[] = [
  { id: 'html', file: 'report.html', doc: 'One page with charts that opens without a network.', options: {} },
  {
    id: 'json',
    file: 'report.json',
    doc: 'Everything, for programs (`benchwright/report@1`). Always written.',
    options: {},
  },
  { id: 'markdown', file: 'report.md', doc: 'Tables for a pull request or a wiki.', options: {} },
  {
    id: 'csv',
    file: 'summary.csv',
    doc: 'summary.csv (one row per metric) and series.csv (one row per second).',
    options: {},
  },
  {
    id: 'parquet',
    file: 'requests.parquet',
    doc: 'The record as a Parquet table, a row per request, for pandas and DuckDB. Only where it is asked for.',
    options: {},
    isOnRequest: true,
  },
  { id: 'junit', file: 'junit.xml', doc: 'Each SLA as a test case, for continuous integration.', options: {} },
];

/** Of a benchmark that names none. */
export const DEFAULT_REPORT_FORMATS: readonly string[] = REPORTS.filter(({ isOnRequest }) => isOnRequest !== true).map(
  ({ id }) => id,
);

export function findReport(id: string): ReportEntry | undefined {
  return REPORTS.find((each) => each.id === id);
}
