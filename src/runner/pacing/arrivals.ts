/**
 * The schedule of one open-loop stage: due times computed ahead from a seed, never from what happened before.
 * Every worker walks the same sequence and takes its share by number, so the arrivals are the same for any number of workers.
 */
import type { LoadShape, StageEnd } from '../../contract/plan.ts';
import { createRandom } from '../platform/random.ts';
import { createGaps, firstGap } from './gaps.ts';
import { changedClock, type ArrivalClock, type RateChange } from './rate-changes.ts';
import { createTimeOfCount, durationForRequests, expectedUntil } from './rate-profile.ts';

export type OpenShape = Extract<LoadShape, { kind: 'open' }>;
export type ReplayShape = Extract<LoadShape, { kind: 'replay' }>;

/** A stage's arrivals before they are put into time: positions on its count of expected arrivals. */
export interface Arrivals {
  /** Position of the next arrival; `undefined` after the last. A stage by time has no last one: its clock says where it ends. */
  next(): number | undefined;
  /** Where the stage ends once `next` has given `undefined`. */
  readonly end: number;
  readonly clock: ArrivalClock;
}

interface OpenStage {
  readonly shape: OpenShape;
  readonly until: StageEnd;
}

export function openArrivals(stage: OpenStage, seed: number, ...path: readonly (number | string)[]): Arrivals {
  const { arrivals, rate } = stage.shape;
  const durationMs = declaredDurationMs(stage);
  const requests = stage.until.kind === 'requests' ? stage.until.requests : Number.POSITIVE_INFINITY;
  const nextGap = createGaps(arrivals, createRandom(seed, 'arrivals', ...path));
  let position = 0;
  let drawn = 0;
  return {
    next() {
      if (drawn >= requests) return undefined;
      // Counted, not added up: a sum of a million ones is exact, a sum of a million gaps of 0.1 would not be.
      if (arrivals.kind === 'constant') position = drawn + 0.5;
      else position = drawn === 0 ? firstGap(arrivals, nextGap) : position + nextGap();
      drawn += 1;
      return position;
    },
    get end() {
      return arrivals.kind === 'constant' ? drawn : position;
    },
    clock: {
      countAt: (atMs) => expectedUntil(rate, atMs, durationMs),
      timeOfCount: createTimeOfCount(rate, durationMs),
    },
  };
}

/** A dataset's own arrival times: positions are ms of its own time, divided by the speed. */
export function replayArrivals(
  { shape, until }: { readonly shape: ReplayShape; readonly until: StageEnd },
  arrivalsMs: ArrayLike<number>,
): Arrivals {
  const count = Math.min(arrivalsMs.length, until.kind === 'requests' ? until.requests : Number.POSITIVE_INFINITY);
  let drawn = 0;
  return {
    next: () => (drawn < count ? (arrivalsMs[drawn++] as number) / shape.speed : undefined),
    get end() {
      return drawn === 0 ? 0 : (arrivalsMs[drawn - 1] as number) / shape.speed;
    },
    clock: { countAt: (atMs) => atMs, timeOfCount: (count) => count },
  };
}

/**
 * Due times in ms since the stage began, in order. Returns the stage's end: the declared duration, or for a stage by count the time its
 * requests take on the schedule, which for random gaps is the last one's due time. The server has no say in it.
 *
 * @param changes Of the rate, on the stage's own time.
 */
export function* dueTimes(
  until: StageEnd,
  arrivals: Arrivals,
  changes: readonly RateChange[] = [],
): Generator<number, number, void> {
  const { timeOfCount } = changedClock(arrivals.clock, changes);
  const durationMs = until.kind === 'time' ? until.durationMs : Number.POSITIVE_INFINITY;
  let lastMs = 0;
  for (let position = arrivals.next(); position !== undefined; position = arrivals.next()) {
    const dueMs = timeOfCount(position);
    if (!(dueMs < durationMs)) return until.kind === 'time' ? durationMs : lastMs;
    yield dueMs;
    lastMs = dueMs;
  }
  if (until.kind === 'time') return durationMs;
  const endMs = timeOfCount(arrivals.end);
  return endMs < Number.POSITIVE_INFINITY ? endMs : lastMs;
}

/** As written, or for a stage by count the time its expected requests take. */
export function declaredDurationMs(stage: OpenStage): number {
  if (stage.until.kind === 'time') return stage.until.durationMs;
  if (stage.until.kind === 'requests') return durationForRequests(stage.shape.rate, stage.until.requests);
  return Number.POSITIVE_INFINITY;
}
