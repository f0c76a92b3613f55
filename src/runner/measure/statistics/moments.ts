/** Count, mean, deviation, minimum and maximum of a stream of values, in constant memory (Welford; Chan et al. for merging). */
export class Moments {
  count = 0;
  mean = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  #squares = 0;

  add(value: number): void {
    this.count++;
    const fromOldMean = value - this.mean;
    this.mean += fromOldMean / this.count;
    this.#squares += fromOldMean * (value - this.mean);
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  merge(other: Moments): void {
    if (other.count === 0) return;
    const count = this.count + other.count;
    const apart = other.mean - this.mean;
    this.#squares += other.#squares + (apart * apart * this.count * other.count) / count;
    this.mean += (apart * other.count) / count;
    this.count = count;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
  }

  /** Sample standard deviation (n − 1). */
  get stddev(): number | undefined {
    return this.count < 2 ? undefined : Math.sqrt(this.#squares / (this.count - 1));
  }
}
