/** What whoever started a run is told at its end, out of its report. */
import type { RunFinished } from '../../contract/protocol/runner.ts';
import type { ReportData } from '../../contract/report.ts';

export type WriteReports = (directory: string) => Promise<{
  readonly report: ReportData;
  /** Written files by format id. */
  readonly files: Readonly<Record<string, string>>;
}>;

export function finishedFrom(
  written: Awaited<ReturnType<WriteReports>>,
  runId: string,
  directory: string,
): RunFinished {
  const { run, sla, validity, requests, metrics, parts, budget } = written.report;
  return {
    runId,
    directory,
    outcome: run.outcome,
    exitCode: run.exitCode,
    sla,
    validity: {
      verdict: validity.verdict,
      reasons: validity.reasons,
      ...(validity.calibration === undefined ? {} : { calibration: validity.calibration }),
    },
    requests,
    metrics,
    ...(parts === undefined ? {} : { parts }),
    ...(budget === undefined ? {} : { budget }),
    durationMs: run.durationMs,
    ...(run.resumed === undefined ? {} : { resumed: run.resumed }),
    files: written.files,
    ...(run.error === undefined ? {} : { error: run.error }),
  };
}
