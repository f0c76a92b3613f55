/** From a measured value and its interval to a verdict. One rule for the live view and for the report. */
import type { Comparison } from '../../contract/plan.ts';
import type { Interval, SlaVerdict } from '../../contract/report.ts';
import { holds } from './goodput.ts';

/**
 * `met` when the whole interval is within the limit, `breached` when the whole interval is beyond it, otherwise `undecided`:
 * so a bound the sample cannot give can never be met. Without an interval (`ci` absent: a value that is exact) the value decides.
 */
export function decide(actual: number, ci: Interval | undefined, comparison: Comparison, limit: number): SlaVerdict {
  if (ci === undefined) return holds(actual, comparison, limit) ? 'met' : 'breached';
  const isUpperLimit = comparison === '<' || comparison === '<=';
  const worst = isUpperLimit ? ci.upper : ci.lower;
  const best = isUpperLimit ? ci.lower : ci.upper;
  if (worst !== undefined && holds(worst, comparison, limit)) return 'met';
  if (best !== undefined && !holds(best, comparison, limit)) return 'breached';
  return 'undecided';
}
