/**
 * Random numbers that depend on nothing but a seed and a path: `createRandom(seed, 'prompt', 17)` gives the same sequence in every
 * thread and every run, and sequences of different paths have nothing to do with each other.
 */
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import type { Distribution } from '../../contract/distribution.ts';

/** Uniform in [0, 1), 53 bits. */
export type Random = () => number;

export function createRandom(seed: number, ...path: readonly (number | string)[]): Random {
  const hash = new PathHash();
  hash.absorb(seed);
  for (const part of path) hash.absorb(part);
  const generator = xoroshiro128plusFromState(hash.finish());
  return () => uniformFloat64(generator);
}

/** One draw. Not clamped: a normal distribution may give values below zero. */
export function sampleDistribution(distribution: Distribution, random: Random): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return distribution.min + (distribution.max - distribution.min) * random();
    case 'normal':
      return distribution.mean + distribution.stddev * sampleStandardNormal(random);
    case 'lognormal':
      return Math.exp(distribution.mu + distribution.sigma * sampleStandardNormal(random));
    case 'exponential':
      return -distribution.mean * Math.log(1 - random());
  }
}

/** One draw of something counted, at least `minimum`. Both ends of a uniform distribution are as likely as what lies between. */
export function sampleWhole(distribution: Distribution, random: Random, minimum = 0): number {
  const value =
    distribution.kind === 'uniform'
      ? Math.floor(sampleDistribution({ ...distribution, max: distribution.max + 1 }, random))
      : Math.round(sampleDistribution(distribution, random));
  return Math.max(minimum, value);
}

/** Box–Muller; the second value is given up, so that a draw always takes two numbers. */
function sampleStandardNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

/**
 * MurmurHash3 (32 bit) in four lanes at once, without a list of the words in between: one is made for every prompt. Paths that differ
 * in one word only never meet in a lane.
 */
class PathHash {
  #lane0 = 0x9e3779b9 | 0;
  #lane1 = 0x243f6a88;
  #lane2 = 0xb7e15162 | 0;
  #lane3 = 0x6a09e667;
  #words = 0;

  absorb(part: number | string): void {
    if (typeof part === 'number') {
      this.#absorbWord(part | 0);
      this.#absorbWord(Math.floor(part / 2 ** 32) | 0);
      return;
    }
    this.#absorbWord(part.length);
    for (let index = 0; index < part.length; index += 1) this.#absorbWord(part.charCodeAt(index));
  }

  finish(): readonly number[] {
    const length = this.#words * 4;
    return [this.#lane0, this.#lane1, this.#lane2, this.#lane3].map((lane) => avalanche(lane ^ length));
  }

  #absorbWord(word: number): void {
    const mixed = Math.imul(rotateLeft(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
    this.#lane0 = stir(this.#lane0, mixed);
    this.#lane1 = stir(this.#lane1, mixed);
    this.#lane2 = stir(this.#lane2, mixed);
    this.#lane3 = stir(this.#lane3, mixed);
    this.#words += 1;
  }
}

function stir(lane: number, mixed: number): number {
  return (Math.imul(rotateLeft(lane ^ mixed, 13), 5) + 0xe6546b64) | 0;
}

function avalanche(lane: number): number {
  let hash = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
