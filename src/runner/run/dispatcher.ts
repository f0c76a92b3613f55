/**
 * From a request that is due to its record: the limit on flight, the sending, and what becomes of requests that are never sent.
 * It exists once, whatever made the request due.
 */
import type { RequestRecord } from '../../contract/outcome.ts';
import type { LoadPlan } from '../../contract/plan.ts';
import type { BatchBuilder } from '../measure/batch-builder.ts';
import type { Clock } from '../platform/clock.ts';
import { roundMs } from '../request/output-stamps.ts';
import type { ActiveRequest, Done, RequestClient, RequestJob } from '../request/request-client.ts';
import { Fifo } from '../platform/fifo.ts';
import { FlightList, NO_PLACE, type Placed } from '../request/flight-list.ts';
import type { SharedBudget } from './shared-budget.ts';
import type { SharedLoad } from './shared-load.ts';
import type { UnfinishedRequest } from './unfinished.ts';

export interface DispatcherParts {
  readonly clock: Clock;
  readonly client: Pick<RequestClient, 'send'>;
  readonly shared: SharedLoad;
  readonly load: Pick<LoadPlan, 'inFlightLimit' | 'overload'>;
  readonly backend: string;
  readonly batch: Pick<BatchBuilder, 'due' | 'sent'>;
  /** Takes how late a request was handed over, ms. */
  readonly recordLag: (lagMs: number) => void;
  /** What the run may use; absent: as much as it likes. */
  readonly budget?: SharedBudget;
  /** The budget is spent: nothing more is to be sent. */
  readonly onSpent?: () => void;
  /** Takes every record once, also of requests that were never sent. */
  readonly complete: (record: RequestRecord, text: string | undefined) => void;
}

interface Active extends Placed {
  readonly job: RequestJob;
  readonly request: ActiveRequest;
  readonly end: Done;
}

interface Waiting {
  readonly slot: number;
  readonly sinceMs: number;
  readonly job: RequestJob;
  readonly phase: number;
  readonly onOver: OnOver;
}

/** Told when a request is over and its slot is free again; with the answer's text where texts are kept. */
export type OnOver = (record: RequestRecord, answer?: string) => void;

export interface Dispatcher {
  /** The request is due now, or was. */
  dispatch(job: RequestJob, phase: number, onOver?: OnOver): void;
  /** Requests in flight and waiting in this worker. */
  readonly unfinished: number;
  /** Output that has come so far of what is in flight: reads, which are tokens or a few of them. */
  readonly streamedReads: number;
  /** Requests waiting for a slot are given up (censored: they were due, and never sent); those in flight go on. */
  giveUpQueue(): void;
  /** Cuts what is in flight, as censored. */
  cut(): void;
  /** Which they are, and how far they got. */
  describeUnfinished(): readonly UnfinishedRequest[];
  /** Ends, as censored, requests whose cut has not come to anything. */
  writeOff(): void;
}

