/** The threads of a run, seen from the main thread: load workers and the metronome that wakes them. */
import { awaitedNext, createMetronomeBuffer } from '../platform/metronome-line.ts';
import { holdBackHelperThreads } from '../platform/helper-threads.ts';
import { keepNewObjectsYoung } from '../platform/young-objects.ts';
import { lowerThreadPriority } from '../platform/thread-priority.ts';
import { startWorkerThread, type WorkerThread } from '../platform/worker-thread.ts';
import type { FromLoadWorker, LoadWorkerSetup, SeenAddress, ToLoadWorker, WorkerHealth } from './worker-messages.ts';
import type { WorkerBatch } from '../measure/batch.ts';

export interface WorkerPoolEvents {
  onBatch(batch: WorkerBatch): void;
  onHealth(worker: number, health: WorkerHealth, addresses?: readonly SeenAddress[]): void;
  onLog(level: 'warning' | 'error', message: string): void;
  /** Whole texts to be counted with the local tokenizer. */
  countTokens(texts: readonly string[]): Promise<readonly number[]>;
  /** A thread ended before it had finished. */
  onDied(error: Error): void;
}

export interface WorkerPool {
  /** Every worker has its pieces together. Rejects if one died instead. */
  readonly ready: Promise<void>;
  /** Starts the clock of all threads; resolves when the first connections are open. Rejects if one died instead. */
  begin(originNs: bigint): Promise<void>;
  /** There is a new change of the rate in the shared load. */
  rateChanged(): void;
  stop(): void;
  abort(): void;
  /** Per worker, how often this was asked since it said or sent anything; 0 for one that is over. */
  countSilence(): readonly number[];
  /** It hangs: nothing of it is waited for any more. */
  giveUp(worker: number): void;
  /** Resolves when every worker has finished, died or been given up. */
  readonly finished: Promise<void>;
  /** The load is over, or given up. Threads that have finished it can take another one; those that have not are ended. */
  release(): Promise<void>;
}

/** The threads of a run's load workers. They serve one load after the other: code that has become fast in one is fast in the next. */
export interface WorkerCrew {
  readonly workers: number;
  /** One load at a time: the one before must have been released. */
  start(setup: WorkerPoolSetup, events: WorkerPoolEvents): WorkerPool;
  /** Ends all threads. */
  dismiss(): Promise<void>;
}

/** The metronome, the main thread, and a server on the same machine. */
const OTHER_BUSY_THREADS = 3;

export type WorkerPoolSetup = Omit<LoadWorkerSetup, 'worker' | 'workers' | 'metronome'>;

export function createWorkerCrew(workers: number): WorkerCrew {
  keepNewObjectsYoung();
  /** Threads that wait for a load. */
  const idle: WorkerThread[] = [];
  const working = new Set<WorkerThread>();
  const hire = (): WorkerThread => {
    const thread =
      idle.pop() ??
      startWorkerThread('load-worker', { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB } });
    working.add(thread);
    return thread;
  };
  return {
    workers,
    start: (setup, events) =>
      startWorkerPool(Array.from({ length: workers }, hire), setup, events, async (thread, isFree) => {
        working.delete(thread);
        if (isFree) idle.push(thread);
        else await thread.terminate();
      }),
    async dismiss() {
      await Promise.all([...idle.splice(0), ...working].map((thread) => thread.terminate()));
      working.clear();
    },
  };
}

