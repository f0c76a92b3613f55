/** Says in words why an SLA is what it is. */
import { formatMeasured } from '../../contract/format-measured.ts';
import type { Comparison } from '../../contract/plan.ts';
import type { Interval, SlaVerdict } from '../../contract/report.ts';

export interface Judged {
  readonly verdict: SlaVerdict;
  readonly actual: number;
  readonly ci?: Interval | undefined;
  readonly unit: string;
  readonly comparison: Comparison;
  readonly limit: number;
}

/** @param needed Requests that would bound a percentile, where too few of them are the reason. */
export function slaNote(
  judged: Judged,
  needed?: { readonly have: number; readonly want: number; readonly what: string },
): string {
  const { verdict, actual, ci, unit, comparison, limit } = judged;
  const say = (value: number): string => formatMeasured(value, unit);
  const upperLimit = comparison === '<' || comparison === '<=';
  const limitWords = `the limit of ${say(limit)}`;
  if (ci === undefined) return `Measured ${say(actual)}, ${verdict === 'met' ? 'within' : 'beyond'} ${limitWords}.`;
  const range = intervalWords(ci, say);
  switch (verdict) {
    case 'met':
      return `With 95 % confidence ${range}: within ${limitWords}.`;
    case 'breached':
      return `With 95 % confidence ${range}: beyond ${limitWords}.`;
    default: {
      const worst = upperLimit ? ci.upper : ci.lower;
      if (worst === undefined && needed !== undefined && needed.have < needed.want)
        return `Measured ${say(actual)}, but ${needed.have} ${needed.what} cannot bound this percentile from ${upperLimit ? 'above' : 'below'}: at least ${needed.want} are needed.`;
      if (worst === undefined)
        return `Measured ${say(actual)}, but requests cut while they were running leave it without a bound.`;
      return `Measured ${say(actual)}; with 95 % confidence ${range}, which reaches across ${limitWords}: a longer run would decide.`;
    }
  }
}

function intervalWords({ lower, upper }: Interval, say: (value: number) => string): string {
  if (lower !== undefined && upper !== undefined) return `between ${say(lower)} and ${say(upper)}`;
  if (upper !== undefined) return `at most ${say(upper)}`;
  return lower === undefined ? 'unbounded' : `at least ${say(lower)}`;
}
