/** A mergeable histogram of bounded size with a relative error below 0.1 %, and exact count, mean, deviation, minimum and maximum beside it. */
import { build, type Histogram as Hdr } from 'hdr-histogram-js';
import { Moments } from './statistics/moments.ts';
import type { RankedSample } from './statistics/ranked-sample.ts';

/** Values are kept as integers of a thousandth of their unit: microseconds for milliseconds. */
const STEPS_PER_UNIT = 1000;

export class Histogram implements RankedSample {
  readonly method = 'histogram';
  /** Three significant digits: buckets at most 1/1024 of their value wide. The JS backend needs no `destroy`. */
  readonly #counts: Hdr = build({
    bitBucketSize: 32,
    autoResize: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 120_000 * STEPS_PER_UNIT,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
  #moments = new Moments();

  /** Negative values, which a monotonic clock cannot give, are taken as 0. */
  record(value: number): void {
    this.#counts.recordValue(Math.max(0, Math.round(value * STEPS_PER_UNIT)));
    this.#moments.add(value);
  }

  merge(other: Histogram): void {
    this.#counts.add(other.#counts);
    this.#moments.merge(other.#moments);
  }

  reset(): void {
    this.#counts.reset();
    this.#moments = new Moments();
  }

  get count(): number {
    return this.#moments.count;
  }
  get mean(): number {
    return this.#moments.mean;
  }
  get stddev(): number | undefined {
    return this.#moments.stddev;
  }
  get min(): number {
    return this.#moments.min;
  }
  get max(): number {
    return this.#moments.max;
  }

  /** Middle of the bucket that holds the value of this rank (1 = smallest). */
  valueAtRank(rank: number): number {
    if (rank <= 1) return this.min;
    if (rank >= this.count) return this.max;
    const highest = this.#counts.getValueAtPercentile(((rank - 0.5) / this.count) * 100);
    const bucketWidth = Math.max(1, 2 ** (Math.floor(Math.log2(Math.max(highest, 1))) - 10));
    const middle = (highest - (bucketWidth - 1) / 2) / STEPS_PER_UNIT;
    return Math.min(this.max, Math.max(this.min, middle));
  }
}
