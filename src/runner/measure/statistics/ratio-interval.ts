/** Confidence intervals for shares (error rate, goodput). */
import type { Interval } from '../../../contract/report.ts';

/** Standard normal quantile of 0.975. */
const Z975 = 1.959963984540054;

/** Wilson's 95 % score interval for `hits` of `count`: sensible for few trials and for shares near 0 and 1, where p ± z·s is not. */
export function wilsonInterval(hits: number, count: number): Interval {
  if (count === 0) return {};
  const share = hits / count;
  const z2 = Z975 * Z975;
  const scale = 1 + z2 / count;
  const centre = (share + z2 / (2 * count)) / scale;
  const half = (Z975 / scale) * Math.sqrt((share * (1 - share)) / count + z2 / (4 * count * count));
  return { lower: hits === 0 ? 0 : Math.max(0, centre - half), upper: hits === count ? 1 : Math.min(1, centre + half) };
}

/**
 * The same where `unknown` further trials ended without an answer: the lower bound takes all of them as misses, the upper as hits.
 */
export function wilsonIntervalWithUnknown(hits: number, count: number, unknown: number): Interval {
  const { lower } = wilsonInterval(hits, count + unknown);
  const { upper } = wilsonInterval(hits + unknown, count + unknown);
  return { ...(lower === undefined ? {} : { lower }), ...(upper === undefined ? {} : { upper }) };
}
