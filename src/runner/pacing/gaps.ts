/** Gaps between arrivals of a process with one arrival per unit of its own time. A rate profile stretches that time (rate-profile.ts). */
import { assertNever } from '../../contract/errors.ts';
import type { Arrivals } from '../../contract/plan.ts';
import type { Random } from '../platform/random.ts';

/** Draws one gap after the other, of mean 1. */
export function createGaps(arrivals: Arrivals, random: Random): () => number {
  switch (arrivals.kind) {
    case 'constant':
      return () => 1;
    case 'poisson':
      return () => sampleExponential(random);
    case 'gamma':
      return () => sampleGamma(arrivals.burstiness, random) / arrivals.burstiness;
    default:
      return assertNever(arrivals, 'arrivals');
  }
}

/** Where in the first unit the first arrival lies: half a gap where gaps are even, so that n units hold n arrivals; else one gap. */
export function firstGap(arrivals: Arrivals, nextGap: () => number): number {
  return arrivals.kind === 'constant' ? 0.5 : nextGap();
}

function sampleExponential(random: Random): number {
  return -Math.log(1 - random());
}

/** Gamma of this shape and scale 1, after Marsaglia and Tsang (2000); shapes below 1 by Stuart's theorem from shape + 1. */
function sampleGamma(shape: number, random: Random): number {
  if (shape < 1) return sampleGamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = sampleStandardNormal(random);
    const v = (1 + c * normal) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - random()) < 0.5 * normal * normal + d - d * v + d * Math.log(v)) return d * v;
  }
}

function sampleStandardNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}