export function createDispatcher(parts: DispatcherParts): Dispatcher {
  const { clock, client, shared, load, backend, batch, complete } = parts;
  const active = new FlightList<Active>();
  const queue = new Fifo<Waiting>();
  let isWatching = false;

  const unsent = (job: RequestJob, outcome: 'dropped' | 'censored'): RequestRecord => ({
    id: job.id,
    stage: job.stage,
    backend,
    dueMs: roundMs(job.dueMs),
    ...(job.prompt.outputTokens === undefined ? {} : { askedOutputTokens: job.prompt.outputTokens }),
    outcome,
    ...originOf(job),
  });
  const { budget, onSpent = () => {} } = parts;
  /** What is not told is estimated: a budget is not the place to be generous. */
  const charge = ({ inputTokensEstimate = 0 }: RequestJob, record: RequestRecord): void => {
    if (budget === undefined || record.sentMs === undefined) return;
    const input = record.inputTokens ?? inputTokensEstimate;
    budget.addTokens({ input, output: record.outputTokens ?? record.reads ?? 0 }, clock.nowMs());
    if (budget.isSpent) onSpent();
  };
  const over = (record: RequestRecord, phase: number, onOver: OnOver, text?: string, answer?: string): void => {
    shared.finishRequest(phase);
    complete(record, text);
    onOver(record, answer);
  };
  const send = (job: RequestJob, phase: number, onOver: OnOver, heldMs?: number): void => {
    if (budget?.takeRequest(clock.nowMs()) === false) {
      shared.releaseSlot();
      over(unsent(job, 'censored'), phase, onOver);
      return onSpent();
    }
    batch.sent(job.stage);
    let isOver = false;
    const end: Done = (record, text, answer) => {
      if (isOver) return;
      isOver = true;
      active.delete(entry);
      shared.releaseSlot();
      charge(job, record);
      over(heldMs === undefined ? record : { ...record, heldMs: roundMs(heldMs) }, phase, onOver, text, answer);
      pump();
    };
    const request = client.send(job, end);
    const entry: Active = { job, request, end, place: NO_PLACE };
    active.add(entry);
    // Not of the generator: waiting for a slot, and for a connection that has to be opened.
    if (heldMs === undefined) parts.recordLag((request.sentMs ?? clock.nowMs()) - job.dueMs);
  };
  const pump = (): void => {
    for (let head = queue.at(0); head !== undefined && shared.isGranted(head.slot); head = queue.at(0)) {
      queue.shift();
      send(head.job, head.phase, head.onOver, clock.nowMs() - head.sinceMs);
    }
    if (queue.length > 0) void watch();
  };
  /** Slots are released in other threads too: while requests wait here, every release is looked at. */
  const watch = async (): Promise<void> => {
    if (isWatching) return;
    isWatching = true;
    while (queue.length > 0) {
      const released = shared.whenSlotReleased();
      pump();
      if (queue.length > 0) await released;
    }
    isWatching = false;
  };

  return {
    dispatch(job, phase, onOver = () => {}) {
      // Due after the load was over.
      if (budget?.isSpent === true) return onSpent();
      batch.due(job.stage);
      if (load.inFlightLimit !== undefined && load.overload === 'drop') {
        if (shared.tryTakeSlot()) send(job, phase, onOver);
        else {
          parts.recordLag(clock.nowMs() - job.dueMs);
          over(unsent(job, 'dropped'), phase, onOver);
        }
        return;
      }
      const slot = shared.drawSlot();
      if (queue.length === 0 && shared.isGranted(slot)) return send(job, phase, onOver);
      const sinceMs = clock.nowMs();
      parts.recordLag(sinceMs - job.dueMs);
      queue.push({ slot, sinceMs, job, phase, onOver });
      pump();
    },
    get unfinished() {
      return active.size + queue.length;
    },
    get streamedReads() {
      let reads = 0;
      for (const { request } of active) reads += request.reads ?? 0;
      return reads;
    },
    giveUpQueue() {
      for (const { job, phase, onOver } of queue.drain()) {
        shared.cancelSlot();
        over(unsent(job, 'censored'), phase, onOver);
      }
    },
    cut() {
      for (const { request } of [...active]) request.cut('censored');
    },
    describeUnfinished: () => [
      ...Array.from(active, ({ job: { id, stage, dueMs }, request: { sentMs, reads = 0 } }) => ({
        ...{ id, stage, reads },
        ...(sentMs === undefined
          ? { state: 'connecting' as const, sinceMs: dueMs }
          : { state: 'sent' as const, sinceMs: sentMs }),
      })).sort((one, other) => one.id - other.id),
      ...Array.from(queue, ({ job: { id, stage }, sinceMs }) => ({
        ...{ id, stage, sinceMs },
        state: 'held' as const,
        reads: 0,
      })),
    ],
    writeOff() {
      for (const { job, request, end } of [...active]) {
        const { sentMs } = request;
        end({ ...unsent(job, 'censored'), ...(sentMs === undefined ? {} : { sentMs }) });
      }
    },
  };
}

function originOf({
  prompt: { dataset, session, turn, turns },
}: RequestJob): Pick<RequestRecord, 'dataset' | 'session' | 'turn' | 'turns'> {
  return {
    ...(dataset === undefined ? {} : { dataset }),
    ...(session === undefined ? {} : { session }),
    ...(turn === undefined ? {} : { turn }),
    ...(turns === undefined ? {} : { turns }),
  };
}
