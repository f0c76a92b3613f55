/** A sample of which every value is kept. */
import { SummarizedSample } from './summarized-sample.ts';

export class ExactSample extends SummarizedSample {
  readonly method = 'exact';
  /** Ascending. */
  readonly sorted: Float64Array;

  constructor(values: Float64Array | readonly number[]) {
    super();
    for (const value of values) this.moments.add(value);
    this.sorted = Float64Array.from(values).sort();
  }

  valueAtRank(rank: number): number {
    return this.sorted[rank - 1] as number;
  }
}
