/** What a run used of its budget, from its record. */
import type { RunPlan } from '../../contract/plan.ts';
import type { RunEventRecord } from '../../contract/record.ts';
import type { BudgetReport, BudgetUse, ReportData } from '../../contract/report.ts';

export function reportBudget(
  { budget, backend: { price = {}, gpus = 1 } }: RunPlan,
  events: readonly RunEventRecord[],
  used: {
    readonly requests: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly durationMs: number;
  },
): Pick<ReportData, 'budget'> {
  if (budget === undefined) return {};
  const { requests, inputTokens, outputTokens, durationMs } = used;
  const { usdPerGpuHour = 0, usdPerInputToken = 0, usdPerOutputToken = 0 } = price;
  const costUsd =
    inputTokens * usdPerInputToken + outputTokens * usdPerOutputToken + (usdPerGpuHour * gpus * durationMs) / 3_600_000;
  const use = <Key extends string>(key: Key, limit: number | undefined, value: number): { [K in Key]?: BudgetUse } =>
    (limit === undefined ? {} : { [key]: { limit, used: value } }) as { [K in Key]?: BudgetUse };
  const spent = events.find((event) => event.type === 'stopping' && event.why === 'budget');
  const report: BudgetReport = {
    ...use('requests', budget.requests, requests),
    ...use('tokens', budget.tokens, inputTokens + outputTokens),
    ...use('costUsd', budget.costUsd, costUsd),
    ...use('timeMs', budget.timeMs, durationMs),
    ...(spent?.type === 'stopping' && spent.budget !== undefined ? { spent: spent.budget } : {}),
  };
  return { budget: report };
}
