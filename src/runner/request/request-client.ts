/** The sending side of one worker thread: connections and requests in flight. A failed request is a record, never an exception. */
import type { RequestRecord } from '../../contract/outcome.ts';
import type { Prompt } from '../datasets/dataset.ts';

/** One request to send, as the schedule wants it. */
export interface RequestJob {
  readonly id: number;
  readonly stage: string;
  /** When the schedule wanted it sent, ms since the run began. */
  readonly dueMs: number;
  readonly prompt: Prompt;
  /** Hang up this long after it was sent. */
  readonly abandonAfterMs?: number;
}

export interface ActiveRequest {
  readonly id: number;
  readonly stage: string;
  readonly sentMs: number | undefined;
  /** Cuts the request; its record says why. No effect once it is over. */
  cut(outcome: 'abandoned' | 'censored'): void;
}

export interface RequestClient {
  /** Bytes are made now, so that sending later costs little; `send` uses what was prepared for this job. */
  prepare(job: RequestJob): void;
  /**
   * Sends at once. `done` is called exactly once, never before `send` has returned. `text` is the whole output, given where the
   * backend's tokenizer is a local one: its tokens are counted elsewhere, and completed in the record there.
   */
  send(job: RequestJob, done: (record: RequestRecord, text?: string) => void): ActiveRequest;
  /** Opens connections ahead of the window at a paced rate. Resolves when done or when `signal` aborts; failures are left for requests to meet. */
  openConnections(count: number, perSecond: number, signal: AbortSignal): Promise<void>;
  readonly inFlight: Iterable<ActiveRequest>;
  /** Open sockets now; opened and reused since the beginning. */
  readonly connections: { readonly open: number; readonly opened: number; readonly reused: number };
  close(): Promise<void>;
}
