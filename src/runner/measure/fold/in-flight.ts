/** How many requests were in flight at each moment of the run: time-weighted mean and peak of any part of it. */

/** Up to this many requests every change is kept; beyond it changes are gathered in ticks, and what comes and goes within one is not seen. */
const MOST_EXACT = 250_000;
const MOST_TICKS = 1 << 20;

export class InFlight {
  /** Times of changes, ascending, and the number in flight from each on. */
  readonly #times: Float64Array;
  readonly #levels: Int32Array;
  /** Integral of the number in flight up to each change, request-ms. */
  readonly #areas: Float64Array;

  constructor(times: Float64Array, levels: Int32Array) {
    this.#times = times;
    this.#levels = levels;
    this.#areas = new Float64Array(times.length);
    for (let index = 1; index < times.length; index++)
      this.#areas[index] =
        (this.#areas[index - 1] as number) +
        (levels[index - 1] as number) * ((times[index] as number) - (times[index - 1] as number));
  }

  /** Time-weighted mean between two moments. */
  meanIn(fromMs: number, toMs: number): number {
    return toMs > fromMs ? (this.#areaUntil(toMs) - this.#areaUntil(fromMs)) / (toMs - fromMs) : 0;
  }

  peakIn(fromMs: number, toMs: number): number {
    let peak = this.#levelAt(this.#lastChangeAt(fromMs));
    for (let index = this.#lastChangeAt(fromMs) + 1; index < this.#times.length; index++) {
      if ((this.#times[index] as number) >= toMs) break;
      peak = Math.max(peak, this.#levels[index] as number);
    }
    return peak;
  }

  #areaUntil(atMs: number): number {
    const index = this.#lastChangeAt(atMs);
    return index < 0
      ? 0
      : (this.#areas[index] as number) + this.#levelAt(index) * (atMs - (this.#times[index] as number));
  }

  #levelAt(index: number): number {
    return index < 0 ? 0 : (this.#levels[index] as number);
  }

  /** Index of the last change at or before a moment; −1: none. */
  #lastChangeAt(atMs: number): number {
    let low = -1;
    let high = this.#times.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#times[middle] as number) <= atMs) low = middle;
      else high = middle;
    }
    return low;
  }
}

export class InFlightBuilder {
  #starts: number[] = [];
  #ends: number[] = [];
  #ticks: { widthMs: number; begun: Int32Array; ended: Int32Array } | undefined;

  add(startMs: number, endMs: number): void {
    if (!(endMs >= startMs) || startMs < 0) return;
    if (this.#ticks !== undefined) return this.#tick(startMs, endMs);
    this.#starts.push(startMs);
    this.#ends.push(endMs);
    if (this.#starts.length > MOST_EXACT) this.#coarsen();
  }

  build(): InFlight {
    return this.#ticks === undefined ? this.#buildExact() : this.#buildTicked(this.#ticks);
  }

  /** At the same microsecond the slot is given back before it is taken again. */
  #buildExact(): InFlight {
    const starts = Float64Array.from(this.#starts).sort();
    const ends = Float64Array.from(this.#ends).sort();
    const times = new Float64Array(starts.length * 2);
    const levels = new Int32Array(times.length);
    let level = 0;
    for (let index = 0, started = 0, ended = 0; index < times.length; index++) {
      const isEnd = started === starts.length || (ends[ended] as number) <= (starts[started] as number);
      // A request without duration begins before it ends.
      const takesEnd = isEnd && ended < started;
      times[index] = (takesEnd ? ends[ended++] : starts[started++]) as number;
      levels[index] = level += takesEnd ? -1 : 1;
    }
    return new InFlight(times, levels);
  }

  #buildTicked({ widthMs, begun, ended }: { widthMs: number; begun: Int32Array; ended: Int32Array }): InFlight {
    const times: number[] = [];
    const levels: number[] = [];
    let level = 0;
    for (let tick = 0; tick < begun.length; tick++) {
      const change = (begun[tick] as number) - (ended[tick] as number);
      if (change === 0) continue;
      times.push(tick * widthMs);
      levels.push((level += change));
    }
    return new InFlight(Float64Array.from(times), Int32Array.from(levels));
  }

  #coarsen(): void {
    this.#ticks = { widthMs: 1, begun: new Int32Array(MOST_TICKS), ended: new Int32Array(MOST_TICKS) };
    this.#starts.forEach((startMs, index) => this.#tick(startMs, this.#ends[index] as number));
    this.#starts = [];
    this.#ends = [];
  }

  #tick(startMs: number, endMs: number): void {
    const ticks = this.#ticks as { widthMs: number; begun: Int32Array; ended: Int32Array };
    while (endMs / ticks.widthMs >= MOST_TICKS) {
      ticks.begun = halved(ticks.begun);
      ticks.ended = halved(ticks.ended);
      ticks.widthMs *= 2;
    }
    const [begun, ended] = [Math.floor(startMs / ticks.widthMs), Math.floor(endMs / ticks.widthMs)];
    ticks.begun[begun] = (ticks.begun[begun] as number) + 1;
    ticks.ended[ended] = (ticks.ended[ended] as number) + 1;
  }
}

function halved(counts: Int32Array): Int32Array {
  const half = new Int32Array(counts.length);
  for (let index = 0; index < counts.length; index++)
    half[index >> 1] = (half[index >> 1] as number) + (counts[index] as number);
  return half;
}
