/** The files a run will write into its directory. */
import { findReport } from './catalog/reports.ts';
import type { RunPlan } from './plan.ts';
import { RESULT_FILES } from './record.ts';

export interface WrittenFiles {
  /** Made at the end from the record. */
  readonly reports: readonly string[];
  /** Grow while the run goes on. */
  readonly record: readonly string[];
}

export function describeFiles({ report }: Pick<RunPlan, 'report'>): WrittenFiles {
  return {
    reports: report.formats.flatMap((id) =>
      id === 'csv' ? [RESULT_FILES.summaryCsv, RESULT_FILES.seriesCsv] : (findReport(id)?.file ?? []),
    ),
    record: [RESULT_FILES.requests, RESULT_FILES.monitors, RESULT_FILES.events, RESULT_FILES.plan, RESULT_FILES.log],
  };
}
