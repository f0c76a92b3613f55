/** Confidence interval of a mean: Student's t. */
import type { Interval } from '../../../contract/report.ts';
import { betaI } from './special-functions.ts';

/** mean ± t · s/√n with n − 1 degrees of freedom; no bounds below two values. */
export function meanInterval(mean: number, stddev: number | undefined, count: number): Interval {
  if (stddev === undefined || count < 2) return {};
  const half = (studentQuantile(0.975, count - 1) * stddev) / Math.sqrt(count);
  return { lower: mean - half, upper: mean + half };
}

/** Distribution function of Student's t. */
export function studentCdf(t: number, degrees: number): number {
  const tail = betaI(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** Its inverse, for probabilities in [0.5, 1). */
export function studentQuantile(probability: number, degrees: number): number {
  let low = 0;
  let high = 1;
  while (studentCdf(high, degrees) < probability) high *= 2;
  for (let step = 0; step < 80 && high - low > 1e-13 * high; step++) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, degrees) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
