/** A sample of which every value is kept. */
import { Moments } from './moments.ts';
import type { RankedSample } from './ranked-sample.ts';

export class ExactSample implements RankedSample {
  readonly method = 'exact';
  /** Ascending. */
  readonly sorted: Float64Array;
  readonly #moments = new Moments();

  constructor(values: Float64Array | readonly number[]) {
    for (const value of values) this.#moments.add(value);
    this.sorted = Float64Array.from(values).sort();
  }

  get count(): number {
    return this.sorted.length;
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

  valueAtRank(rank: number): number {
    return this.sorted[rank - 1] as number;
  }
}
