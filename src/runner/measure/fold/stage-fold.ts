/** Folds one stage: its requests, whether the server kept up within it, and when the generator set out to send. */
import type { RequestRecord } from '../../../contract/outcome.ts';
import type { LimitPlan } from '../../../contract/plan.ts';
import { LagFold, type Lag } from './lag.ts';
import { SendTimes } from './delivered-load.ts';
import type { StageWindow } from './stage-windows.ts';
import { WindowFold } from './window-fold.ts';

/** Values kept exactly per metric of a stage. */
const MOST_EXACT = 50_000;

/** One that was due a moment before the window's end, and left a moment after it, was delivered. */
const PUNCTUAL_MS = 10;

export class StageFold {
  readonly window: StageWindow;
  readonly requests: WindowFold;
  readonly sendTimes = new SendTimes();
  /** Requests that were on a schedule: later turns of a conversation follow its answers instead. */
  scheduled = 0;
  readonly #lag: LagFold | undefined;
  /** Latest due time, and latest end, of the stage's requests. */
  lastDueMs: number;
  lastEndMs: number;
  /** Requests the generator set out to send while the window was open, or as punctually as anybody can ask, whether or not a connection came about. */
  sentWithin = 0;
  /** Of the requests sent in the first second, and after it: how many, how many had to open a connection, and how long that took in all. */
  readonly first = { sent: 0, connected: 0, connectMs: 0 };
  readonly rest = { sent: 0, connected: 0, connectMs: 0 };
  /** Where a torn record ends. */
  cutMs = Number.POSITIVE_INFINITY;
  /** Time closed-loop users were busy beyond the window's end with answers that count, and at its beginning with earlier requests. */
  #busyAfterMs = 0;
  #busyBeforeMs = 0;

  constructor(window: StageWindow, limits: readonly (readonly LimitPlan[])[]) {
    this.window = window;
    this.requests = new WindowFold(limits, MOST_EXACT);
    this.lastDueMs = window.startMs;
    this.lastEndMs = window.startMs;
    const isOpen = window.stage.shape.kind !== 'closed';
    this.#lag = isOpen && window.plannedMs !== undefined ? new LagFold(window.startMs, window.plannedMs) : undefined;
  }

  add(record: RequestRecord): void {
    const { endMs } = this.window;
    this.requests.add(record);
    this.lastDueMs = Math.max(this.lastDueMs, record.dueMs);
    const overMs = record.endMs ?? record.lastMs;
    if (overMs !== undefined) this.lastEndMs = Math.max(this.lastEndMs, overMs);
    if (this.window.stage.shape.kind === 'closed' || !isLaterTurn(record)) this.#addDelivery(record);
    if (record.outcome !== 'ok' || overMs === undefined) return;
    this.#lag?.addSuccess(record.dueMs, overMs);
    if (endMs !== undefined) this.#busyAfterMs += Math.max(0, overMs - endMs);
  }

  #addDelivery(record: RequestRecord): void {
    const { startMs, endMs } = this.window;
    this.scheduled++;
    // How long a connection takes to open is the server's doing: the generator set out before it. One that never opened was tried too.
    const triedMs =
      record.sentMs === undefined
        ? record.outcome === 'failed' || record.lost === true
          ? record.dueMs
          : undefined
        : record.sentMs - (record.connectMs ?? 0);
    if (triedMs === undefined) return;
    if (endMs === undefined || triedMs < endMs || triedMs - record.dueMs <= PUNCTUAL_MS) this.sentWithin++;
    if (record.lost === true) this.sendTimes.add(triedMs - startMs);
    if (record.sentMs === undefined) return;
    this.sendTimes.add(triedMs - startMs);
    const part = triedMs < startMs + 1_000 ? this.first : this.rest;
    part.sent++;
    if (record.connectMs === undefined) return;
    part.connected++;
    part.connectMs += record.connectMs;
  }

  /** A user's request of an earlier closed loop, which may still have been in flight when this stage began. */
  addEarlier(record: RequestRecord): void {
    const { startMs } = this.window;
    if (record.dueMs < startMs && record.endMs !== undefined && record.endMs > startMs)
      this.#busyBeforeMs += record.endMs - startMs;
  }

  /** End of the window; where the run never said so, as far as the record goes. */
  get endMs(): number {
    const { endMs, plannedMs, startMs } = this.window;
    if (endMs !== undefined) return Math.max(startMs, Math.min(endMs, this.cutMs));
    const seenMs = this.window.stage.shape.kind !== 'closed' ? this.lastDueMs : this.lastEndMs;
    return plannedMs === undefined ? seenMs : Math.min(startMs + plannedMs, seenMs);
  }

  get lag(): Lag | undefined {
    return this.#lag?.measure();
  }

  /**
   * What throughputs are divided by (docs/metrics.md). The stage's requests are those due in it; their answers may end after it. Over
   * its own length an overloaded server would show the rate it was asked for. So the window is longer by the time the work ran over:
   * open loop by how far the server fell behind; closed loop by how much longer users were busy with this stage than its length.
   */
  get throughputWindowMs(): number {
    const lengthMs = this.endMs - this.window.startMs;
    const { shape } = this.window.stage;
    if (shape.kind === 'closed')
      return Math.max(lengthMs / 2, lengthMs + (this.#busyAfterMs - this.#busyBeforeMs) / shape.users);
    const lag = this.lag;
    return lag === undefined || lag.growthMs === 0 ? lengthMs : Math.max(lengthMs, lag.spanMs + lag.growthMs);
  }
}

function isLaterTurn({ turn }: RequestRecord): boolean {
  return turn !== undefined && turn > 1;
}
