/**
 * A schedule whose rate is changed while it runs. Time is stretched, never jumped: what is left of a gap when the rate doubles passes in
 * half the time, so the law of the gaps stays what it was on the stretched time.
 */

/** From `atMs` on (the run's clock, or the stage's where it says so) the load is `factor` times what the plan asks for. */
export interface RateChange {
  readonly atMs: number;
  readonly factor: number;
}

/** A stage's expected arrivals as a function of time since it began, and its inverse (Infinity where it never gets there). */
export interface ArrivalClock {
  readonly countAt: (atMs: number) => number;
  readonly timeOfCount: (count: number) => number;
}

/** The factor in force at a moment. */
export function factorAt(changes: readonly RateChange[], atMs: number): number {
  return changes.findLast((change) => change.atMs <= atMs)?.factor ?? 1;
}

/** The changes as a stage sees them that begins at this moment: on its own time, with what was in force before at its beginning. */
export function changesSince(changes: readonly RateChange[], startMs: number): readonly RateChange[] {
  const later = changes
    .filter(({ atMs }) => atMs > startMs)
    .map(({ atMs, factor }) => ({ atMs: atMs - startMs, factor }));
  const before = factorAt(changes, startMs);
  return before === 1 ? later : [{ atMs: 0, factor: before }, ...later];
}

/** @param changes On the stage's own time, ascending. */
export function changedClock(clock: ArrivalClock, changes: readonly RateChange[]): ArrivalClock {
  if (changes.length === 0) return clock;
  // Each piece: where it begins in time, in the plan's count and in the changed count.
  const pieces = [{ atMs: 0, factor: 1, planned: 0, changed: 0 }];
  for (const { atMs, factor } of changes) {
    const last = pieces.at(-1) as (typeof pieces)[number];
    const planned = clock.countAt(atMs);
    pieces.push({ atMs, factor, planned, changed: last.changed + (planned - last.planned) * last.factor });
  }
  type Piece = (typeof pieces)[number];
  return {
    countAt(atMs) {
      const piece = pieces.findLast((each) => each.atMs <= atMs) as Piece;
      return piece.changed + (clock.countAt(atMs) - piece.planned) * piece.factor;
    },
    timeOfCount(count) {
      const piece = pieces.findLast((each) => each.changed <= count) as Piece;
      return clock.timeOfCount(piece.planned + (count - piece.changed) / piece.factor);
    },
  };
}
