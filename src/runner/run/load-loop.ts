/**
 * One worker's share of the load: warm-up, stages and drain, on the run's clock. It knows when and how many; what is sent and how is
 * the prompts' and the client's business. Nothing here reads a real clock, so ten minutes of load run in milliseconds of a test.
 */
import type { RequestRecord } from '../../contract/outcome.ts';
import type { Draft } from '../../contract/draft.ts';
import type { LoadStart, RunPlan } from '../../contract/plan.ts';
import { FIRST_WARMUP_INDEX, type Prompt, type PromptSource } from '../datasets/dataset.ts';
import { estimateTokens } from '../datasets/estimate-tokens.ts';
import { factsOf } from '../datasets/prompt.ts';
import { openArrivals, replayArrivals, type Arrivals } from '../pacing/arrivals.ts';
import type { Alarm } from '../platform/alarm.ts';
import { createRandom } from '../platform/random.ts';
import type { RequestClient, RequestJob } from '../request/request-client.ts';
import { createAgenda } from './agenda.ts';
import { createDispatcher, type DispatcherParts } from './dispatcher.ts';
import { createLatch } from './latch.ts';
import { createOpenWalk } from './open-walk.ts';
import { isClosed, isOpen, isWarmupPhase, phasesOf, type ClosedPhase, type Phase } from './phases.ts';
import { beginSession, turnId, type SessionUnderWay } from './sessions.ts';
import type { UnfinishedRequest } from './unfinished.ts';
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
  /** Told of requests that had not ended when the drain was over, and of those that did not end when they were cut either. */
  readonly onUnfinished: (what: 'cut' | 'written-off', requests: readonly UnfinishedRequest[]) => void;
}

export interface LoadLoop {
  /** Resolves when every request of this worker is over. The first phase begins when its start is set in the shared load. */
  run(): Promise<void>;
  /** There is a new change of the rate in the shared load. */
  rateChanged(): void;
  /** What streams counts against the budget: to be called a few times a second. */
  chargeStreaming(): void;
  /** No new requests; those in flight have the plan's drain time. */
  stop(): void;
  /** No new requests; those in flight are cut. */
  abort(): void;
}

/** A request of the schedule, and the conversation that it begins where the dataset is one of conversations. */
interface ReadyArrival {
  readonly job: RequestJob;
  readonly session: SessionUnderWay | undefined;
}

/** How long before a phase begins its connections are opened. */
const CONNECT_AHEAD_MS = 2_000;
/** After requests were cut, how long their ends are waited for before they are written off. */
const CUT_GRACE_MS = 5_000;

