/** How the values of a metric are spread, small enough to put into a report: equal bins for a histogram, quantiles for a distribution function. */
import type { DistributionTable } from '../../../contract/report.ts';
import { percentile, type RankedSample } from '../statistics/ranked-sample.ts';

const BINS = 50;
/** Bins end here, so that one far value does not press all others into the first bin. */
const LAST_QUANTILE = 0.995;
const QUANTILES = [0.001, 0.005, ...Array.from({ length: 99 }, (_, index) => (index + 1) / 100), 0.995, 0.999];

export function distributionTable(sample: RankedSample, unit: string): DistributionTable {
  const binWidth = roundUp((percentile(sample, LAST_QUANTILE) - sample.min) / BINS) || 1;
  const binStart = Math.floor(sample.min / binWidth) * binWidth;
  const counts: number[] = [];
  let below = 0;
  for (let bin = 1; below < sample.count && bin <= BINS + 1; bin++) {
    const upTo = countBelow(sample, binStart + bin * binWidth);
    counts.push(upTo - below);
    below = upTo;
  }
  return {
    unit,
    binStart,
    binWidth,
    counts,
    above: sample.count - below,
    quantiles: QUANTILES,
    values: QUANTILES.map((quantile) => percentile(sample, quantile)),
  };
}

/** Values below an edge. */
function countBelow(sample: RankedSample, edge: number): number {
  let low = 0;
  let high = sample.count + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (sample.valueAtRank(middle) < edge) low = middle;
    else high = middle;
  }
  return low;
}

/** To 1, 2 or 5 times a power of ten. */
function roundUp(width: number): number {
  if (!(width > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(width));
  return ([1, 2, 5].find((step) => step * power >= width) ?? 10) * power;
}
