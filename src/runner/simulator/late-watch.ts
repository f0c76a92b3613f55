/** How late the simulator was, since its beginning and for each of those who watch it: a run counts from its own first question on. */
import { Histogram } from '../measure/histogram.ts';
import { readLateness, type Lateness } from './lateness.ts';

/** Whoever has not asked for longest is forgotten when more than these watch. */
const MOST_WATCHES = 8;

export interface LatenessQuestion {
  /** Name of a watch, begun with its first question. Absent: since the beginning. */
  readonly watch?: string;
  /** Count anew from now on. */
  readonly reset?: boolean;
}

export class LateWatch {
  readonly #all = new Histogram();
  readonly #watches = new Map<string, Histogram>();

  record(lateMs: number): void {
    this.#all.record(lateMs);
    for (const histogram of this.#watches.values()) histogram.record(lateMs);
  }

  read({ watch, reset = false }: LatenessQuestion = {}): Lateness {
    const histogram = watch === undefined ? this.#all : this.#watchOf(watch);
    const lateness = readLateness(histogram);
    if (reset) histogram.reset();
    return lateness;
  }

  #watchOf(name: string): Histogram {
    const histogram = this.#watches.get(name) ?? new Histogram('coarse');
    this.#watches.delete(name);
    this.#watches.set(name, histogram);
    for (const oldest of this.#watches.keys()) if (this.#watches.size > MOST_WATCHES) this.#watches.delete(oldest);
    return histogram;
  }
}
