/**
 * The one clock of a run: milliseconds since the run began, monotonic, the same in every thread of the process.
 * `performance.now()` counts from each thread's own start, so it is anchored to `process.hrtime`, which all threads share.
 */
import { performance } from 'node:perf_hooks';
import { hrtime } from 'node:process';

/** Node takes longer delays for none at all. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Cancels a timer; no effect once it has fired. */
export type CancelTimer = () => void;

export interface Clock {
  /** ms since the run began, with fractions. */
  nowMs(): number;
  /** Calls back once, not before `delayMs` from now (24 days at most). */
  after(delayMs: number, callback: () => void): CancelTimer;
  /** Calls back every `everyMs` until cancelled. `background` timers do not keep the process alive. */
  every(everyMs: number, callback: () => void, options?: { readonly background?: boolean }): CancelTimer;
  /** Resolves at `atMs` (now, if that is past) or as soon as `signal` aborts; never rejects. */
  sleepUntil(atMs: number, signal?: AbortSignal): Promise<void>;
}

/** The instant a run begins, to be handed to the clocks of all its threads. */
export function readOriginNs(): bigint {
  return hrtime.bigint();
}

export function createClock(originNs: bigint): Clock {
  const offsetMs = anchorOffsetMs(originNs);
  return {
    nowMs: () => performance.now() - offsetMs,
    after(delayMs, callback) {
      const timer = setTimeout(callback, Math.min(MAX_DELAY_MS, Math.max(0, Math.ceil(delayMs))));
      return () => clearTimeout(timer);
    },
    every(everyMs, callback, options) {
      const timer = setInterval(callback, everyMs);
      if (options?.background === true) timer.unref();
      return () => clearInterval(timer);
    },
    sleepUntil(atMs, signal) {
      return sleepUntil(this, atMs, signal);
    },
  };
}

/** For a Clock of one's own (the tests' fake clock): `sleepUntil` made of its other members. */
export function sleepUntil(clock: Clock, atMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    let cancel: CancelTimer = () => {};
    const finish = (): void => {
      cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    // A timer may fire a fraction of a millisecond early against this clock: ask again rather than return before `atMs`.
    const arm = (): void => {
      const restMs = atMs - clock.nowMs();
      if (restMs <= 0) finish();
      else cancel = clock.after(restMs, arm);
    };
    signal?.addEventListener('abort', finish, { once: true });
    arm();
  });
}

/** What to subtract from `performance.now()`. Of several tries the one with the least time between its two readings counts. */
function anchorOffsetMs(originNs: bigint): number {
  let narrowestMs = Number.POSITIVE_INFINITY;
  let offsetMs = 0;
  for (let attempt = 0; attempt < 16; attempt += 1) {
    const beforeMs = performance.now();
    const sinceOriginMs = Number(hrtime.bigint() - originNs) / 1e6;
    const afterMs = performance.now();
    if (afterMs - beforeMs >= narrowestMs) continue;
    narrowestMs = afterMs - beforeMs;
    offsetMs = (beforeMs + afterMs) / 2 - sinceOriginMs;
  }
  return offsetMs;
}
