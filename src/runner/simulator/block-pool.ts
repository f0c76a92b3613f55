/**
 * The KV cache of a simulated engine: blocks of equal size. A full block may be known by the hash of everything up to its end, and is then
 * found by requests that begin with the same tokens. A block nobody uses keeps its content until it is needed; the one that has not been used
 * for longest goes first.
 */

/** Fewer than 2^31 blocks; the entry after the last one is both ends of the list of free blocks. */
export class BlockPool {
  readonly count: number;
  #free: number;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #uses: Int32Array;
  readonly #hashes: (number | undefined)[];
  readonly #byHash = new Map<number, number>();

  constructor(count: number) {
    this.count = count;
    this.#free = count;
    this.#next = Int32Array.from({ length: count + 1 }, (_, index) => (index === count ? 0 : index + 1));
    this.#previous = Int32Array.from({ length: count + 1 }, (_, index) => (index === 0 ? count : index - 1));
    this.#uses = new Int32Array(count);
    this.#hashes = Array.from({ length: count });
  }

  /** Blocks that nobody uses, whether or not they hold something known. */
  get free(): number {
    return this.#free;
  }

  get usageRatio(): number {
    return 1 - this.#free / this.count;
  }

  /** A block with unknown content, used once; `undefined` if none is free. */
  allocate(): number | undefined {
    const block = this.#next[this.count] as number;
    if (block === this.count) return undefined;
    this.#unlink(block);
    this.#uses[block] = 1;
    const hash = this.#hashes[block];
    if (hash !== undefined) this.#byHash.delete(hash);
    this.#hashes[block] = undefined;
    return block;
  }

  /** One use fewer; a block without any is the last to be needed by somebody else. */
  release(block: number): void {
    const uses = (this.#uses[block] as number) - 1;
    this.#uses[block] = uses;
    if (uses === 0) this.#append(block);
  }

  find(hash: number): number | undefined {
    return this.#byHash.get(hash);
  }

  isFree(block: number): boolean {
    return this.#uses[block] === 0;
  }

  /** One use more of a block that was found. */
  share(block: number): void {
    if (this.#uses[block] === 0) this.#unlink(block);
    this.#uses[block] = (this.#uses[block] as number) + 1;
  }

  /** The block is full and its content known. The first one with a content stays the one that is found. */
  publish(block: number, hash: number): void {
    if (this.#byHash.has(hash) || this.#hashes[block] !== undefined) return;
    this.#hashes[block] = hash;
    this.#byHash.set(hash, block);
  }

  #unlink(block: number): void {
    const next = this.#next[block] as number;
    const previous = this.#previous[block] as number;
    this.#next[previous] = next;
    this.#previous[next] = previous;
    this.#free -= 1;
  }

  #append(block: number): void {
    const last = this.#previous[this.count] as number;
    this.#next[last] = block;
    this.#previous[block] = last;
    this.#next[block] = this.count;
    this.#previous[this.count] = block;
    this.#free += 1;
  }
}
