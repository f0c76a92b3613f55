/** A queue that stays fast when it grows long: taking from the front of a long array moves all the rest. */
export class Fifo<T> {
  #entries: T[] = [];
  #head = 0;

  get length(): number {
    return this.#entries.length - this.#head;
  }

  /** The entry this far from the front. */
  at(index: number): T | undefined {
    return this.#entries[this.#head + index];
  }

  push(entry: T): void {
    this.#entries.push(entry);
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const entry = this.#entries[this.#head];
    this.#head += 1;
    if (this.#head >= 1024 && this.#head * 2 >= this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    return entry;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index) as T;
  }

  /** Takes everything. */
  drain(): T[] {
    const entries = this.#entries.slice(this.#head);
    this.#entries = [];
    this.#head = 0;
    return entries;
  }
}
