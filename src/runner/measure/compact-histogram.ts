/**
 * A histogram that takes as much room as its values spread, not as they might: for the thousands of bins of a series, each with a few octaves
 * of values. 128 buckets between a value and its double, so values are off by at most 0.4 %.
 */
import { SummarizedSample } from './statistics/summarized-sample.ts';

/** Values are told apart by a thousandth of their unit: microseconds for milliseconds. */
const STEPS_PER_UNIT = 1000;
const BUCKET_BITS = 7;
const BUCKETS_PER_OCTAVE = 2 ** BUCKET_BITS;
/** Room beyond the values seen, on the side they grow to. */
const SPARE_BUCKETS = 32;

export class CompactHistogram extends SummarizedSample {
  readonly method = 'histogram';
  /** Counts of buckets `#first` and following. */
  #counts = new Uint32Array(0);
  #first = 0;

  /** Negative values, which a monotonic clock cannot give, are taken as 0. */
  record(value: number): void {
    const bucket = bucketOf(Math.max(0, Math.round(value * STEPS_PER_UNIT)));
    this.#cover(bucket, bucket);
    this.#counts[bucket - this.#first] = (this.#counts[bucket - this.#first] as number) + 1;
    this.moments.add(value);
  }

  merge(other: CompactHistogram): void {
    if (other.count === 0) return;
    this.#cover(other.#first, other.#first + other.#counts.length - 1);
    const offset = other.#first - this.#first;
    other.#counts.forEach((count, index) => {
      this.#counts[offset + index] = (this.#counts[offset + index] as number) + count;
    });
    this.moments.merge(other.moments);
  }

  /** Middle of the bucket that holds the value of this rank (1 = smallest). */
  valueAtRank(rank: number): number {
    if (rank <= 1) return this.min;
    if (rank >= this.count) return this.max;
    let below = 0;
    let index = 0;
    while (index < this.#counts.length && below + (this.#counts[index] as number) < rank)
      below += this.#counts[index++] as number;
    return Math.min(this.max, Math.max(this.min, middleOf(this.#first + index) / STEPS_PER_UNIT));
  }

  #cover(from: number, to: number): void {
    const end = this.#first + this.#counts.length;
    if (this.#counts.length > 0 && from >= this.#first && to < end) return;
    const isEmpty = this.#counts.length === 0;
    const first = isEmpty || from >= this.#first ? (isEmpty ? from : this.#first) : Math.max(0, from - SPARE_BUCKETS);
    const grown = new Uint32Array(Math.max(isEmpty ? 0 : end, to + 1 + SPARE_BUCKETS) - first);
    if (!isEmpty) grown.set(this.#counts, this.#first - first);
    this.#counts = grown;
    this.#first = first;
  }
}

/** Below 128 steps each has a bucket of its own. */
function bucketOf(steps: number): number {
  if (steps < BUCKETS_PER_OCTAVE) return steps;
  const octave = Math.floor(Math.log2(steps)) - BUCKET_BITS;
  return octave * BUCKETS_PER_OCTAVE + Math.floor(steps / 2 ** octave);
}

/** In steps. */
function middleOf(bucket: number): number {
  if (bucket < BUCKETS_PER_OCTAVE) return bucket;
  const octave = Math.floor(bucket / BUCKETS_PER_OCTAVE) - 1;
  const lowest = (bucket - octave * BUCKETS_PER_OCTAVE) * 2 ** octave;
  return lowest + (2 ** octave - 1) / 2;
}
