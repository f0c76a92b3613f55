/**
 * Calls back at absolute instants, late by a tenth of a millisecond instead of the one or two of `setTimeout`, without spinning: a
 * thread of its own sleeps until the next instant (metronome.ts) and wakes the event loop. A load worker can neither spin, because a
 * small machine needs its cores for the server, nor sleep itself, because it stamps what arrives.
 */
import type { CancelTimer, Clock } from './clock.ts';
import { Fifo } from './fifo.ts';
import { INSTANTS_AHEAD, ticksOf, type MetronomeLine } from './metronome-line.ts';

export interface Alarm {
  /** Calls back once, at `atMs` or as soon as it is past; never before `at` has returned. */
  at(atMs: number, callback: () => void): CancelTimer;
  /**
   * Calls back now what is due by now. For a thread in the middle of a pile of network reads: what is due need not wait for the last.
   */
  catchUp(): void;
  /** Calls back in the next turn of the event loop, after what has arrived by then was read. */
  soon(callback: () => void): void;
  /** Forgets every pending callback. */
  clear(): void;
}

interface Pending {
  readonly atMs: number;
  readonly callback: () => void;
  isCancelled: boolean;
}

/** This close to its instant a callback is awaited turn by turn: to be woken takes about as long. */
const AWAIT_TURNS_BELOW_MS = 0.1;
/**
 * Who has more to do than there is time for would call back for ever: after so long the event loop has its turn, and what has arrived is read
 * before anything more is sent.
 */
const LONGEST_FIRING_MS = 5;
/** The line counts microseconds in 32 bits; what is further away is looked at again then. */
const HORIZON_MS = 300_000;

export function createAlarm(clock: Clock, line: MetronomeLine): Alarm {
  const pending = new Fifo<Pending>();
  let isListening = false;
  let isTurnPending = false;
  /** More is due than was called back in the time there is; it goes on in the next turn, and nowhere else. */
  let isBehind = false;
  const instants = new Int32Array(INSTANTS_AHEAD);

  const nextTurn = (): void => {
    if (isTurnPending) return;
    isTurnPending = true;
    setImmediate(() => {
      isTurnPending = false;
      isBehind = false;
      fire();
    });
  };
  const fire = (): void => {
    if (isBehind) return;
    const beganMs = clock.nowMs();
    let nowMs = beganMs;
    for (let head = pending.at(0); head !== undefined && head.atMs <= nowMs; head = pending.at(0)) {
      if (nowMs - beganMs > LONGEST_FIRING_MS) {
        isBehind = true;
        nextTurn();
        return;
      }
      pending.shift();
      if (!head.isCancelled) head.callback();
      nowMs = clock.nowMs();
    }
    arm();
  };
  const arm = (): void => {
    while (pending.at(0)?.isCancelled === true) pending.shift();
    const head = pending.at(0);
    if (head === undefined) return;
    const nowMs = clock.nowMs();
    if (head.atMs - nowMs < AWAIT_TURNS_BELOW_MS) nextTurn();
    listen();
    const farthestMs = nowMs + HORIZON_MS;
    for (let at = 0; at < INSTANTS_AHEAD; at += 1)
      instants[at] =
        at < pending.length
          ? ticksOf(Math.min((pending.at(at) as Pending).atMs, farthestMs))
          : (instants[at - 1] as number);
    line.arm(instants);
  };
  const listen = (): void => {
    if (isListening) return;
    isListening = true;
    void line.whenWoken().then(() => {
      isListening = false;
      fire();
    });
  };

  return {
    at(atMs, callback) {
      const entry: Pending = { atMs, callback, isCancelled: false };
      const place = placeOf(pending, atMs);
      pending.insert(place, entry);
      if (place < INSTANTS_AHEAD && !isBehind) arm();
      return () => {
        entry.isCancelled = true;
      };
    },
    catchUp() {
      const head = pending.at(0);
      if (head !== undefined && head.atMs <= clock.nowMs()) fire();
    },
    soon(callback) {
      setImmediate(callback);
    },
    clear() {
      for (const entry of pending.drain()) entry.isCancelled = true;
    },
  };
}

/** After every entry that is not later: equal instants are called in the order they were asked for. */
function placeOf(pending: Fifo<Pending>, atMs: number): number {
  let low = 0;
  let high = pending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pending.at(middle) as Pending).atMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
