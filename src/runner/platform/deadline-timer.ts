/**
 * Calls back at absolute instants, late by tens of microseconds rather than by the millisecond or two of `setTimeout`, without keeping
 * a core busy: a coarse timer until shortly before, then short sleeps of the thread between turns of the event loop. Spinning instead
 * would take the core from the threads that measure.
 */
import { wakeOnTime } from './timer-slack.ts';

export interface DeadlineTimer {
  /** Calls back once, at `atMs` or as soon as it is past; replaces what was armed before. */
  arm(atMs: number): void;
  disarm(): void;
}

/** `setTimeout` counts whole ms and is up to 1 ms late: it is set to fire this long ahead. */
const COARSE_MARGIN_MS = 1.2;
/** Below this the coarse timer (at least 1 ms) would come too late. */
const COARSE_LIMIT_MS = 2.3;
/** The event loop is not held longer than this at a time, so that requests are read meanwhile. */
const LONGEST_SLEEP_MS = 0.25;
/** A sleeping thread wakes up to about this much late: where it can ask to be woken on time, and elsewhere. */
const WAKE_MARGIN_MS = { asked: 0.02, unasked: 0.09 } as const;

export function createDeadlineTimer(nowMs: () => number, callback: () => void): DeadlineTimer {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const wakeMarginMs = wakeOnTime() ? WAKE_MARGIN_MS.asked : WAKE_MARGIN_MS.unasked;
  let armedMs = Number.POSITIVE_INFINITY;
  let coarse: NodeJS.Timeout | undefined;
  let coarseFiresMs = Number.POSITIVE_INFINITY;
  let turnPending = false;

  const clearCoarse = (): void => {
    clearTimeout(coarse);
    coarse = undefined;
    coarseFiresMs = Number.POSITIVE_INFINITY;
  };
  const onCoarse = (): void => {
    coarse = undefined;
    coarseFiresMs = Number.POSITIVE_INFINITY;
    approach(armedMs - nowMs());
  };
  const onTurn = (): void => {
    turnPending = false;
    if (armedMs === Number.POSITIVE_INFINITY) return;
    let restMs = armedMs - nowMs();
    if (restMs > wakeMarginMs && restMs < COARSE_LIMIT_MS) {
      Atomics.wait(sleeper, 0, 0, Math.min(restMs - wakeMarginMs, LONGEST_SLEEP_MS));
      restMs = armedMs - nowMs();
    }
    if (restMs > 0) return approach(restMs);
    armedMs = Number.POSITIVE_INFINITY;
    callback();
  };
  const approach = (restMs: number): void => {
    if (turnPending) return;
    if (restMs <= COARSE_LIMIT_MS) {
      clearCoarse();
      turnPending = true;
      setImmediate(onTurn);
    } else if (coarseFiresMs > armedMs - COARSE_MARGIN_MS) {
      clearCoarse();
      const delayMs = Math.min(Math.floor(restMs - COARSE_MARGIN_MS), 2 ** 31 - 1);
      coarseFiresMs = armedMs - restMs + delayMs;
      coarse = setTimeout(onCoarse, delayMs);
    }
  };

  return {
    arm(atMs) {
      armedMs = atMs;
      approach(armedMs - nowMs());
    },
    disarm() {
      armedMs = Number.POSITIVE_INFINITY;
      clearCoarse();
    },
  };
}
