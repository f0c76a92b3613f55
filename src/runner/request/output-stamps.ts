/** When each output read of one answer came; taken from and given back to a pool, so that streaming allocates nothing. */

/** More output reads than any answer has: beyond it the server streams without end. */
export const MAX_OUTPUT_READS = 1 << 20;

export class OutputStamps {
  count = 0;
  private values = new Float64Array(256);

  /** False when the answer has too many. */
  push(atMs: number): boolean {
    if (this.count === this.values.length) {
      if (this.count >= MAX_OUTPUT_READS) return false;
      const grown = new Float64Array(this.count * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.count] = atMs;
    this.count += 1;
    return true;
  }

  get firstMs(): number | undefined {
    return this.count === 0 ? undefined : this.values[0];
  }

  get lastMs(): number | undefined {
    return this.count === 0 ? undefined : this.values[this.count - 1];
  }

  /** Gaps between neighbours. Each is a difference of rounded stamps, so that they add up to the rounded whole. */
  gapsMs(): readonly number[] {
    // Of its length at once: an array that grows leaves a trail of its smaller selves.
    const gaps = new Array<number>(Math.max(0, this.count - 1));
    let beforeUs = roundToUs(this.values[0] ?? 0);
    for (let at = 1; at < this.count; at += 1) {
      const stampUs = roundToUs(this.values[at] as number);
      gaps[at - 1] = (stampUs - beforeUs) / 1000;
      beforeUs = stampUs;
    }
    return gaps;
  }

  clear(): void {
    this.count = 0;
    // One long answer must not keep its memory for the rest of the run.
    if (this.values.length > 16_384) this.values = new Float64Array(256);
  }
}

function roundToUs(ms: number): number {
  return Math.round(ms * 1000);
}

/** To the microsecond, as the record has it. */
export function roundMs(ms: number): number {
  return roundToUs(ms) / 1000;
}
