/** Stored reports that limits on regressions compare with. */
import type { RunPlan } from '../../contract/plan.ts';
import { REPORT_SCHEMA, type ReportData } from '../../contract/report.ts';

/** By the path the plan names. What is not there, or is no report, is left out: the limit then says so. */
export async function readBaselines(
  plan: RunPlan,
  source: { readElsewhere(path: string): Promise<string | undefined> },
): Promise<ReadonlyMap<string, ReportData>> {
  const baselines = new Map<string, ReportData>();
  for (const { check } of plan.slas) {
    if (check.kind !== 'regression' || baselines.has(check.baseline)) continue;
    const text = await source.readElsewhere(check.baseline);
    const stored = text === undefined ? undefined : parseReport(text);
    if (stored !== undefined) baselines.set(check.baseline, stored);
  }
  return baselines;
}

function parseReport(text: string): ReportData | undefined {
  try {
    const value = JSON.parse(text) as Partial<ReportData>;
    return value.schema === REPORT_SCHEMA ? (value as ReportData) : undefined;
  } catch {
    return undefined;
  }
}
