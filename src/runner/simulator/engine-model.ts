/**
 * What decides when the tokens of a simulated engine come. A model knows no sockets and no clock of its own: it is handed instants and
 * says what is due, so a minute of load is simulated in milliseconds of a test. The HTTP side (simulator.ts) writes what it says.
 */

/** A request as an engine sees it. `number` counts arrivals from 0. */
export interface EngineRequest {
  readonly number: number;
  readonly inputTokens: number;
  /** Exactly so many are generated; at least 1. */
  readonly outputTokens: number;
  /** Which token stands at a position of the prompt and, after it, of the answer: a number of 32 bits. Asked by prefix caches. */
  tokenAt(position: number): number;
  /** Kept by the model. */
  readonly progress: EngineProgress;
}

/** What an engine did with a request. */
export interface EngineProgress {
  /** When it was taken from the queue for the first time; absent while it waits. */
  scheduledMs?: number;
  /** Tokens of the prompt that were found in the prefix cache, the first time. */
  cachedTokens: number;
  preemptions: number;
}

/** Counters since the beginning, and what holds now. */
export interface EngineStats {
  readonly running: number;
  readonly waiting: number;
  /** Share of KV-cache blocks in use, 0…1; 0 for a model without one. */
  readonly kvUsageRatio: number;
  /** Tokens looked for in the prefix cache, and found there. */
  readonly prefixQueries: number;
  readonly prefixHits: number;
  readonly preemptions: number;
  /** Prompt tokens of requests whose prompt is processed, cached ones included. */
  readonly promptTokens: number;
  /** Those of them that were in the prefix cache; `prefixHits` has them as soon as they are found. */
  readonly cachedPromptTokens: number;
}

export interface EngineModel<Request extends EngineRequest> {
  /** A request has arrived whole. */
  submit(request: Request, nowMs: number): void;
  /** Its client is gone; nothing more is due for it. No effect on a request that is over. */
  cancel(request: Request): void;
  /** When something is due next; `Infinity` while idle. */
  nextDueMs(): number;
  /**
   * Hands over what is due up to `nowMs`, in the order of its due time, but no more than `most` tokens: what is left is due still.
   * `onToken` may submit and cancel.
   */
  advance(nowMs: number, most: number, onToken: (request: Request, dueMs: number) => void): void;
  stats(): EngineStats;
}

export function newProgress(): EngineProgress {
  return { cachedTokens: 0, preemptions: 0 };
}
