/** Whether one request is good: within every limit of a `goodput … where …` at once. */
import type { RequestRecord } from '../../contract/outcome.ts';
import type { Comparison, LimitPlan, RunPlan } from '../../contract/plan.ts';
import { REQUEST_METRICS, requestValue, type RequestMetric } from './request-value.ts';

export function holds(value: number, comparison: Comparison, limit: number): boolean {
  switch (comparison) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
  }
}

/** The `where` parts of the plan's goodput SLAs, in the plan's order: the order of `WorkerBatch.goodBySla`. */
export function goodputLimits(plan: Pick<RunPlan, 'slas'>): readonly (readonly LimitPlan[])[] {
  return plan.slas.flatMap(({ check }) => (check.kind === 'goodput' ? [check.where] : []));
}

/**
 * A request is good when it succeeded and is within every limit. A limit on what a request does not have is not met, with one
 * exception: an answer of a single token has nothing between tokens, so it cannot be slow there.
 */
export function isGood(record: RequestRecord, where: readonly LimitPlan[]): boolean {
  return record.outcome === 'ok' && where.every((limit) => isWithin(record, limit));
}

function isWithin(record: RequestRecord, { metric, comparison, limit }: LimitPlan): boolean {
  if (metric === 'itl')
    return record.itlMs !== undefined && record.itlMs.length > 0
      ? record.itlMs.every((gapMs) => holds(gapMs, comparison, limit))
      : isSingleToken(record);
  if (!isRequestMetric(metric)) return false;
  const value = requestValue(record, metric);
  if (value !== undefined) return holds(value, comparison, limit);
  return (metric === 'tpot' || metric === 'throughput-per-user') && isSingleToken(record);
}

function isSingleToken(record: RequestRecord): boolean {
  return record.outputTokens === 1;
}

export function isRequestMetric(metric: string): metric is RequestMetric {
  return (REQUEST_METRICS as readonly string[]).includes(metric);
}
