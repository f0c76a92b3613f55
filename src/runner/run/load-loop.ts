/**
 * One worker's share of the load: warm-up, stages and drain, on the run's clock. It knows when and how many; what is sent and how is
 * the prompts' and the client's business. Nothing here reads a real clock, so ten minutes of load run in milliseconds of a test.
 */
import type { LoadStart, RunPlan } from '../../contract/plan.ts';
import type { PromptSource } from '../datasets/dataset.ts';
import { arrivalsOf } from '../pacing/arrivals.ts';
import type { Alarm } from '../platform/alarm.ts';
import { createRandom } from '../platform/random.ts';
import type { RequestClient, RequestJob } from '../request/request-client.ts';
import { createAgenda } from './agenda.ts';
import { createDispatcher, type DispatcherParts } from './dispatcher.ts';
import { createLatch } from './latch.ts';
import { isOpen, isWarmupPhase, phasesOf, type ClosedPhase, type OpenPhase, type Phase } from './phases.ts';
import { createUsers } from './users.ts';

export interface LoadLoopParts extends Omit<DispatcherParts, 'load' | 'backend' | 'client'> {
  readonly plan: Pick<RunPlan, 'load' | 'seed' | 'backend'>;
  readonly worker: number;
  readonly workers: number;
  readonly alarm: Alarm;
  readonly prompts: PromptSource;
  readonly client: Pick<RequestClient, 'prepare' | 'send'>;
  /** The phase begins soon: its connections may be opened. */
  readonly openConnections: (phase: number) => void;
  /** Told the numbers of requests that would not end. */
  readonly onWrittenOff: (ids: readonly number[]) => void;
}

export interface LoadLoop {
  /** Resolves when every request of this worker is over. The first phase begins when its start is set in the shared load. */
  run(): Promise<void>;
  /** No new requests; those in flight have the plan's drain time. */
  stop(): void;
  /** No new requests; those in flight are cut. */
  abort(): void;
}

/** How long before a phase begins its connections are opened. */
const CONNECT_AHEAD_MS = 2_000;
/** After requests were cut, how long their ends are waited for before they are written off. */
const CUT_GRACE_MS = 5_000;
/** Where a dataset is endless, prompts of the warm-up come from far beyond those of the stages; else from its end, backwards. */
const ENDLESS_WARMUP_PROMPT = 1_000_000_000;

