/**
 * One worker's walk along an open-loop phase: every worker draws all arrivals and takes its share by number. What is drawn ahead is not
 * settled until shortly before the phase ends: a change of the rate takes back what is not yet due, and it is put into time anew.
 */
import { changedClock, changesSince, type ArrivalClock, type RateChange } from '../pacing/rate-changes.ts';
import type { Arrivals } from '../pacing/arrivals.ts';
import type { Clock } from '../platform/clock.ts';
import type { Agenda } from './agenda.ts';
import { createLatch, type Latch } from './latch.ts';
import type { OpenPhase, ReplayPhase } from './phases.ts';
import type { SharedLoad } from './shared-load.ts';

/** So long before a phase ends the walk goes on to the next one: its first requests are made ready meanwhile. */
export const SETTLED_MS = 250;

export interface OpenWalkParts {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly shared: SharedLoad;
  readonly agenda: Pick<Agenda, 'add' | 'whenRoom' | 'firstOf' | 'takeBack'>;
  readonly halted: Latch;
  readonly worker: number;
  readonly workers: number;
  readonly arrivalsOf: (phase: OpenPhase | ReplayPhase) => Arrivals;
  /** Resolves at this moment, or as soon as the load is halted. */
  readonly until: (atMs: number) => Promise<unknown>;
  /** When the next phase begins is known now. */
  readonly onEnd: (phase: OpenPhase | ReplayPhase) => void;
}

export interface OpenWalk {
  /** Resolves to the number of the phase's arrivals, shortly before it ends. */
  walk(phase: OpenPhase | ReplayPhase, startMs: number): Promise<number>;
  /** There is a new change of the rate in the shared load. */
  rateChanged(): void;
}

export function createOpenWalk(parts: OpenWalkParts): OpenWalk {
  const { clock, shared, agenda, halted, worker, workers, until } = parts;
  let current: number | undefined;
  let rewindTo: number | undefined;
  let changed = createLatch();

  /** Of a stage that a resumed run goes on with, what was changed before counts too, and nothing since then counts earlier. */
  const changesOf = ({ elapsedMs = 0, rateChanges = [] }: OpenPhase | ReplayPhase, startMs: number): RateChange[] => [
    ...rateChanges,
    ...changesSince(shared.rateChanges, startMs).map(({ atMs, factor }) => ({
      atMs: Math.max(elapsedMs, atMs),
      factor,
    })),
  ];
  const timingFrom = (
    phase: OpenPhase | ReplayPhase,
    arrivals: Arrivals,
    startMs: number,
  ): { seen: number; line: ArrivalClock } => ({
    seen: shared.rateChangeCount,
    line: changedClock(arrivals.clock, changesOf(phase, startMs)),
  });

  return {
    async walk(phase, beganMs) {
      const { elapsedMs = 0 } = phase;
      /** Of a resumed run the stage began before the run did. */
      const startMs = beganMs - elapsedMs;
      const arrivals = parts.arrivalsOf(phase);
      const drawn = new DrawnPositions(arrivals);
      const durationMs = phase.until.kind === 'time' ? phase.until.durationMs : Number.POSITIVE_INFINITY;
      let timing = timingFrom(phase, arrivals, startMs);
      let number = 0;
      /** By count: when the last one is due, or where gaps are even a gap's half later; of a profile that dies away, the last there is. */
      const endOf = (count: number, next: number | undefined): number => {
        const endMs = next === undefined ? timing.line.timeOfCount(arrivals.end) : Number.POSITIVE_INFINITY;
        if (endMs < Number.POSITIVE_INFINITY) return endMs;
        return count === 0 ? 0 : timing.line.timeOfCount(drawn.at(count - 1) as number);
      };
      current = phase.index;
      rewindTo = undefined;
      if (phase.until.kind === 'time') {
        shared.setStart(phase.index + 1, startMs + durationMs);
        parts.onEnd(phase);
      }
      while (!halted.isOpen) {
        // A change may be seen here before this worker is told of it, and then what it takes back is to be put into time once more.
        if (timing.seen !== shared.rateChangeCount || rewindTo !== undefined) {
          timing = timingFrom(phase, arrivals, startMs);
          number = rewindTo ?? agenda.firstOf(phase.index) ?? number;
          rewindTo = undefined;
          agenda.takeBack(phase.index);
        }
        const position = drawn.at(number);
        const dueMs = position === undefined ? Number.POSITIVE_INFINITY : timing.line.timeOfCount(position);
        if (dueMs < durationMs) {
          if (number % workers === worker && dueMs >= elapsedMs) {
            await agenda.whenRoom();
            if (timing.seen !== shared.rateChangeCount || rewindTo !== undefined || halted.isOpen) continue;
            agenda.add({ number, phase: phase.index, dueMs: startMs + dueMs });
            drawn.forget((agenda.firstOf(phase.index) ?? number) - 1);
          }
          number += 1;
          continue;
        }
        const lengthMs = phase.until.kind === 'time' ? durationMs : endOf(number, position);
        const endMs = Math.max(beganMs, startMs + lengthMs);
        if (clock.nowMs() < endMs - SETTLED_MS) {
          await Promise.race([until(endMs - SETTLED_MS), changed.opened]);
          continue;
        }
        if (phase.until.kind === 'time' || shared.setStart(phase.index + 1, endMs, timing.seen)) {
          if (phase.until.kind !== 'time') parts.onEnd(phase);
          break;
        }
      }
      // What is in the agenda now is settled: nobody would put it into time once more.
      current = undefined;
      return number;
    },
    rateChanged() {
      if (current !== undefined) {
        rewindTo = agenda.firstOf(current) ?? rewindTo;
        agenda.takeBack(current);
      }
      changed.open();
      changed = createLatch();
    },
  };
}

/** Positions by number, as far back as they may be asked for again. */
class DrawnPositions {
  readonly #arrivals: Arrivals;
  #first = 0;
  #positions: number[] = [];

  constructor(arrivals: Arrivals) {
    this.#arrivals = arrivals;
  }

  at(number: number): number | undefined {
    while (this.#first + this.#positions.length <= number) {
      const position = this.#arrivals.next();
      if (position === undefined) return undefined;
      this.#positions.push(position);
    }
    return this.#positions[number - this.#first];
  }

  /** Numbers below are not asked for any more. */
  forget(below: number): void {
    if (below - this.#first < 4_096) return;
    this.#positions = this.#positions.slice(below - this.#first);
    this.#first = below;
  }
}
