/**
 * Rate profiles as a change of time: arrival number n of a unit-rate process is due where the profile's integral reaches n.
 * So every profile works with every kind of arrivals, and "constant" under a ramp is a ramp without noise.
 */
import { expectedRequests } from '../../contract/describe-plan.ts';
import { assertNever } from '../../contract/errors.ts';
import type { RateProfile } from '../../contract/plan.ts';

/** Rate at this moment of a stage of this length. */
export function rateAt(rate: RateProfile, atMs: number, durationMs: number): number {
  switch (rate.kind) {
    case 'flat':
      return rate.ratePerSecond;
    case 'ramp':
      return rate.fromPerSecond + (rate.toPerSecond - rate.fromPerSecond) * Math.min(1, atMs / durationMs);
    case 'spikes':
      return atMs % rate.everyMs < rate.spikeMs ? rate.spikePerSecond : rate.basePerSecond;
    case 'sine': {
      const middle = (rate.minPerSecond + rate.maxPerSecond) / 2;
      const amplitude = (rate.maxPerSecond - rate.minPerSecond) / 2;
      return middle - amplitude * Math.cos((2 * Math.PI * atMs) / rate.periodMs);
    }
    default:
      return assertNever(rate, 'rate profile');
  }
}

/**
 * How many requests a stage asks for until a moment of it: the integral of its rate.
 *
 * @param atMs Since the stage began. @param durationMs Of the whole stage: what a ramp stretches over.
 */
export function expectedUntil(rate: RateProfile, atMs: number, durationMs: number): number {
  if (rate.kind !== 'ramp') return expectedRequests(rate, atMs);
  const slopePerMs = (rate.toPerSecond - rate.fromPerSecond) / durationMs;
  return (rate.fromPerSecond * atMs + (slopePerMs * atMs * atMs) / 2) / 1000;
}

/** How long a stage of this profile lasts that ends after so many expected requests. A ramp stretches over all of them. */
export function durationForRequests(rate: RateProfile, requests: number): number {
  if (rate.kind === 'ramp') return (requests / ((rate.fromPerSecond + rate.toPerSecond) / 2)) * 1000;
  return createTimeOfCount(rate, 0)(requests);
}

/**
 * The inverse of the profile's integral: when so many requests are expected, in ms since the stage began.
 * Infinity where the profile never gets there.
 */
export function createTimeOfCount(rate: RateProfile, durationMs: number): (count: number) => number {
  switch (rate.kind) {
    case 'flat':
      return (count) => (count / rate.ratePerSecond) * 1000;
    case 'ramp':
      return (count) => timeOnRamp(rate.fromPerSecond / 1000, rate.toPerSecond / 1000, durationMs, count);
    case 'spikes':
      return periodic(rate.everyMs, expectedRequests(rate, rate.everyMs), (count) => {
        const inSpike = (rate.spikePerSecond * rate.spikeMs) / 1000;
        return count <= inSpike && rate.spikePerSecond > 0
          ? (count / rate.spikePerSecond) * 1000
          : rate.spikeMs + ((count - inSpike) / rate.basePerSecond) * 1000;
      });
    case 'sine':
      return periodic(rate.periodMs, expectedRequests(rate, rate.periodMs), (count) =>
        solveIncreasing(count, rate.periodMs, (atMs) => expectedRequests(rate, atMs)),
      );
    default:
      return assertNever(rate, 'rate profile');
  }
}

/** Root of from·t + (to − from)·t²/2D = count, in the form that loses no digits when the slope is small. */
function timeOnRamp(fromPerMs: number, toPerMs: number, durationMs: number, count: number): number {
  const slope = (toPerMs - fromPerMs) / durationMs;
  const underRoot = fromPerMs * fromPerMs + 2 * slope * count;
  return underRoot < 0 ? Number.POSITIVE_INFINITY : (2 * count) / (fromPerMs + Math.sqrt(underRoot));
}

function periodic(
  periodMs: number,
  countPerPeriod: number,
  within: (count: number) => number,
): (count: number) => number {
  return (count) => {
    if (!(countPerPeriod > 0)) return Number.POSITIVE_INFINITY;
    const periods = Math.floor(count / countPerPeriod);
    const rest = count - periods * countPerPeriod;
    return periods * periodMs + (rest > 0 ? within(rest) : 0);
  };
}

/** Bisection on [0, highMs]: 60 halvings reach the last bit, and the function's flat parts (a sine's zero) cannot mislead it. */
function solveIncreasing(target: number, highMs: number, valueAt: (atMs: number) => number): number {
  let low = 0;
  let high = highMs;
  for (let step = 0; step < 60 && low < high; step += 1) {
    const middle = (low + high) / 2;
    if (valueAt(middle) < target) low = middle;
    else high = middle;
  }
  return high;
}
