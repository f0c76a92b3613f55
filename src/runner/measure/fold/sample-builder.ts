/** Gathers the values of one metric in bounded memory: all of them while they are few, a histogram once they are many. */
import { CompactHistogram } from '../compact-histogram.ts';
import { Histogram } from '../histogram.ts';
import { ExactSample } from '../statistics/exact-sample.ts';

export class SampleBuilder {
  readonly #mostExact: number;
  readonly #create: () => Histogram | CompactHistogram;
  #values = new Float64Array(64);
  #count = 0;
  #histogram: Histogram | CompactHistogram | undefined;

  /**
   * @param mostExact Values kept exactly; one more, and they become a histogram.
   * @param precision `fine`: off by at most 0.05 %, in 100 kB. `coarse`: by at most 0.4 %, in one or two.
   */
  constructor(mostExact: number, precision: 'fine' | 'coarse' = 'fine') {
    this.#mostExact = mostExact;
    this.#create = precision === 'fine' ? () => new Histogram() : () => new CompactHistogram();
  }

  get count(): number {
    return this.#histogram?.count ?? this.#count;
  }

  add(value: number): void {
    if (this.#histogram !== undefined) return this.#histogram.record(value);
    if (this.#count === this.#mostExact) {
      this.#spill();
      return this.add(value);
    }
    if (this.#count === this.#values.length) {
      const grown = new Float64Array(Math.min(this.#mostExact, this.#values.length * 2));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#count++] = value;
  }

  /** Takes the values of another one over. */
  addAll(other: SampleBuilder): void {
    if (other.#histogram === undefined) {
      for (let index = 0; index < other.#count; index++) this.add(other.#values[index] as number);
      return;
    }
    if (this.#histogram === undefined) this.#spill();
    const [into, from] = [this.#histogram, other.#histogram];
    if (into instanceof Histogram && from instanceof Histogram) into.merge(from);
    else if (into instanceof CompactHistogram && from instanceof CompactHistogram) into.merge(from);
    else throw new Error('histograms of two precisions cannot be merged');
  }

  build(): ExactSample | Histogram | CompactHistogram {
    return this.#histogram ?? new ExactSample(this.#values.subarray(0, this.#count));
  }

  #spill(): void {
    this.#histogram = this.#create();
    for (let index = 0; index < this.#count; index++) this.#histogram.record(this.#values[index] as number);
    this.#values = new Float64Array(0);
    this.#count = 0;
  }
}
