/**
 * Which part of a mix each number comes from. Numbers are dealt a hundred at a time: each hundred has the parts by their weights, in an
 * order drawn from the seed. So the part of a number, and how many of that part came before it, are known without going through all
 * numbers before it (docs/adr/0069-a-mix-is-dealt-by-the-hundred.md).
 */
import { createRandom } from '../platform/random.ts';

export interface MixPlace {
  /** Index of the part. */
  readonly part: number;
  /** How many smaller numbers come from the same part. */
  readonly number: number;
}

/** @param index From 0 to 2 ** 40. */
export type MixOrder = (index: number) => MixPlace;

const DEAL = 100;

/** @param weights One for each part, at least 0, not all 0. */
export function createMixOrder(weights: readonly number[], seed: number): MixOrder {
  const countsBefore = createCounts(weights, seed);
  let dealt: { readonly deal: number; readonly places: readonly MixPlace[] } | undefined;
  const placesOf = (deal: number): readonly MixPlace[] => {
    const before = countsBefore(deal * DEAL);
    const after = countsBefore((deal + 1) * DEAL);
    const parts = before.flatMap((count, part) => Array<number>((after[part] as number) - count).fill(part));
    shuffle(parts, createRandom(seed, 'mix', deal));
    return parts.map((part) => ({ part, number: (before[part] as number)++ }));
  };
  return (index) => {
    const deal = Math.floor(index / DEAL);
    if (dealt?.deal !== deal) dealt = { deal, places: placesOf(deal) };
    return dealt.places[index - deal * DEAL] as MixPlace;
  };
}

/**
 * How many of the first `total` numbers come from each part: the first part takes its share of all, the second its share of the rest, and
 * so on, so that no count ever falls and together they are `total`. Where a share is no whole number, the seed says when it rounds up.
 */
function createCounts(weights: readonly number[], seed: number): (total: number) => number[] {
  const shares = weights.map((weight, part) => {
    const rest = weights.slice(part).reduceRight((sum, each) => sum + each, 0);
    return weight === 0 ? 0 : weight / rest;
  });
  const roundings = weights.map((_, part) => createRandom(seed, 'mix-rounding', part)());
  return (total) => {
    let left = total;
    return shares.map((share, part) => {
      const count = share === 1 ? left : Math.floor(left * share + (roundings[part] as number));
      left -= count;
      return count;
    });
  };
}

/** Fisher–Yates. */
function shuffle(values: number[], random: () => number): void {
  for (let last = values.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [values[last], values[other]] = [values[other] as number, values[last] as number];
  }
}
