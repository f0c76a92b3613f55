/** The requests of open-loop phases that this worker sends next, in the order they are due: made ready ahead of time, handed over on time. */
import type { Alarm } from '../platform/alarm.ts';
import type { Clock } from '../platform/clock.ts';
import { Fifo } from '../platform/fifo.ts';

export interface Arrival {
  /** Within its phase, from 0. */
  readonly number: number;
  readonly phase: number;
  readonly dueMs: number;
}

/** `Ready`: a request that is made. */
export interface AgendaParts<Ready> {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly alarm: Pick<Alarm, 'at' | 'soon'>;
  /** Makes the request; its bytes are made here too, so that sending it costs little. */
  readonly prepare: (arrival: Arrival) => Ready;
  readonly fire: (ready: Ready, phase: number) => void;
}

export interface Agenda {
  /** Arrivals come in the order they are due. */
  add(arrival: Arrival): void;
  /** Resolves when there is room for more, or when it was cleared. */
  whenRoom(): Promise<void>;
  readonly length: number;
  /** Number of the phase's first arrival that is not yet due here. */
  firstOf(phase: number): number | undefined;
  /** Takes the phase's arrivals back: they are due at other times now, and will be added again. */
  takeBack(phase: number): void;
  clear(): void;
}

interface Entry<Ready> {
  readonly arrival: Arrival;
  ready: Ready | undefined;
}

/** The alarm knows of so many: enough to bridge a pause of the event loop at thousands of requests per second. */
const ROOM = 128;
/** Made ready whenever they are due: at a low rate long prompts have all the time there is. */
const ALWAYS_READY = 4;
/** Further ones no sooner: what is made long before it is due outlives a garbage collection or two, and makes each of them slow. */
const READY_AHEAD_MS = 20;
/** After a silence a crowd may be due at once: without a request before it that would do so, this long before it making ready goes on by itself. */
const RESUME_AHEAD_MS = 10;
/** Nothing is made ready this shortly before a request is due: making the next one could make that one late. */
const PREPARE_MARGIN_MS = 0.5;

export function createAgenda<Ready>({ clock, alarm, prepare, fire }: AgendaParts<Ready>): Agenda {
  const entries = new Fifo<Entry<Ready>>();
  let prepared = 0;
  let isPreparing = false;
  let resumesAtMs = Number.POSITIVE_INFINITY;
  let generation = 0;
  let onRoom: (() => void) | undefined;

  /** Each has an alarm of its own, and it is for the alarm to say when the event loop has its turn. */
  const onDue = (atMs: number): void => {
    for (let head = entries.at(0); head !== undefined && head.arrival.dueMs <= atMs; head = entries.at(0)) {
      entries.shift();
      if (prepared > 0) prepared -= 1;
      fire(head.ready ?? prepare(head.arrival), head.arrival.phase);
    }
    tellRoom();
    prepareMore();
  };
  const tellRoom = (): void => {
    if (entries.length > ROOM / 2) return;
    onRoom?.();
    onRoom = undefined;
  };
  /** One at a time, each in a turn of its own, so that what arrives meanwhile is stamped in time. */
  const prepareMore = (): void => {
    if (isPreparing || !isWanted(entries.at(prepared))) return;
    isPreparing = true;
    alarm.soon(() => {
      isPreparing = false;
      const head = entries.at(0);
      const next = entries.at(prepared);
      if (head === undefined || next === undefined || !isWanted(next)) return;
      const isTight = prepared > 0 && head.arrival.dueMs - clock.nowMs() < PREPARE_MARGIN_MS;
      if (isTight) return;
      next.ready = prepare(next.arrival);
      prepared += 1;
      prepareMore();
    });
  };
  /** What is not wanted yet is looked at again when the head is due, or shortly before it is due itself. */
  const isWanted = (next: Entry<Ready> | undefined): boolean => {
    if (next === undefined) return false;
    const { dueMs } = next.arrival;
    if (prepared < ALWAYS_READY || dueMs - clock.nowMs() <= READY_AHEAD_MS) return true;
    const atMs = dueMs - RESUME_AHEAD_MS;
    if ((entries.at(0) as Entry<Ready>).arrival.dueMs > atMs && atMs < resumesAtMs) {
      resumesAtMs = atMs;
      alarm.at(atMs, () => {
        resumesAtMs = Number.POSITIVE_INFINITY;
        prepareMore();
      });
    }
    return false;
  };

  return {
    add(arrival) {
      entries.push({ arrival, ready: undefined });
      const added = generation;
      // All of them are known to the alarm ahead of time: it goes from one to the next by itself.
      alarm.at(arrival.dueMs, () => {
        if (added === generation) onDue(arrival.dueMs);
      });
      prepareMore();
    },
    whenRoom() {
      if (entries.length < ROOM) return Promise.resolve();
      return new Promise((resolve) => {
        onRoom = resolve;
      });
    },
    get length() {
      return entries.length;
    },
    firstOf(phase) {
      for (let index = 0; index < entries.length; index += 1) {
        const { arrival } = entries.at(index) as Entry<Ready>;
        if (arrival.phase === phase) return arrival.number;
      }
      return undefined;
    },
    takeBack(phase) {
      const kept: readonly Entry<Ready>[] = entries.drain().filter(({ arrival }) => arrival.phase !== phase);
      prepared = kept.filter(({ ready }) => ready !== undefined).length;
      for (const entry of kept) entries.push(entry);
      tellRoom();
    },
    clear() {
      entries.drain();
      prepared = 0;
      generation += 1;
      tellRoom();
    },
  };
}
