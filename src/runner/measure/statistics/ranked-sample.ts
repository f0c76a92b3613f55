/** A sample that can be asked for its k-th smallest value, and percentiles by nearest rank upon it. */

export interface RankedSample {
  readonly count: number;
  readonly mean: number;
  /** Sample standard deviation (n − 1); absent for n < 2. */
  readonly stddev: number | undefined;
  readonly min: number;
  readonly max: number;
  readonly method: 'exact' | 'histogram';
  /** Value of a rank, 1 (smallest) … count (largest). */
  valueAtRank(rank: number): number;
}

/**
 * Nearest rank: the smallest value such that at least the share `quantile` of the sample is not above it, rank ⌈p·n⌉.
 * `p·n` that is whole but for rounding (0.07 · 100 = 7.000000000000001) is taken as whole.
 */
export function nearestRank(quantile: number, count: number): number {
  const exact = quantile * count;
  const whole = Math.round(exact);
  const rank = Math.abs(exact - whole) <= 1e-12 * Math.max(1, exact) ? whole : Math.ceil(exact);
  return Math.min(count, Math.max(1, rank));
}

/** @throws RangeError for an empty sample: it has no percentiles. */
export function percentile(sample: RankedSample, quantile: number): number {
  if (sample.count === 0) throw new RangeError('an empty sample has no percentiles');
  return sample.valueAtRank(nearestRank(quantile, sample.count));
}
