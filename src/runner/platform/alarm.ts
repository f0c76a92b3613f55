/**
 * Calls back at absolute instants, late by a tenth of a millisecond instead of the one or two of `setTimeout`, without spinning: a
 * thread of its own sleeps until the next instant (metronome.ts) and wakes the event loop. A load worker can neither spin, because a
 * small machine needs its cores for the server, nor sleep itself, because it stamps what arrives.
 */
import type { CancelTimer, Clock } from './clock.ts';

export interface Alarm {
  /** Calls back once, at `atMs` or as soon as it is past; never before `at` has returned. */
  at(atMs: number, callback: () => void): CancelTimer;
  /** Calls back in the next turn of the event loop, after what has arrived by then was read. */
  soon(callback: () => void): void;
  /** Forgets every pending callback. */
  clear(): void;
}

/** What the threads share: a word that tells the metronome to look again, and a wake word and an armed instant for each worker. */
export interface MetronomeLine {
  readonly words: Int32Array;
  readonly armedMs: Float64Array;
}

export const LOOK_AGAIN = 0;
export const FIRST_WAKE = 1;

export function createMetronomeBuffer(workers: number): SharedArrayBuffer {
  return new SharedArrayBuffer(wordBytes(workers) + workers * 8);
}

export function openMetronomeLine(buffer: SharedArrayBuffer, workers: number): MetronomeLine {
  const armedMs = new Float64Array(buffer, wordBytes(workers), workers);
  return { words: new Int32Array(buffer, 0, FIRST_WAKE + workers), armedMs };
}

function wordBytes(workers: number): number {
  return Math.ceil((FIRST_WAKE + workers) / 2) * 8;
}

interface Pending {
  readonly atMs: number;
  readonly callback: () => void;
  isCancelled: boolean;
}

/** This close to its instant a callback is awaited turn by turn: the two threads' clocks differ by microseconds. */
const AWAIT_TURNS_BELOW_MS = 0.1;

export function createAlarm(clock: Clock, line: MetronomeLine, worker: number): Alarm {
  const wakeWord = FIRST_WAKE + worker;
  let pending: Pending[] = [];
  let armedMs = Number.POSITIVE_INFINITY;
  let isListening = false;
  let isTurnPending = false;

  const nextTurn = (): void => {
    if (isTurnPending) return;
    isTurnPending = true;
    setImmediate(() => {
      isTurnPending = false;
      fire();
    });
  };
  const fire = (): void => {
    armedMs = Number.POSITIVE_INFINITY;
    for (let head = pending[0]; head !== undefined && head.atMs <= clock.nowMs(); head = pending[0]) {
      pending.shift();
      if (!head.isCancelled) head.callback();
    }
    arm();
  };
  const arm = (): void => {
    while (pending[0]?.isCancelled === true) pending.shift();
    const head = pending[0];
    if (head === undefined || head.atMs >= armedMs) return;
    if (head.atMs - clock.nowMs() < AWAIT_TURNS_BELOW_MS) return nextTurn();
    armedMs = head.atMs;
    listen();
    line.armedMs[worker] = armedMs;
    Atomics.add(line.words, LOOK_AGAIN, 1);
    Atomics.notify(line.words, LOOK_AGAIN);
  };
  const listen = (): void => {
    if (isListening) return;
    const waiting = Atomics.waitAsync(line.words, wakeWord, Atomics.load(line.words, wakeWord));
    isListening = true;
    const heard = (): void => {
      isListening = false;
      fire();
    };
    if (waiting.async) void waiting.value.then(heard);
    else nextTurn();
  };

  return {
    at(atMs, callback) {
      const entry: Pending = { atMs, callback, isCancelled: false };
      pending.splice(placeOf(pending, atMs), 0, entry);
      arm();
      return () => {
        entry.isCancelled = true;
      };
    },
    soon(callback) {
      setImmediate(callback);
    },
    clear() {
      for (const entry of pending) entry.isCancelled = true;
      pending = [];
    },
  };
}

/** After every entry that is not later: equal instants are called in the order they were asked for. */
function placeOf(pending: readonly Pending[], atMs: number): number {
  let low = 0;
  let high = pending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pending[middle] as Pending).atMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