export function createLoadLoop(parts: LoadLoopParts): LoadLoop {
  const { plan, clock, alarm, shared, prompts, client } = parts;
  const phases = phasesOf(plan.load);
  const halted = createLatch();
  const aborted = createLatch();
  const idle = createLatch();
  let isDraining = false;
  /** The first number of each phase so far: they go on where those of the one before it ended. */
  const firstIds: number[] = [];
  let connectedPhases = 0;

  const tellIdle = (): void => {
    if (isDraining && dispatcher.unfinished === 0) idle.open();
  };
  const dispatcher = createDispatcher({
    ...parts,
    load: plan.load,
    backend: plan.backend.name,
    onSpent: () => halt(),
    complete: (record, text) => {
      parts.complete(record, text);
      tellIdle();
    },
  });
  const idOf = (phase: Phase, number: number): number =>
    isWarmupPhase(phase)
      ? -1 - number - (plan.load.from?.warmups ?? 0)
      : (firstIds[phase.index] as number) + numberInStage(plan.load.from, phase, number);
  const makeJob = (id: number, stage: string, dueMs: number, prompt: Prompt): RequestJob => {
    const job: Draft<RequestJob> = { id, stage, dueMs, prompt: factsOf(prompt), bytes: client.prepare(prompt) };
    const abandonAfterMs = abandonAfter(plan, id);
    if (abandonAfterMs !== undefined) job.abandonAfterMs = abandonAfterMs;
    if (parts.budget !== undefined) job.inputTokensEstimate = prompt.inputTokens ?? estimateTokens(prompt.text);
    return job;
  };

  /** Conversations that a resumed run begins are none that were begun before. */
  const sessionNumber = (phase: ClosedPhase, number: number): number => {
    const { from } = plan.load;
    return from?.stageIndex === phase.stageIndex ? from.nextId + number : idOf(phase, number);
  };

  const { sessions } = prompts;
  const size = sessions === undefined ? prompts.size : sessions.size;
  /** What an arrival of this number sends. A replay sends the dataset from its beginning, whatever was sent before. */
  const indexOf = (phase: Phase, number: number): number => {
    if (phase.shape.kind !== 'replay' || isWarmupPhase(phase)) return promptIndex(idOf(phase, number), size);
    return number + (size ?? 0) * Math.ceil((firstIds[phase.index] as number) / (size ?? 1));
  };
  const prepareArrival = (phase: Phase, number: number, dueMs: number): ReadyArrival => {
    const id = idOf(phase, number);
    const index = indexOf(phase, number);
    const session = sessions === undefined ? undefined : beginSession(sessions.sessionAt(index), id);
    return { job: makeJob(id, phase.stage, dueMs, session?.prompt() ?? prompts.promptAt(index)), session };
  };
  /** In an open loop: the next turn follows the answer and the pause, as long as the load is one of arrivals. */
  const goOn = (session: SessionUnderWay, record: RequestRecord, answer: string | undefined): void => {
    const thinkMs = session.goOn(record, answer);
    if (thinkMs === undefined || halted.isOpen) return;
    const dueMs = (record.endMs ?? clock.nowMs()) + thinkMs;
    if (thinkMs <= 0) sendTurn(session, dueMs);
    else alarm.at(dueMs, () => sendTurn(session, dueMs));
  };
  const sendTurn = (session: SessionUnderWay, dueMs: number): void => {
    const phase = phaseAt(dueMs);
    if (phase === undefined || isClosed(phase) || halted.isOpen) return;
    const id = turnId(session.number, session.turn, isWarmupPhase(phase));
    const job = makeJob(id, phase.stage, dueMs, session.prompt());
    dispatcher.dispatch(job, phase.index, (record, answer) => goOn(session, record, answer));
  };
  const phaseAt = (atMs: number): Phase | undefined => {
    const index = phases.findLastIndex((phase) => (shared.startOf(phase.index) ?? Number.POSITIVE_INFINITY) <= atMs);
    const isLoadOver = (shared.startOf(phases.length) ?? Number.POSITIVE_INFINITY) <= atMs;
    return isLoadOver ? undefined : phases[index];
  };

  const agenda = createAgenda({
    clock,
    alarm,
    prepare: ({ number, phase, dueMs }) => prepareArrival(phases[phase] as Phase, number, dueMs),
    fire: ({ job, session }: ReadyArrival, phase) => {
      if (session === undefined) dispatcher.dispatch(job, phase);
      else dispatcher.dispatch(job, phase, (record, answer) => goOn(session, record, answer));
    },
  });
  const users = createUsers({
    ...parts,
    seed: plan.seed,
    prepare: (phase, number, dueMs, session) =>
      makeJob(
        idOf(phase, number),
        phase.stage,
        dueMs,
        session?.prompt() ?? prompts.promptAt(promptIndex(idOf(phase, number), size)),
      ),
    ...(sessions === undefined
      ? {}
      : {
          beginSession: (phase: ClosedPhase) => {
            const number = sessionNumber(phase, shared.takeSession(phase.index));
            return beginSession(sessions.sessionAt(promptIndex(number, size)), number);
          },
        }),
    dispatch: dispatcher.dispatch,
  });

  /** Once it is known when the phase begins. */
  const connectAhead = (phase: number): void => {
    const startMs = shared.startOf(phase);
    if (phase <= connectedPhases || phase >= phases.length || startMs === undefined) return;
    connectedPhases = phase;
    alarm.at(startMs - CONNECT_AHEAD_MS, () => parts.openConnections(phase));
  };
  const openWalk = createOpenWalk({
    ...parts,
    agenda,
    halted,
    arrivalsOf(phase): Arrivals {
      if (isOpen(phase)) return openArrivals(phase, plan.seed, phase.stageIndex);
      return replayArrivals(phase, prompts.arrivalsMs ?? []);
    },
    until: (atMs) => until(atMs),
    onEnd: (phase) => connectAhead(phase.index + 1),
  });
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
    parts.onUnfinished('cut', dispatcher.describeUnfinished());
    dispatcher.giveUpQueue();
    dispatcher.cut();
    await Promise.race([idle.opened, at(clock.nowMs() + CUT_GRACE_MS)]);
    if (dispatcher.unfinished === 0) return;
    parts.onUnfinished('written-off', dispatcher.describeUnfinished());
    dispatcher.writeOff();
  };
  const halt = (): void => {
    if (halted.isOpen) return;
    halted.open();
    users.leave();
    agenda.clear();
    dispatcher.giveUpQueue();
  };

  return {
    async run() {
      let counted = plan.load.from?.firstId ?? 0;
      for (const phase of phases) {
        firstIds.push(counted);
        const startMs = await Promise.race([shared.whenStartKnown(phase.index), halted.opened]);
        if (startMs === undefined || halted.isOpen) break;
        connectAhead(phase.index);
        const requests = isClosed(phase) ? await walkClosed(phase, startMs) : await openWalk.walk(phase, startMs);
        if (!isWarmupPhase(phase)) counted += requests;
      }
      await untilStartOf(phases.length);
      await drain();
      alarm.clear();
    },
    rateChanged() {
      openWalk.rateChanged();
      const change = shared.rateChanges.at(-1);
      if (change !== undefined) alarm.at(change.atMs, () => users.rateChanged(change.atMs));
    },
    chargeStreaming() {
      parts.budget?.setStreaming(parts.worker, dispatcher.streamedReads, clock.nowMs());
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
  if (from === undefined || !isClosed(phase) || phase.stageIndex !== from.stageIndex) return number;
  const { firstId, missing, nextId } = from;
  return (missing[number] ?? nextId + number - missing.length) - firstId;
}

/** Prompts of the warm-up come from a finite dataset's end, backwards. */
function promptIndex(id: number, size: number | undefined): number {
  if (id >= 0) return id;
  return size === undefined ? FIRST_WARMUP_INDEX - 1 - id : size + (id % size);
}

/** Which users hang up is drawn by the request's number, so that it does not depend on the worker. */
function abandonAfter({ load, seed }: Pick<RunPlan, 'load' | 'seed'>, id: number): number | undefined {
  if (load.abandon === undefined || createRandom(seed, 'abandon', id)() >= load.abandon.shareRatio) return undefined;
  return load.abandon.afterMs;
}
