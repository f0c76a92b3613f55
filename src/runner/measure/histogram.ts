/** A mergeable histogram of bounded size, with exact count, mean, deviation, minimum and maximum beside it. */
import { build, type Histogram as Hdr } from 'hdr-histogram-js';
import { Moments } from './statistics/moments.ts';
import { SummarizedSample } from './statistics/summarized-sample.ts';

/** Values are kept as integers of a thousandth of their unit: microseconds for milliseconds. */
const STEPS_PER_UNIT = 1000;

export class Histogram extends SummarizedSample {
  readonly method = 'histogram';
  readonly #counts: Hdr;
  /** log₂ of how many buckets lie between a value and its double. */
  readonly #bucketBits: number;

  /** @param precision `fine`: values are off by at most 0.05 % (100 kB). `coarse`: by at most 0.4 % (10 kB). */
  constructor(precision: 'fine' | 'coarse' = 'fine') {
    super();
    this.#bucketBits = precision === 'fine' ? 10 : 7;
    // The JS backend: unlike WebAssembly's it needs no `destroy`.
    this.#counts = build({
      bitBucketSize: 32,
      autoResize: true,
      lowestDiscernibleValue: 1,
      highestTrackableValue: 120_000 * STEPS_PER_UNIT,
      numberOfSignificantValueDigits: precision === 'fine' ? 3 : 2,
      useWebAssembly: false,
    });
  }

  /** Negative values, which a monotonic clock cannot give, are taken as 0. */
  record(value: number): void {
    this.#counts.recordValue(Math.max(0, Math.round(value * STEPS_PER_UNIT)));
    this.moments.add(value);
  }

  merge(other: Histogram): void {
    this.#counts.add(other.#counts);
    this.moments.merge(other.moments);
  }

  reset(): void {
    this.#counts.reset();
    this.moments = new Moments();
  }

  /** Middle of the bucket that holds the value of this rank (1 = smallest). */
  valueAtRank(rank: number): number {
    if (rank <= 1) return this.min;
    if (rank >= this.count) return this.max;
    const highest = this.#counts.getValueAtPercentile(((rank - 0.5) / this.count) * 100);
    const bucketWidth = Math.max(1, 2 ** (Math.floor(Math.log2(Math.max(highest, 1))) - this.#bucketBits));
    const middle = (highest - (bucketWidth - 1) / 2) / STEPS_PER_UNIT;
    return Math.min(this.max, Math.max(this.min, middle));
  }
}
