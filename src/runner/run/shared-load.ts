/**
 * What all load workers share, in one SharedArrayBuffer: the slots in flight, the tickets of closed loops, and when each phase began.
 * There is one of each for the whole run, so limits and counts hold whatever the number of workers.
 */
import type { RateChange } from '../pacing/rate-changes.ts';

/**
 * Words at the head of the buffer; then for each phase (and the end of the load) its tickets, its finished requests and whether
 * somebody has set its start, and its sessions; then the starts as doubles; then the changes of the rate, a moment and a factor
 * each.
 */
const TAKEN = 0;
const RELEASED = 1;
const CANCELLED = 2;
const STARTS_CHANGED = 3;
const LOCK = 4;
const RATE_CHANGES = 5;
const HEAD_WORDS = 6;
const WORDS_PER_PHASE = 4;
const TICKETS = 0;
const FINISHED = 1;
const START_CLAIMED = 2;
const SESSIONS = 3;

/** Somebody who holds a key down makes a few a second; nobody needs more than this in a run. */
const MOST_RATE_CHANGES = 4_096;

/** Set in a phase's ticket word once no more are given. */
const CLOSED = 1 << 30;

export class SharedLoad {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #starts: Float64Array;
  readonly #rateChanges: Float64Array;
  readonly #inFlightLimit: number;

  /** @param buffer Of another SharedLoad of the same run, in another thread; absent: a new one. */
  constructor(phaseCount: number, inFlightLimit: number | undefined, buffer?: SharedArrayBuffer) {
    const words = HEAD_WORDS + WORDS_PER_PHASE * (phaseCount + 1);
    const startsAt = Math.ceil(words / 2) * 8;
    const changesAt = startsAt + (phaseCount + 1) * 8;
    this.buffer = buffer ?? new SharedArrayBuffer(changesAt + MOST_RATE_CHANGES * 16);
    this.#words = new Int32Array(this.buffer, 0, words);
    this.#starts = new Float64Array(this.buffer, startsAt, phaseCount + 1);
    this.#rateChanges = new Float64Array(this.buffer, changesAt);
    this.#inFlightLimit = inFlightLimit ?? 0x7fff_ffff;
    if (buffer === undefined) this.#starts.fill(Number.NaN);
  }

  // Slots are a turnstile: everyone who wants to send draws a number, and number n may go once fewer than `limit` of those before
  // it are still out. So the limit holds exactly, and requests that wait are sent in the order they became due over all workers.

