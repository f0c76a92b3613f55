/**
 * Orthogonal arrays of strength 2: every pair of levels of every two factors meets, in far fewer points than all combinations.
 * Rao–Hamming construction over a Galois field of q elements: q^n rows, one column for each of the (q^n − 1)/(q − 1) points of
 * the projective space (Hedayat, Sloane, Stufken: Orthogonal Arrays, 1999, section 3.4). A factor with fewer than q levels takes a
 * column with some of its symbols made one.
 */
import type { Point } from './designs.ts';

/** `undefined` where all combinations are no more. */
export function orthogonalPoints(levelCounts: readonly number[]): Point[] | undefined {
  const all = levelCounts.reduce((product, levels) => product * levels, 1);
  const most = Math.max(...levelCounts, 2);
  const factors = levelCounts.filter((levels) => levels > 1).length;
  const field = smallestField(most);
  let dimension = 2;
  while ((field.size ** dimension - 1) / (field.size - 1) < factors) dimension++;
  if (factors < 2 || field.size ** dimension >= all) return undefined;
  const columns = projectivePoints(field.size, dimension);
  const rows = tuples(field.size, dimension);
  let used = 0;
  const column = levelCounts.map((levels) => (levels > 1 ? columns[used++] : undefined));
  const points = rows.map((row) =>
    levelCounts.map((levels, factor) => {
      const direction = column[factor];
      if (direction === undefined) return 0;
      const symbol = row.reduce((sum, digit, index) => field.add(sum, field.multiply(digit, direction[index] ?? 0)), 0);
      return symbol % levels;
    }),
  );
  return [...new Map(points.map((point) => [point.join(), point])).values()].sort(byLevels);
}

function byLevels(left: Point, right: Point): number {
  const different = left.findIndex((level, factor) => level !== right[factor]);
  return different < 0 ? 0 : (left[different] ?? 0) - (right[different] ?? 0);
}

interface Field {
  readonly size: number;
  add(left: number, right: number): number;
  multiply(left: number, right: number): number;
}

/** Coefficients of x^0, x^1, … of x^n modulo an irreducible polynomial over the integers modulo p. */
const REDUCTIONS: Readonly<Record<number, { readonly prime: number; readonly power: readonly number[] }>> = {
  4: { prime: 2, power: [1, 1] },
  8: { prime: 2, power: [1, 1, 0] },
  9: { prime: 3, power: [2, 0] },
  16: { prime: 2, power: [1, 1, 0, 0] },
};

/** The smallest field with at least so many elements: a prime, or one of the small powers of primes. */
function smallestField(atLeast: number): Field {
  let size = atLeast;
  while (!isPrime(size) && REDUCTIONS[size] === undefined) size++;
  const reduction = REDUCTIONS[size];
  if (reduction === undefined)
    return {
      size,
      add: (left, right) => (left + right) % size,
      multiply: (left, right) => (left * right) % size,
    };
  const { prime, power } = reduction;
  const digits = (element: number): number[] => power.map((_, index) => Math.floor(element / prime ** index) % prime);
  const element = (coefficients: readonly number[]): number =>
    coefficients.reduce((sum, digit, index) => sum + (digit % prime) * prime ** index, 0);
  const timesX = (coefficients: readonly number[]): number[] => {
    const overflow = coefficients.at(-1) ?? 0;
    return power.map((reduced, index) => ((coefficients[index - 1] ?? 0) + overflow * reduced) % prime);
  };
  const add = (left: readonly number[], right: readonly number[]): number[] =>
    left.map((digit, index) => (digit + (right[index] ?? 0)) % prime);
  return {
    size,
    add: (left, right) => element(add(digits(left), digits(right))),
    multiply(left, right) {
      let shifted = digits(left);
      let product = power.map(() => 0);
      for (const digit of digits(right)) {
        for (let times = 0; times < digit; times++) product = add(product, shifted);
        shifted = timesX(shifted);
      }
      return element(product);
    },
  };
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false;
  return number >= 2;
}

/** One vector for each line through the origin: those whose first non-zero entry is one. */
function projectivePoints(size: number, dimension: number): Point[] {
  return tuples(size, dimension).filter((vector) => vector.find((entry) => entry !== 0) === 1);
}

function tuples(size: number, dimension: number): Point[] {
  return Array.from({ length: size ** dimension }, (_, index) =>
    Array.from({ length: dimension }, (__, digit) => Math.floor(index / size ** (dimension - 1 - digit)) % size),
  );
}
