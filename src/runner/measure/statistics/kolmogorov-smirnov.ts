/** One-sample Kolmogorov–Smirnov test: are these values drawn from this law? */

export interface KolmogorovSmirnov {
  /** Greatest distance between the sample's distribution function and the law's, 0…1. */
  readonly distance: number;
  /** Two-sided probability of a distance at least as great if the law holds. */
  readonly pValue: number;
}

/** @param sorted Ascending. @param cdf Distribution function of a continuous law without fitted parameters. */
export function kolmogorovSmirnov(sorted: ArrayLike<number>, cdf: (value: number) => number): KolmogorovSmirnov {
  const count = sorted.length;
  let distance = 0;
  for (let index = 0; index < count; index++) {
    const expected = cdf(sorted[index] as number);
    distance = Math.max(distance, expected - index / count, (index + 1) / count - expected);
  }
  return { distance, pValue: kolmogorovPValue(distance, count) };
}

/** Above this many values the matrix power is replaced by the limit law with Vrbik's correction (error below 1e-4). */
const MOST_EXACT = 1_000;

/** P(D_n ≥ distance): exact by Durbin's matrix (Marsaglia, Tsang & Wang 2003) for moderate samples, their tail
 * formula, or the limit law with the correction of Vrbik (2018). */
export function kolmogorovPValue(distance: number, count: number): number {
  if (count === 0 || distance <= 0) return 1;
  if (distance >= 1) return 0;
  const s = distance * distance * count;
  if (s > 7.24 || (s > 3.76 && count > 99))
    return Math.min(1, 2 * Math.exp(-(2.000071 + 0.331 / Math.sqrt(count) + 1.409 / count) * s));
  return count <= MOST_EXACT ? 1 - durbin(distance, count) : limitPValue(distance, count);
}

function limitPValue(distance: number, count: number): number {
  const root = Math.sqrt(count);
  const x = root * distance;
  const lambda = x + 1 / (6 * root) + (x - 1) / (4 * count);
  if (lambda < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) {
    const term = Math.exp(-2 * k * k * lambda * lambda);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-18) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}

/** P(D_n < d): n!/nⁿ times an entry of H to the n-th power; powers of ten are carried apart so that nothing overflows. */
function durbin(distance: number, count: number): number {
  const k = Math.floor(count * distance) + 1;
  const h = k - count * distance;
  let power: Scaled = { matrix: identity(2 * k - 1), exponent: 0 };
  let square: Scaled = { matrix: durbinMatrix(k, h), exponent: 0 };
  for (let left = count; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power = multiply(power, square, k - 1);
    square = multiply(square, square, k - 1);
  }
  let value = power.matrix[k - 1]?.[k - 1] ?? 0;
  let { exponent } = power;
  for (let i = 1; i <= count; i++) {
    value = (value * i) / count;
    if (value < 1e-140) {
      value *= 1e140;
      exponent -= 140;
    }
  }
  return value * 10 ** exponent;
}

type Matrix = number[][];
interface Scaled {
  readonly matrix: Matrix;
  readonly exponent: number;
}

function durbinMatrix(k: number, h: number): Matrix {
  const size = 2 * k - 1;
  const matrix: Matrix = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_unused, column) => (row - column + 1 < 0 ? 0 : 1)),
  );
  const corner = matrix[size - 1] as number[];
  for (let i = 0; i < size; i++) {
    const row = matrix[i] as number[];
    row[0] = (row[0] ?? 0) - h ** (i + 1);
    corner[i] = (corner[i] ?? 0) - h ** (size - i);
  }
  corner[0] = (corner[0] ?? 0) + (2 * h - 1 > 0 ? (2 * h - 1) ** size : 0);
  for (const [i, row] of matrix.entries())
    for (let j = 0; j < size; j++) if (i - j + 1 > 0) for (let g = 1; g <= i - j + 1; g++) row[j] = (row[j] ?? 0) / g;
  return matrix;
}

function multiply(left: Scaled, right: Scaled, middle: number): Scaled {
  const size = left.matrix.length;
  let matrix = left.matrix.map((row) => {
    const sums = Array.from({ length: size }, () => 0);
    row.forEach((factor, k) => {
      if (factor === 0) return;
      const other = right.matrix[k] as number[];
      for (let j = 0; j < size; j++) sums[j] = (sums[j] as number) + factor * (other[j] as number);
    });
    return sums;
  });
  let exponent = left.exponent + right.exponent;
  if ((matrix[middle]?.[middle] ?? 0) > 1e140) {
    matrix = matrix.map((row) => row.map((value) => value * 1e-140));
    exponent += 140;
  }
  return { matrix, exponent };
}

function identity(size: number): Matrix {
  return Array.from({ length: size }, (_, row) => {
    const cells = Array.from({ length: size }, () => 0);
    cells[row] = 1;
    return cells;
  });
}
