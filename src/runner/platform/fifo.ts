/**
 * A queue in a ring that is used again and again. Taking from the front of a plain array moves all the rest, and an array that is replaced by
 * a larger or smaller one leaves the old one behind, which keeps what stood in it from being collected for seconds.
 */
export class Fifo<T> {
  #ring: (T | undefined)[] = new Array<T | undefined>(16).fill(undefined);
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The entry this far from the front. */
  at(index: number): T | undefined {
    return index < this.#length ? this.#ring[this.#placeOf(index)] : undefined;
  }

  push(entry: T): void {
    this.insert(this.#length, entry);
  }

  /** Puts an entry this far from the front, 0 to `length`; quickest near the end. */
  insert(index: number, entry: T): void {
    if (this.#length === this.#ring.length) this.#grow();
    for (let at = this.#length; at > index; at -= 1) this.#ring[this.#placeOf(at)] = this.#ring[this.#placeOf(at - 1)];
    this.#ring[this.#placeOf(index)] = entry;
    this.#length += 1;
  }

  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const entry = this.#ring[this.#head];
    this.#ring[this.#head] = undefined;
    this.#head = this.#placeOf(1);
    this.#length -= 1;
    return entry;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index) as T;
  }

  /** Takes everything. */
  drain(): T[] {
    const entries = [...this];
    this.#ring.fill(undefined);
    this.#length = 0;
    return entries;
  }

  /** Its length is a power of two. */
  #placeOf(index: number): number {
    return (this.#head + index) & (this.#ring.length - 1);
  }

  #grow(): void {
    const entries = [...this];
    const before = this.#ring;
    this.#ring = new Array<T | undefined>(before.length * 2).fill(undefined);
    before.fill(undefined);
    this.#head = 0;
    entries.forEach((entry, at) => (this.#ring[at] = entry));
  }
}
