/** What report.html carries for its own script: written by the runner, read by the page. */
import type { ReportData } from './report.ts';

/** Id of the `<script type="application/json">` that holds it. */
export const REPORT_DATA_ELEMENT = 'report-data';

export interface ReportPageData {
  readonly report: ReportData;
  /** Limits to draw into the charts of their metric, in the metric's base unit. */
  readonly limits: readonly { readonly metric: string; readonly label: string; readonly limit: number }[];
}
