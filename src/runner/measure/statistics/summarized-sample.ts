/** What every sample knows exactly, however it keeps its values. */
import { Moments } from './moments.ts';
import type { RankedSample } from './ranked-sample.ts';

export abstract class SummarizedSample implements RankedSample {
  abstract readonly method: RankedSample['method'];
  protected moments = new Moments();

  get count(): number {
    return this.moments.count;
  }
  get mean(): number {
    return this.moments.mean;
  }
  get stddev(): number | undefined {
    return this.moments.stddev;
  }
  get min(): number {
    return this.moments.min;
  }
  get max(): number {
    return this.moments.max;
  }

  abstract valueAtRank(rank: number): number;
}