function startWorkerPool(
  threads: readonly WorkerThread[],
  setup: WorkerPoolSetup,
  events: WorkerPoolEvents,
  giveBack: (thread: WorkerThread, isFree: boolean) => Promise<void>,
): WorkerPool {
  const workers = threads.length;
  const metronomeBuffer = createMetronomeBuffer(workers);
  const members = threads.map((thread, worker) => {
    const member = new Member(thread, worker, events);
    member.order({ type: 'load', ...setup, worker, workers, metronome: metronomeBuffer });
    return member;
  });
  let metronome: WorkerThread | undefined;
  let restorePriority = (): void => {};
  let releaseHelpers = (): void => {};
  const orderAll = (order: ToLoadWorker): void => members.forEach((member) => member.order(order));
  return {
    ready: all(members.map((member) => member.ready.promise)),
    begin(originNs) {
      metronome = startWorkerThread('load-worker');
      metronome.port.post({ type: 'metronome', buffer: metronomeBuffer, originNs } satisfies ToLoadWorker);
      void metronome.ended.then((error) => {
        if (!members.every((member) => member.isOver)) events.onDied(error ?? new Error('the metronome ended'));
      });
      // From here on this thread keeps the books, and yields to those that send and stamp, as do those that only help.
      restorePriority = lowerThreadPriority();
      releaseHelpers = holdBackHelperThreads(workers + OTHER_BUSY_THREADS);
      orderAll({ type: 'begin', originNs });
      return all(members.map((member) => member.connected.promise));
    },
    rateChanged: () => orderAll({ type: 'rate-changed' }),
    stop: () => orderAll({ type: 'stop' }),
    abort: () => orderAll({ type: 'abort' }),
    countSilence: () => members.map((member, worker) => member.countSilence(awaitedNext(metronomeBuffer, worker))),
    giveUp: (worker) => members[worker]?.giveUp(),
    finished: all(members.map((member) => member.over.promise)),
    async release() {
      restorePriority();
      await Promise.all([...members.map((member) => giveBack(member.thread, member.leave())), metronome?.terminate()]);
      releaseHelpers();
    },
  };
}

/**
 * Nothing is stamped while memory is collected. How long that takes depends on what is in flight, and only how often it happens on this: at
 * 2,000 requests per second 0.6 ms four times a second.
 */
const YOUNG_GENERATION_MIB = 24;

class Member {
  readonly ready = Promise.withResolvers<void>();
  readonly connected = Promise.withResolvers<void>();
  /** Resolved when it has finished, died or been given up. */
  readonly over = Promise.withResolvers<void>();
  readonly thread: WorkerThread;
  readonly #events: WorkerPoolEvents;
  readonly #worker: number;
  readonly #stopListening: () => void;
  #state: 'working' | 'finished' | 'died' | 'left' = 'working';
  #silence = 0;
  #awaited = 0;

  constructor(thread: WorkerThread, worker: number, events: WorkerPoolEvents) {
    this.#worker = worker;
    this.#events = events;
    this.thread = thread;
    // Whoever does not wait for these is not to be told of them.
    this.ready.promise.catch(() => {});
    this.connected.promise.catch(() => {});
    this.#stopListening = thread.port.onMessage((message) => this.#hear(message as FromLoadWorker));
    void thread.ended.then((thrown) => {
      if (this.isOver) return;
      this.#state = 'died';
      const error = thrown ?? new Error(`load worker ${worker} ended`);
      this.over.resolve();
      this.ready.reject(error);
      this.connected.reject(error);
      events.onDied(error);
    });
  }

  /** @param awaited What changes while it still sends, also where it is too late to say anything. */
  countSilence(awaited: number): number {
    this.#silence = this.isOver || awaited !== this.#awaited ? 0 : this.#silence + 1;
    this.#awaited = awaited;
    return this.#silence;
  }

  giveUp(): void {
    if (this.isOver) return;
    this.#state = 'died';
    this.connected.reject(new Error('it hangs'));
    this.over.resolve();
  }

  get isOver(): boolean {
    return this.#state !== 'working';
  }

  order(order: ToLoadWorker): void {
    this.thread.port.post(order);
  }

  /** What the thread does from now on is not of this load. True if it can take another one. */
  leave(): boolean {
    const isFree = this.#state === 'finished';
    this.#state = 'left';
    this.#stopListening();
    return isFree;
  }

  #hear(message: FromLoadWorker): void {
    const events = this.#events;
    this.#silence = 0;
    switch (message.type) {
      case 'alive':
        return;
      case 'ready':
        return this.ready.resolve();
      case 'connected':
        return this.connected.resolve();
      case 'batch':
        return events.onBatch(message.batch);
      case 'health':
        return events.onHealth(this.#worker, message.sample, message.addresses);
      case 'log':
        return events.onLog(message.level, message.message);
      case 'count':
        return void events.countTokens(message.texts).then((tokens) => this.order({ type: 'counted', tokens }));
      case 'finished':
        this.#state = 'finished';
        return this.over.resolve();
    }
  }
}

async function all(promises: readonly Promise<void>[]): Promise<void> {
  await Promise.all(promises);
}
