/**
 * What load workers and their metronome say to each other, in shared memory. Each worker writes its next few instants; the metronome
 * goes on from one to the next by itself, so in a steady flow nobody has to wake the metronome, which would cost the worker a system
 * call for every request.
 *
 * Instants are microseconds since the run began, in 32 bits that wrap; none is more than half of that ahead. 0 stands for none.
 */

/** Changed to make the metronome look again. */
const LOOK_AGAIN = 0;
const HEAD_WORDS = 1;
/** How many instants ahead the metronome knows. With few, a worker that is held up for longer than they last has to poke it. */
export const INSTANTS_AHEAD = 16;
/** Of each worker: the instant the metronome will wake it at, a word that changes when it does, and the worker's next instants. */
const AWAITED = 0;
const WOKEN = 1;
const NEXT = 2;
const WORDS_PER_WORKER = NEXT + INSTANTS_AHEAD;

/** What was fired longer ago is forgotten, before the wrap makes it look like something to come. */
const LONGEST_MEMORY = 2 ** 30;
/** So that forgetting is not slept through. */
const LONGEST_SLEEP_MS = 300_000;

/** The instant a worker awaits next, in ticks: a thread that is late, and busy with catching up, goes on changing it. */
export function awaitedNext(buffer: SharedArrayBuffer, worker: number): number {
  return Atomics.load(new Int32Array(buffer), HEAD_WORDS + worker * WORDS_PER_WORKER + NEXT);
}

/** One worker's end. */
export interface MetronomeLine {
  /**
   * Wakes this worker at each of these instants, as long as it says nothing else. Earliest first, all `INSTANTS_AHEAD` of them; where
   * there are fewer, the last is repeated.
   */
  arm(instants: Int32Array): void;
  /** Resolves when the metronome has woken this worker after this call. */
  whenWoken(): Promise<void>;
}

/** Never early: rounded up. */
export function ticksOf(ms: number): number {
  return Math.ceil(ms * 1000) | 0 || 1;
}

export function createMetronomeBuffer(workers: number): SharedArrayBuffer {
  return new SharedArrayBuffer((HEAD_WORDS + workers * WORDS_PER_WORKER) * 4);
}

export function openMetronomeLine(buffer: SharedArrayBuffer, worker: number): MetronomeLine {
  const words = new Int32Array(buffer);
  const base = HEAD_WORDS + worker * WORDS_PER_WORKER;
  return {
    arm(instants) {
      const next = instants[0] as number;
      for (let at = INSTANTS_AHEAD - 1; at >= 0; at -= 1)
        Atomics.store(words, base + NEXT + at, instants[at] as number);
      // The metronome says what it awaits before it reads `next` for the last time: either it has seen this one, or it is seen here.
      const awaited = Atomics.load(words, base + AWAITED);
      if (awaited !== 0 && isAtMost(awaited, next)) return;
      Atomics.add(words, LOOK_AGAIN, 1);
      Atomics.notify(words, LOOK_AGAIN);
    },
    async whenWoken() {
      const waiting = Atomics.waitAsync(words, base + WOKEN, Atomics.load(words, base + WOKEN));
      if (waiting.async) await waiting.value;
    },
  };
}

/** The metronome's end. */
export class MetronomeBench {
  readonly #words: Int32Array;
  /** Of each worker, the last instant it was woken at. */
  readonly #fired: Int32Array;

  constructor(buffer: SharedArrayBuffer, now: number) {
    this.#words = new Int32Array(buffer);
    this.#fired = new Int32Array((this.#words.length - HEAD_WORDS) / WORDS_PER_WORKER).fill(now - LONGEST_MEMORY);
  }

  /** Wakes every worker whose instant has come; returns how long until the next, in microseconds (Infinity: none is known). */
  wakeDue(now: number): number {
    let soonest = Number.POSITIVE_INFINITY;
    for (let worker = 0; worker < this.#fired.length; worker += 1) {
      const base = HEAD_WORDS + worker * WORDS_PER_WORKER;
      if (isAtMost(this.#fired[worker] as number, now - LONGEST_MEMORY)) this.#fired[worker] = now - LONGEST_MEMORY;
      let next = this.#nextOf(worker);
      while (next !== 0 && isAtMost(next, now)) {
        this.#fired[worker] = next;
        Atomics.add(this.#words, base + WOKEN, 1);
        Atomics.notify(this.#words, base + WOKEN);
        next = this.#nextOf(worker);
      }
      Atomics.store(this.#words, base + AWAITED, next);
      if (this.#nextOf(worker) !== next) worker -= 1;
      else if (next !== 0) soonest = Math.min(soonest, (next - now) | 0);
    }
    return soonest;
  }

  /** A mark for `sleep`: to be taken before the workers' instants are read. */
  get mark(): number {
    return Atomics.load(this.#words, LOOK_AGAIN);
  }

  /** Sleeps so long, or until a worker has said something new since the mark. */
  sleep(mark: number, ms: number): void {
    Atomics.wait(this.#words, LOOK_AGAIN, mark, Math.min(ms, LONGEST_SLEEP_MS));
  }

  /** The worker's first instant it was not woken at yet. */
  #nextOf(worker: number): number {
    const base = HEAD_WORDS + worker * WORDS_PER_WORKER;
    const fired = this.#fired[worker] as number;
    for (let at = NEXT; at < WORDS_PER_WORKER; at += 1) {
      const next = Atomics.load(this.#words, base + at);
      if (next !== 0 && !isAtMost(next, fired)) return next;
    }
    return 0;
  }
}

/** Whether the left instant is not after the right one, across the wrap. */
function isAtMost(left: number, right: number): boolean {
  return ((left - right) | 0) <= 0;
}
