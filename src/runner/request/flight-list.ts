/**
 * Who is in flight, in no order. A `Set` that many come to and go from is rebuilt all the time, and each table that it leaves behind keeps who
 * stood in it from being collected for seconds; this one is never rebuilt once it is long enough.
 */
export interface Placed {
  /** Where it stands in its list; the list's own business. */
  place: number;
}

/** Of one that stands in no list. */
export const NO_PLACE = -1;

export class FlightList<T extends Placed> {
  #entries: (T | undefined)[] = new Array<T | undefined>(64).fill(undefined);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(entry: T): void {
    if (this.#size === this.#entries.length) this.#grow();
    entry.place = this.#size;
    this.#entries[this.#size] = entry;
    this.#size += 1;
  }

  /** No effect for one that is not in it. */
  delete(entry: T): void {
    const { place } = entry;
    if (place === NO_PLACE) return;
    this.#size -= 1;
    const last = this.#entries[this.#size] as T;
    last.place = place;
    this.#entries[place] = last;
    this.#entries[this.#size] = undefined;
    entry.place = NO_PLACE;
  }

  /** Who comes or goes meanwhile may be left out: take a copy first where that matters. */
  *[Symbol.iterator](): Iterator<T> {
    for (let at = 0; at < this.#size; at += 1) yield this.#entries[at] as T;
  }

  #grow(): void {
    const before = this.#entries;
    this.#entries = new Array<T | undefined>(before.length * 2).fill(undefined);
    for (const [at, entry] of before.entries()) this.#entries[at] = entry;
    before.fill(undefined);
  }
}