export function createLoadLoop(parts: LoadLoopParts): LoadLoop {
  const { plan, worker, workers, clock, alarm, shared, prompts, client } = parts;
  const phases = phasesOf(plan.load);
  const halted = createLatch();
  const aborted = createLatch();
  const idle = createLatch();
  let isDraining = false;
  /** Requests of the measured phases so far: a phase's numbers go on where those of the one before it ended. */
  let counted = plan.load.from?.firstId ?? 0;

  const tellIdle = (): void => {
    if (isDraining && dispatcher.unfinished === 0) idle.open();
  };
  const dispatcher = createDispatcher({
    ...parts,
    load: plan.load,
    backend: plan.backend.name,
    complete: (record, text) => {
      parts.complete(record, text);
      tellIdle();
    },
  });
  const idOf = (phase: Phase, number: number): number =>
    isWarmupPhase(phase) ? -1 - number : counted + numberInStage(plan.load.from, phase, number);
  const prepare = (id: number, phase: Phase, dueMs: number): RequestJob => {
    const prompt = prompts.promptAt(promptIndex(id, prompts.size));
    const job = { id, stage: phase.stage, dueMs, prompt, ...abandonment(plan, id) };
    client.prepare(job);
    return job;
  };
  const agenda = createAgenda({
    clock,
    alarm,
    prepare: ({ id, phase, dueMs }) => prepare(id, phases[phase] as Phase, dueMs),
    fire: (job, phase) => dispatcher.dispatch(job, phase),
  });
  const users = createUsers({
    ...parts,
    seed: plan.seed,
    prepare: (phase, number, dueMs) => prepare(idOf(phase, number), phase, dueMs),
    dispatch: dispatcher.dispatch,
  });

  const walkOpen = async (phase: OpenPhase, startMs: number): Promise<number> => {
    const schedule = arrivalsOf(phase, plan.seed, phase.stageIndex);
    const { elapsedMs = 0 } = phase;
    const originMs = startMs - elapsedMs;
    for (let number = 0; ; number += 1) {
      const step = schedule.next();
      if (step.done === true) {
        shared.setStart(phase.index + 1, Math.max(startMs, originMs + step.value));
        return number;
      }
      if (number % workers !== worker || step.value < elapsedMs) continue;
      await agenda.whenRoom();
      if (halted.isOpen) return number;
      agenda.add({ id: idOf(phase, number), phase: phase.index, dueMs: originMs + step.value });
    }
  };
  const walkClosed = async (phase: ClosedPhase, startMs: number): Promise<number> => {
    if (phase.until.kind === 'time')
      shared.setStart(phase.index + 1, startMs + phase.until.durationMs - (phase.elapsedMs ?? 0));
    users.makeReady(phase, startMs);
    await until(startMs);
    if (halted.isOpen) return 0;
    users.enter(phase, startMs);
    await untilStartOf(phase.index + 1);
    users.leave();
    return numberInStage(plan.load.from, phase, shared.closeTickets(phase.index));
  };
  /** Resolves at this moment, or as soon as the load is halted. */
  const until = (atMs: number): Promise<unknown> => Promise.race([at(atMs), halted.opened]);
  const at = (atMs: number): Promise<void> => new Promise((resolve) => void alarm.at(atMs, resolve));
  const untilStartOf = async (phase: number): Promise<void> => {
    const startMs = await Promise.race([shared.whenStartKnown(phase), halted.opened]);
    if (startMs !== undefined) await until(startMs);
  };
  const drain = async (): Promise<void> => {
    isDraining = true;
    tellIdle();
    await Promise.race([idle.opened, aborted.opened, at(clock.nowMs() + plan.load.drainMs)]);
    if (dispatcher.unfinished === 0) return;
    dispatcher.giveUpQueue();
    dispatcher.cut();
    await Promise.race([idle.opened, at(clock.nowMs() + CUT_GRACE_MS)]);
    if (dispatcher.unfinished > 0) parts.onWrittenOff(dispatcher.writeOff());
  };
  const halt = (): void => {
    halted.open();
    users.leave();
    agenda.clear();
    dispatcher.giveUpQueue();
  };

  return {
    async run() {
      for (const phase of phases) {
        const startMs = await Promise.race([shared.whenStartKnown(phase.index), halted.opened]);
        if (startMs === undefined || halted.isOpen) break;
        if (phase.index > 0) alarm.at(startMs - CONNECT_AHEAD_MS, () => parts.openConnections(phase.index));
        const requests = isOpen(phase) ? await walkOpen(phase, startMs) : await walkClosed(phase, startMs);
        if (!isWarmupPhase(phase)) counted += requests;
      }
      await untilStartOf(phases.length);
      await drain();
      alarm.clear();
    },
    stop: halt,
    abort() {
      halt();
      aborted.open();
    },
  };
}

/** In a closed stage that a resumed run goes on with, numbers that came to nothing are given out again before new ones. */
function numberInStage(from: LoadStart | undefined, phase: Phase, number: number): number {
  if (from === undefined || isOpen(phase) || phase.stageIndex !== from.stageIndex) return number;
  const { firstId, missing, nextId } = from;
  return (missing[number] ?? nextId + number - missing.length) - firstId;
}

function promptIndex(id: number, size: number | undefined): number {
  if (id >= 0) return id;
  return size === undefined ? ENDLESS_WARMUP_PROMPT - id : size + (id % size);
}

/** Which users hang up is drawn by the request's number, so that it does not depend on the worker. */
function abandonment({ load, seed }: Pick<RunPlan, 'load' | 'seed'>, id: number): Pick<RequestJob, 'abandonAfterMs'> {
  if (load.abandon === undefined || createRandom(seed, 'abandon', id)() >= load.abandon.shareRatio) return {};
  return { abandonAfterMs: load.abandon.afterMs };
}
