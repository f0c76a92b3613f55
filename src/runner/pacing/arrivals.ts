/**
 * The schedule of one open-loop stage: due times computed ahead from a seed, never from what happened before.
 * Every worker walks the same sequence and takes its share by number, so the arrivals are the same for any number of workers.
 */
import type { LoadShape, StageEnd } from '../../contract/plan.ts';
import { createRandom } from '../platform/random.ts';
import { createGaps, firstGap } from './gaps.ts';
import { createTimeOfCount, durationForRequests } from './rate-profile.ts';

export type OpenShape = Extract<LoadShape, { kind: 'open' }>;

/**
 * Due times in ms since the stage began, in order. Returns the stage's end: the declared duration, or for a stage by count the
 * time its requests take on the schedule, which for random gaps is the last one's due time. The server has no say in it.
 */
export function* arrivalsOf(
  stage: { readonly shape: OpenShape; readonly until: StageEnd },
  seed: number,
  ...path: readonly (number | string)[]
): Generator<number, number, void> {
  const { arrivals, rate } = stage.shape;
  const durationMs = declaredDurationMs(stage);
  const requests = stage.until.kind === 'requests' ? stage.until.requests : Number.POSITIVE_INFINITY;
  const timeOfCount = createTimeOfCount(rate, durationMs);
  const nextGap = createGaps(arrivals, createRandom(seed, 'arrivals', ...path));
  let position = firstGap(arrivals, nextGap);
  let lastMs = 0;
  for (let index = 0; index < requests; index += 1) {
    const dueMs = timeOfCount(position);
    if (stage.until.kind === 'time' && !(dueMs < durationMs)) return durationMs;
    if (dueMs === Number.POSITIVE_INFINITY) return lastMs;
    yield dueMs;
    lastMs = dueMs;
    // Counted, not added up: a sum of a million ones is exact, a sum of a million gaps of 0.1 would not be.
    position = arrivals.kind === 'constant' ? index + 1.5 : position + nextGap();
  }
  return arrivals.kind === 'constant' ? durationMs : lastMs;
}

/** As written, or for a stage by count the time its expected requests take. */
export function declaredDurationMs(stage: { readonly shape: OpenShape; readonly until: StageEnd }): number {
  if (stage.until.kind === 'time') return stage.until.durationMs;
  if (stage.until.kind === 'requests') return durationForRequests(stage.shape.rate, stage.until.requests);
  return Number.POSITIVE_INFINITY;
}
