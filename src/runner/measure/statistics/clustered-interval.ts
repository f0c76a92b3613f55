/**
 * Confidence intervals for percentiles of pooled values that come in clusters: the gaps of one answer resemble each other, so a thousand
 * gaps of ten answers say less than a thousand gaps of a thousand answers, and an interval that takes them as independent is too narrow.
 */
import type { Interval } from '../../../contract/report.ts';
import { percentileRanks } from './percentile-interval.ts';
import type { RankedSample } from './ranked-sample.ts';
import { percentile } from './ranked-sample.ts';

/** Values in the order of their clusters: cluster `i` is `values[starts[i]] … values[starts[i + 1] − 1]`. */
export interface Clusters {
  readonly values: Float64Array;
  readonly starts: Uint32Array;
}

/**
 * Design effect of the clusters on the share of values at or below `threshold`: the variance of that share by clusters (ratio
 * estimator, linearised) over the variance independent values would have. 1: no effect; never below 1.
 */
export function designEffect({ values, starts }: Clusters, threshold: number): number {
  const clusters = starts.length;
  const count = values.length;
  if (clusters < 2) return count;
  let below = 0;
  for (const value of values) if (value <= threshold) below++;
  const share = below / count;
  const variance = (share * (1 - share)) / count;
  if (variance === 0) return 1;
  let squares = 0;
  for (let cluster = 0; cluster < clusters; cluster++) {
    const from = starts[cluster] as number;
    const to = starts[cluster + 1] ?? count;
    let residual = -share * (to - from);
    for (let index = from; index < to; index++) if ((values[index] as number) <= threshold) residual++;
    squares += residual * residual;
  }
  const clustered = ((clusters / (clusters - 1)) * squares) / (count * count);
  return Math.max(1, clustered / variance);
}

/**
 * 95 % interval of a percentile of clustered values: the order-statistic interval of a sample that is smaller by the design effect
 * (Woodruff's interval with an effective sample size, as Korn and Graubard do for shares).
 *
 * @param clusters Clusters to learn the design effect from: all, or the first of a sample too large to keep.
 */
export function clusteredPercentileInterval(sample: RankedSample, quantile: number, clusters: Clusters): Interval {
  const effect = designEffect(clusters, percentile(sample, quantile));
  const effective = Math.floor(sample.count / effect);
  const { lower, upper } = percentileRanks(quantile, effective);
  const rankOf = (rank: number): number =>
    Math.min(sample.count, Math.max(1, Math.round((rank / effective) * sample.count)));
  return {
    ...(lower === undefined ? {} : { lower: sample.valueAtRank(rankOf(lower)) }),
    ...(upper === undefined ? {} : { upper: sample.valueAtRank(rankOf(upper)) }),
  };
}
