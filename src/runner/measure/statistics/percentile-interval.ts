/** Distribution-free confidence intervals for percentiles, from order statistics. */
import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';
import type { Interval } from '../../../contract/report.ts';
import type { RankedSample } from './ranked-sample.ts';

const TAIL = 0.025;

/** Ranks (1-based) of the order statistics that enclose the percentile with at least 95 %; absent where the sample is too small for that side. */
export interface RankInterval {
  readonly lower?: number;
  readonly upper?: number;
}

/**
 * The number of values below the true percentile is binomial(n, p), whatever the distribution; so the k-th smallest value lies
 * above it with probability P(B ≤ k − 1). Equal tails of 2.5 %: conservative, never narrower than 95 %.
 */
export function percentileRanks(quantile: number, count: number): RankInterval {
  if (count < 1) return {};
  const lower = binomialQuantile(TAIL, count, quantile);
  const upper = binomialQuantile(1 - TAIL, count, quantile) + 1;
  return { ...(lower >= 1 ? { lower } : {}), ...(upper <= count ? { upper } : {}) };
}

/**
 * 95 % interval of a percentile. `censored` observations are known only to be missing from the sample, cut while still running: the
 * lower bound takes them as never sent, the upper bound as slower than everything seen.
 */
export function percentileInterval(sample: RankedSample, quantile: number, censored = 0): Interval {
  const { lower } = percentileRanks(quantile, sample.count);
  const { upper } = percentileRanks(quantile, sample.count + censored);
  return {
    ...(lower === undefined ? {} : { lower: sample.valueAtRank(lower) }),
    ...(upper === undefined || upper > sample.count ? {} : { upper: sample.valueAtRank(upper) }),
  };
}

/** Smallest k with P(B ≤ k) ≥ probability. */
export function binomialQuantile(probability: number, trials: number, success: number): number {
  let low = -1;
  let high = trials;
  const mean = trials * success;
  const deviation = Math.sqrt(trials * success * (1 - success));
  const nearLow = Math.floor(mean - 8 * deviation) - 1;
  const nearHigh = Math.ceil(mean + 8 * deviation) + 1;
  if (nearLow > low && binomialCdf(nearLow, trials, success) < probability) low = nearLow;
  if (nearHigh < high && binomialCdf(nearHigh, trials, success) >= probability) high = nearHigh;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (binomialCdf(middle, trials, success) >= probability) high = middle;
    else low = middle;
  }
  return high;
}
