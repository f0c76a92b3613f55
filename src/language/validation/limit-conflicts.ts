/** Limits that cannot hold together, or of which one is surely a slip. */
import { quantileOf } from '../../contract/metrics.ts';
import { isSla, type Benchmark, type Limit, type Sla, type SlaBlock } from '../ast.ts';
import { limitsOf, textOf } from '../lowering/lower-sla.ts';
import { limitDimension, metricName, targetOf } from '../schema/limit-target.ts';
import { evaluate } from '../values/evaluate.ts';
import type { Check, CheckContext } from './check.ts';

/** A limit as an interval end on one ordered scale: percentiles of one metric rise with their quantile. */
interface Bound {
  readonly limit: Limit;
  readonly scale: string;
  /** Quantile of a percentile; `undefined` for everything else, which compares only with itself. */
  readonly quantile: number | undefined;
  readonly statistic: string;
  readonly isUpper: boolean;
  readonly isStrict: boolean;
  readonly value: number;
}

export const checkLimitConflicts: Check<SlaBlock> = (block, context) => {
  const owner: Sla | SlaBlock = isSla(block.$container) ? block.$container : block;
  const bounds = limitsOf(owner).flatMap((limit) => boundOf(limit, context) ?? []);
  const byScale = new Map<string, Bound[]>();
  for (const bound of bounds) {
    const before = byScale.get(bound.scale) ?? [];
    byScale.set(bound.scale, before.length < MOST_COMPARED ? [...before, bound] : before);
    // Said at the later of the two, if that one is written here.
    if (bound.limit.$container !== block) continue;
    const against = before.find((other) => contradicts(bound, other));
    const needless = before.find((other) => isOddlyPlaced(bound, other));
    if (against !== undefined) reportPair('BENCH6009', bound, against, context);
    else if (needless !== undefined) reportPair('BENCH6017', bound, needless, context);
  }
};

/** Two SLAs of one benchmark, each possible by itself. Where they only overlap, both mean something to their authors. */
export function checkConflictingSlas(
  benchmark: Benchmark,
  slas: readonly (Sla | SlaBlock)[],
  context: CheckContext,
): void {
  const byScale = new Map<string, { readonly owner: Sla | SlaBlock; readonly bound: Bound }[]>();
  for (const owner of new Set(slas))
    for (const bound of limitsOf(owner).flatMap((limit) => boundOf(limit, context) ?? [])) {
      const before = byScale.get(bound.scale) ?? [];
      const other = before.find((each) => each.owner !== owner && contradicts(bound, each.bound));
      if (other !== undefined) {
        const expect = benchmark.items.findLast((item) => item.$type === 'Expect');
        const place = expect === undefined ? { node: benchmark, property: 'name' } : { node: expect };
        context.report('BENCH6009', place, { this: textOf(bound.limit), other: textOf(other.bound.limit) });
      }
      if (before.length < MOST_COMPARED) byScale.set(bound.scale, [...before, { owner, bound }]);
    }
}

/** Limits on one metric that are compared with each other; nobody writes as many. */
const MOST_COMPARED = 50;

function reportPair(code: 'BENCH6009' | 'BENCH6017', bound: Bound, other: Bound, { report }: CheckContext): void {
  report(code, { node: bound.limit }, { this: textOf(bound.limit), other: textOf(other.limit) });
}

function boundOf(limit: Limit, { environment }: CheckContext): Bound | undefined {
  const target = targetOf(limit.subject);
  if (target === undefined || limit.regression || limit.comparison === undefined) return undefined;
  const value = evaluate(limit.value, environment, () => undefined);
  const dimension = limitDimension(limit, target);
  const isFitting = value?.kind === 'quantity' && (dimension === undefined || value.dimension === dimension);
  const number = isFitting ? value.value : value?.kind === 'number' && dimension === 'count' ? value.value : undefined;
  if (number === undefined) return undefined;
  const statistic = limit.statistic ?? '';
  return {
    limit,
    scale: `${metricName(limit.subject)} ${limit.per ?? ''} ${limit.where.length > 0 ? textOf(limit) : ''}`,
    quantile: statistic === 'min' ? 0 : statistic === 'max' ? 1 : quantileOf(statistic),
    statistic,
    isUpper: limit.comparison.startsWith('<'),
    isStrict: !limit.comparison.endsWith('='),
    value: number,
  };
}

/** An upper limit at or below a lower limit on the same or a smaller statistic: nothing can meet both. */
function contradicts(one: Bound, other: Bound): boolean {
  if (one.isUpper === other.isUpper) return false;
  const [upper, lower] = one.isUpper ? [one, other] : [other, one];
  if (!isAtLeast(upper, lower)) return false;
  return upper.value < lower.value || (upper.value === lower.value && (upper.isStrict || lower.isStrict));
}

/** Is the first statistic never smaller than the second? */
function isAtLeast(one: Bound, other: Bound): boolean {
  if (one.statistic === other.statistic) return true;
  return one.quantile !== undefined && other.quantile !== undefined && one.quantile > other.quantile;
}

/** `p50 < 800 ms` beside `p99 < 500 ms`: the first always holds where the second does, so one of the numbers is a slip. */
function isOddlyPlaced(one: Bound, other: Bound): boolean {
  if (one.isUpper !== other.isUpper) return false;
  if (one.statistic === other.statistic) return true;
  if (one.quantile === undefined || other.quantile === undefined) return false;
  const [low, high] = one.quantile < other.quantile ? [one, other] : [other, one];
  return one.isUpper ? low.value >= high.value : high.value <= low.value;
}
