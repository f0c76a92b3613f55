/** A Clock that stands still until told otherwise; timers fire in order of their time while it is advanced. */
import { sleepUntil, type CancelTimer, type Clock } from '../../src/runner/platform/clock.ts';

export interface FakeClock extends Clock {
  /** Moves on, firing every timer that becomes due at its own time. */
  advance(byMs: number): void;
  /** As `advance`, but lets promises settle before and after each timer. */
  advanceAsync(byMs: number): Promise<void>;
  /** Timers not yet fired. */
  readonly pendingTimers: number;
}

interface FakeTimer {
  atMs: number;
  readonly order: number;
  readonly everyMs: number | undefined;
  readonly callback: () => void;
}

export function createFakeClock(startMs = 0): FakeClock {
  let currentMs = startMs;
  let orderCounter = 0;
  const timers = new Set<FakeTimer>();

  const add = (delayMs: number, everyMs: number | undefined, callback: () => void): CancelTimer => {
    const timer: FakeTimer = { atMs: currentMs + Math.max(0, delayMs), order: orderCounter++, everyMs, callback };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  const nextUntil = (limitMs: number): FakeTimer | undefined => {
    let next: FakeTimer | undefined;
    for (const timer of timers) {
      if (timer.atMs > limitMs) continue;
      if (next === undefined || timer.atMs < next.atMs || (timer.atMs === next.atMs && timer.order < next.order))
        next = timer;
    }
    return next;
  };
  const fire = (timer: FakeTimer): void => {
    currentMs = Math.max(currentMs, timer.atMs);
    if (timer.everyMs === undefined) timers.delete(timer);
    else timer.atMs += timer.everyMs;
    timer.callback();
  };

  return {
    nowMs: () => currentMs,
    after: (delayMs, callback) => add(delayMs, undefined, callback),
    every: (everyMs, callback) => add(everyMs, everyMs, callback),
    sleepUntil(atMs, signal) {
      return sleepUntil(this, atMs, signal);
    },
    advance(byMs) {
      const untilMs = currentMs + byMs;
      for (let timer = nextUntil(untilMs); timer !== undefined; timer = nextUntil(untilMs)) fire(timer);
      currentMs = untilMs;
    },
    async advanceAsync(byMs) {
      const untilMs = currentMs + byMs;
      await settle();
      for (let timer = nextUntil(untilMs); timer !== undefined; timer = nextUntil(untilMs)) {
        fire(timer);
        await settle();
      }
      currentMs = untilMs;
    },
    get pendingTimers() {
      return timers.size;
    },
  };
}

/** One turn of the event loop: every promise that can settle has settled. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
