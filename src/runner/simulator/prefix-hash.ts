/** Hashes of a sequence's full blocks, each over all tokens up to its end: two sequences with the same one begin alike. */

/** Continued from block to block; two lanes of 32 bits make collisions of a day's load unlikely. */
export class PrefixHash {
  readonly #blockTokens: number;
  readonly #hashes: number[] = [];
  #high = 0x9e3779b9 | 0;
  #low = 0x243f6a88;

  constructor(blockTokens: number) {
    this.#blockTokens = blockTokens;
  }

  /** Of the block with this index, 53 bits. Blocks before it are hashed first. */
  at(blockIndex: number, tokenAt: (position: number) => number): number {
    while (this.#hashes.length <= blockIndex) {
      const start = this.#hashes.length * this.#blockTokens;
      for (let position = start; position < start + this.#blockTokens; position += 1) this.#absorb(tokenAt(position));
      this.#hashes.push((this.#high >>> 0) * 2 ** 21 + (this.#low >>> 11));
    }
    return this.#hashes[blockIndex] as number;
  }

  /** MurmurHash3's mixing of one word, with another multiplier in each lane. */
  #absorb(token: number): void {
    this.#high = mix(this.#high, Math.imul(token, 0xcc9e2d51));
    this.#low = mix(this.#low, Math.imul(token, 0x1b873593) ^ 0x85ebca6b);
  }
}

function mix(lane: number, word: number): number {
  const mixed = lane ^ ((word << 15) | (word >>> 17));
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}
