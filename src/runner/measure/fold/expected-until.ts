/** How many requests a stage asks for until a moment of it: the integral of its rate. */
import { expectedRequests } from '../../../contract/describe-plan.ts';
import type { RateProfile } from '../../../contract/plan.ts';

/** @param atMs Since the stage began. @param durationMs Of the whole stage: what a ramp stretches over. */
export function expectedUntil(rate: RateProfile, atMs: number, durationMs: number): number {
  if (rate.kind !== 'ramp') return expectedRequests(rate, atMs);
  const slopePerMs = (rate.toPerSecond - rate.fromPerSecond) / durationMs;
  return (rate.fromPerSecond * atMs + (slopePerMs * atMs * atMs) / 2) / 1000;
}
