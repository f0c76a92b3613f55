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
}
