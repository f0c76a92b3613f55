/** Keeps the first answers' gaps, answer by answer, to learn how alike the gaps of one answer are. */
import type { Clusters } from '../statistics/clustered-interval.ts';

export class ClusterBuilder {
  readonly #mostValues: number;
  readonly #values: number[] = [];
  readonly #starts: number[] = [];

  constructor(mostValues: number) {
    this.#mostValues = mostValues;
  }

  add(cluster: readonly number[] | Float64Array): void {
    if (cluster.length === 0 || this.#values.length + cluster.length > this.#mostValues) return;
    this.#starts.push(this.#values.length);
    for (const value of cluster) this.#values.push(value);
  }

  build(): Clusters {
    return { values: Float64Array.from(this.#values), starts: Uint32Array.from(this.#starts) };
  }
}
