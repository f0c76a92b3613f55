/** How regular arrivals are, for a declared law without spread, against which Kolmogorov–Smirnov has nothing to compare. */
import { gammaQ } from './special-functions.ts';
import { Moments } from './moments.ts';

export interface Dispersion {
  /** Variance of the gaps relative to that of random (Poisson) arrivals of the same rate: 0 for constant, 1 for Poisson. */
  readonly ratio: number;
  /** Probability of a ratio at least as great if arrivals were `tolerated` times as dispersed as Poisson ones. */
  readonly pValue: number;
}

/** A quarter of Poisson's variance: timer jitter stays far below, exponential gaps lie far above. */
const TOLERATED = 0.25;

/**
 * Variance test: (k − 1)·ratio/tolerated against chi-square with k − 1 degrees of freedom.
 *
 * @param times Ascending. @param arrivalsPerGap Arrivals pooled into one gap, so that a gap is long against the timer's resolution.
 */
export function dispersionTest(times: ArrayLike<number>, arrivalsPerGap: number): Dispersion | undefined {
  const gaps = new Moments();
  for (let index = arrivalsPerGap; index < times.length; index += arrivalsPerGap)
    gaps.add((times[index] as number) - (times[index - arrivalsPerGap] as number));
  const deviation = gaps.stddev;
  if (deviation === undefined || !(gaps.mean > 0)) return undefined;
  const ratio = (arrivalsPerGap * deviation * deviation) / (gaps.mean * gaps.mean);
  const degrees = gaps.count - 1;
  return { ratio, pValue: gammaQ(degrees / 2, (degrees * ratio) / TOLERATED / 2) };
}