  /** Draws a number. It must be given back with `releaseSlot` once granted and over. */
  drawSlot(): number {
    return Atomics.add(this.#words, TAKEN, 1);
  }

  isGranted(slot: number): boolean {
    return ((slot - Atomics.load(this.#words, RELEASED)) | 0) < this.#inFlightLimit;
  }

  /** A slot if one is free now. */
  tryTakeSlot(): boolean {
    for (;;) {
      const taken = Atomics.load(this.#words, TAKEN);
      if (!this.isGranted(taken)) return false;
      if (Atomics.compareExchange(this.#words, TAKEN, taken, (taken + 1) | 0) === taken) return true;
    }
  }

  releaseSlot(): void {
    Atomics.add(this.#words, RELEASED, 1);
    Atomics.notify(this.#words, RELEASED);
  }

  /** Gives up a number that was drawn and not granted. For a run that stops: nobody's turn comes earlier by it. */
  cancelSlot(): void {
    Atomics.add(this.#words, CANCELLED, 1);
  }

  /** Resolves when a slot was released after this call, in whichever thread. */
  whenSlotReleased(): Promise<void> {
    return changeOf(this.#words, RELEASED, Atomics.load(this.#words, RELEASED));
  }

  get inFlight(): number {
    return Math.min(this.#outstanding(), this.#inFlightLimit);
  }

  /** Due, but waiting for a slot. */
  get queued(): number {
    return Math.max(0, this.#outstanding() - this.#inFlightLimit);
  }

  /** The next request of a closed-loop phase: its number, from 0; `undefined` when all `requests` are taken or the phase is closed. */
  takeTicket(phase: number, requests: number | undefined): number | undefined {
    const word = wordOf(phase, TICKETS);
    for (;;) {
      const tickets = Atomics.load(this.#words, word);
      if ((tickets & CLOSED) !== 0 || (requests !== undefined && tickets >= requests)) return undefined;
      if (Atomics.compareExchange(this.#words, word, tickets, tickets + 1) === tickets) return tickets;
    }
  }

  /** No more tickets; returns how many were taken, the same for whoever asks. */
  closeTickets(phase: number): number {
    return Atomics.or(this.#words, wordOf(phase, TICKETS), CLOSED) & ~CLOSED;
  }

  /** Counts a request of the phase as over; returns how many are. */
  finishRequest(phase: number): number {
    return Atomics.add(this.#words, wordOf(phase, FINISHED), 1) + 1;
  }

  finishedRequests(phase: number): number {
    return Atomics.load(this.#words, wordOf(phase, FINISHED));
  }

  /** When the phase begins, ms since the run began; `undefined` while the end of the one before it is not known. One more than phases: the end of the load. */
  startOf(phase: number): number | undefined {
    const startMs = this.#starts[phase];
    return startMs === undefined || Number.isNaN(startMs) ? undefined : startMs;
  }

  /**
   * The first to say it is believed. Where it follows from the schedule, all workers say the same.
   *
   * @param changesSeen Changes of the rate it was computed with. Returns false where another one has come since.
   */
  setStart(phase: number, startMs: number, changesSeen?: number): boolean {
    const isCurrent = this.#locked(() => {
      if (changesSeen !== undefined && Atomics.load(this.#words, RATE_CHANGES) !== changesSeen) return false;
      if (Atomics.exchange(this.#words, wordOf(phase, START_CLAIMED), 1) === 0) this.#starts[phase] = startMs;
      return true;
    });
    Atomics.add(this.#words, STARTS_CHANGED, 1);
    Atomics.notify(this.#words, STARTS_CHANGED);
    return isCurrent;
  }

  /**
   * From `atMs` on the load is `factor` times what the plan asks for; or from the end of the phase on where that is so near (`settledMs`)
   * that its schedule is settled. Returns the moment, `undefined` where no more changes can be kept.
   */
  changeRate(factor: number, atMs: number, settledMs: number): number | undefined {
    return this.#locked(() => {
      const count = Atomics.load(this.#words, RATE_CHANGES);
      if (count >= MOST_RATE_CHANGES) return undefined;
      const nearEndMs = this.#starts.find((startMs) => startMs > atMs && startMs - settledMs <= atMs);
      const previousMs = count === 0 ? 0 : (this.#rateChanges[2 * count - 2] as number);
      const changeMs = Math.max(nearEndMs ?? atMs, previousMs);
      this.#rateChanges.set([changeMs, factor], 2 * count);
      Atomics.store(this.#words, RATE_CHANGES, count + 1);
      return changeMs;
    });
  }

  get rateChangeCount(): number {
    return Atomics.load(this.#words, RATE_CHANGES);
  }

  /** Ascending; of several at one moment the last counts. */
  get rateChanges(): readonly RateChange[] {
    return Array.from({ length: this.rateChangeCount }, (_, index) => ({
      atMs: this.#rateChanges[2 * index] as number,
      factor: this.#rateChanges[2 * index + 1] as number,
    }));
  }

  /** The number of the next session that a user of the phase begins, from 0. */
  takeSession(phase: number): number {
    return Atomics.add(this.#words, wordOf(phase, SESSIONS), 1);
  }

  async whenStartKnown(phase: number): Promise<number> {
    for (;;) {
      const seen = Atomics.load(this.#words, STARTS_CHANGED);
      const startMs = this.startOf(phase);
      if (startMs !== undefined) return startMs;
      await changeOf(this.#words, STARTS_CHANGED, seen);
    }
  }

  /** A few instructions long: whoever finds it taken tries again. */
  #locked<T>(action: () => T): T {
    while (Atomics.compareExchange(this.#words, LOCK, 0, 1) !== 0);
    try {
      return action();
    } finally {
      Atomics.store(this.#words, LOCK, 0);
    }
  }

  /** Drawn and not over. Read again if somebody drew meanwhile: two words of different moments do not make a number. */
  #outstanding(): number {
    for (;;) {
      const taken = Atomics.load(this.#words, TAKEN);
      const over = Atomics.load(this.#words, RELEASED) + Atomics.load(this.#words, CANCELLED);
      if (Atomics.load(this.#words, TAKEN) === taken) return Math.max(0, (taken - over) | 0);
    }
  }
}

function wordOf(phase: number, word: number): number {
  return HEAD_WORDS + WORDS_PER_PHASE * phase + word;
}

/** Resolves once the word is no longer what was seen; other threads tell it by `Atomics.notify`. */
async function changeOf(words: Int32Array, index: number, seen: number): Promise<void> {
  const waiting = Atomics.waitAsync(words, index, seen);
  if (waiting.async) await waiting.value;
}
