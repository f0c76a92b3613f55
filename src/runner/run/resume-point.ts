/**
 * Where a run that was cut off goes on: read from its record. Stages that are over stay so. In the one that was cut off, open-loop
 * requests whose time had passed and of which nothing is known were in flight: they are recorded as lost, and the schedule goes on at the
 * moment it had got to. A closed loop has no such moment: numbers without an outcome are given out again.
 */
import { RunError } from '../../contract/errors.ts';
import type { RequestRecord } from '../../contract/outcome.ts';
import type { LoadStart, RunPlan, StagePlan } from '../../contract/plan.ts';
import { RESULT_FILES, type RunEventRecord } from '../../contract/record.ts';
import type { RecordSource } from '../measure/fold-record.ts';
import { RunTime } from '../measure/fold/run-time.ts';
import { isRequestRecord, isRunEvent } from '../measure/record-check.ts';
import { readJsonLines, type LineTally } from '../measure/record-lines.ts';
import { isWarmup } from '../measure/request-value.ts';
import { dueTimes, openArrivals, replayArrivals, type OpenShape, type ReplayShape } from '../pacing/arrivals.ts';
import { changesSince, factorAt, type RateChange } from '../pacing/rate-changes.ts';
import { isOnSchedule } from './sessions.ts';

export interface ResumePoint {
  readonly directory: string;
  readonly runId: string;
  readonly startedAt: Date;
  readonly nonce: string | undefined;
  /** Of the first parts that are not there yet. */
  readonly nextPart: number;
  /** Where the record's time goes on. */
  readonly recordedMs: number;
  readonly stoppedAt: string;
  readonly continuesAtMs: number;
  readonly from: LoadStart;
  readonly stage: string;
  /** What the load was times the plan's, in the end. */
  readonly rateFactor: number;
  /** Open-loop requests that were in flight. */
  readonly lost: readonly LostRequest[];
  /** Conversations of which a turn had been answered and another one was to come. They are not taken up again. */
  readonly conversations: number;
}

export type LostRequest = Pick<RequestRecord, 'id' | 'stage' | 'dueMs'>;

/**
 * @param arrivalsMs The dataset's own arrival times, where a stage replays them.
 * @throws RunError RUN_NOT_RESUMABLE, RUN_RECORD_UNREADABLE
 */
export async function findResumePoint(
  plan: RunPlan,
  source: RecordSource,
  arrivalsMs: ArrayLike<number> = [],
): Promise<ResumePoint> {
  const events = await readEvents(source);
  const started = events.find((event) => event.type === 'run.started');
  if (started === undefined)
    throw new RunError('RUN_RECORD_UNREADABLE', `${source.directory} says nowhere that a run began.`, {
      hint: 'There is nothing to go on with: run the scenario.',
    });
  const lastResume = events.findLast((event) => event.type === 'run.resumed');
  const since = events.slice(lastResume === undefined ? 0 : events.indexOf(lastResume));
  const stopping = since.find((event) => event.type === 'stopping');
  if (stopping?.why === 'budget')
    throw refused(source, 'Its budget is spent.', 'Raise the budget in the scenario, and run it anew.');
  if (stopping === undefined && since.some(({ type }) => type === 'run.ended'))
    throw refused(source, 'The run was finished.', '`benchwright report` makes its report again.');
  const time = new RunTime(events);
  const seen = await readRequests(plan, source, time, lastResume?.atMs ?? 0);
  // A change of the rate is told before it is in force.
  const recordedEndMs = events.reduce(
    (latest, { type, atMs }) => (type === 'rate.changed' ? latest : Math.max(latest, atMs)),
    seen.lastRecordedMs,
  );
  const stoppedMs = time.of(stopping?.atMs ?? recordedEndMs);
  const runEvents = time.events(events);
  const changes = runEvents
    .filter((event) => event.type === 'rate.changed')
    .map(({ atMs, factor }): RateChange => ({ atMs: Math.min(atMs, stoppedMs), factor }));
  const found = findStage(plan, { events: runEvents, seen, stoppedMs, changes, arrivalsMs });
  if (found === undefined)
    throw refused(
      source,
      'Every request of its load had been sent.',
      'Only answers were still awaited: `benchwright report` makes its report.',
    );
  const lastBegan = { atMs: lastResume?.atMs ?? 0, epochMs: Date.parse(lastResume?.resumedAt ?? started.startedAt) };
  const parts = await Promise.all(
    [RESULT_FILES.requests, RESULT_FILES.monitors, RESULT_FILES.events].map((name) => source.listParts(name)),
  );
  return {
    directory: source.directory,
    runId: started.id,
    startedAt: new Date(started.startedAt),
    nonce: started.nonce,
    nextPart: 1 + Math.max(...parts.map(({ length }) => length)),
    recordedMs: Math.ceil(recordedEndMs) + 1,
    stoppedAt: new Date(lastBegan.epochMs + recordedEndMs - lastBegan.atMs).toISOString(),
    ...found,
    rateFactor: factorAt(changes, Infinity),
    conversations: seen.conversations,
    lost: found.lost.map((each) => ({ ...each, dueMs: time.recordedAt(each.dueMs) })),
  };
}

async function readEvents(source: RecordSource): Promise<readonly RunEventRecord[]> {
  const events: RunEventRecord[] = [];
  const tally: LineTally = { read: 0, unreadable: 0, torn: 0 };
  for (const part of await source.listParts(RESULT_FILES.events))
    await readJsonLines(source.readChunks(part), tally, (value) => {
      if (isRunEvent(value)) events.push(value);
    });
  return events;
}

interface SeenStage {
  count: number;
  lastId: number;
  /** The one with the lowest number, due in time of the run. */
  first: { readonly id: number; readonly dueMs: number };
}

interface SeenRequests {
  readonly stages: ReadonlyMap<string, SeenStage>;
  readonly has: (id: number) => boolean;
  /** Last instant of the record that a request speaks of. */
  readonly lastRecordedMs: number;
  readonly conversations: number;
  /** Numbers that warm-ups have used up. */
  readonly warmups: number;
}

/** @param sinceMs Of the record: conversations that an earlier interruption had cut are not cut again. */
async function readRequests(
  plan: RunPlan,
  source: RecordSource,
  time: RunTime,
  sinceMs: number,
): Promise<SeenRequests> {
  const stages = new Map<string, SeenStage>();
  const known = new Set(plan.load.stages.map(({ name }) => name));
  let bits = new Uint8Array(1024);
  let lastRecordedMs = 0;
  let warmups = 0;
  const underWay = new Set<string>();
  const take = (record: RequestRecord): void => {
    const { id, stage, dueMs, sentMs, endMs, session, turn = 1, turns = 1 } = record;
    lastRecordedMs = Math.max(lastRecordedMs, endMs ?? sentMs ?? dueMs);
    if (session !== undefined && dueMs >= sinceMs) {
      if (record.outcome === 'ok' && turn < turns) underWay.add(session);
      else underWay.delete(session);
    }
    if (id < 0 && isOnSchedule(id)) warmups = Math.max(warmups, -id);
    if (!isOnSchedule(id) || isWarmup(record) || !known.has(stage) || !Number.isSafeInteger(id)) return;
    if (id >> 3 >= bits.length) {
      const grown = new Uint8Array(Math.max((id >> 3) + 1, bits.length * 2));
      grown.set(bits);
      bits = grown;
    }
    bits[id >> 3] = (bits[id >> 3] as number) | (1 << (id & 7));
    const seen = stages.get(stage);
    const first = { id, dueMs: time.of(dueMs) };
    if (seen === undefined) stages.set(stage, { count: 1, lastId: id, first });
    else {
      seen.count++;
      seen.lastId = Math.max(seen.lastId, id);
      if (id < seen.first.id) seen.first = first;
    }
  };
  const tally: LineTally = { read: 0, unreadable: 0, torn: 0 };
  for (const part of await source.listParts(RESULT_FILES.requests))
    await readJsonLines(source.readChunks(part), tally, (value) => {
      if (isRequestRecord(value)) take(value);
    });
  return {
    stages,
    has: (id) => ((bits[id >> 3] ?? 0) & (1 << (id & 7))) !== 0,
    lastRecordedMs,
    conversations: underWay.size,
    warmups,
  };
}

interface Known {
  /** In time of the run. */
  readonly events: readonly RunEventRecord[];
  readonly seen: SeenRequests;
  readonly stoppedMs: number;
  /** In time of the run, none later than where it stopped. */
  readonly changes: readonly RateChange[];
  readonly arrivalsMs: ArrayLike<number>;
}

type Found = Pick<ResumePoint, 'from' | 'stage' | 'continuesAtMs' | 'lost'>;

/** Goes through the stages as the run did, up to the one that was not over; `undefined` if all were. */
function findStage(plan: RunPlan, known: Known): Found | undefined {
  const lost: LostRequest[] = [];
  let firstId = 0;
  let continuesAtMs = known.stoppedMs;
  for (const [stageIndex, stage] of plan.load.stages.entries()) {
    const startMs = startOf(stage, known);
    if (startMs === undefined)
      return { ...restFrom(stageIndex, firstId, known.seen), stage: stage.name, continuesAtMs, lost };
    const passed = isScheduled(stage)
      ? passScheduled(plan, { stage, stageIndex, firstId, startMs }, known)
      : passClosed(stage, { firstId, startMs }, known);
    lost.push(...passed.lost);
    if (passed.endMs === undefined)
      return {
        from: {
          ...passed.from,
          ...changedSince(known.changes, startMs),
          warmups: known.seen.warmups,
          stageIndex,
          elapsedMs: Math.max(0, known.stoppedMs - startMs),
        },
        stage: stage.name,
        continuesAtMs: Math.max(startMs, known.stoppedMs),
        lost,
      };
    continuesAtMs = passed.endMs;
    firstId = passed.nextId;
  }
  return undefined;
}

function changedSince(changes: readonly RateChange[], startMs: number): Pick<LoadStart, 'rateChanges'> {
  const rateChanges = changesSince(changes, startMs);
  return rateChanges.length === 0 ? {} : { rateChanges };
}

function restFrom(stageIndex: number, firstId: number, { warmups }: SeenRequests): Pick<Found, 'from'> {
  return { from: { stageIndex, elapsedMs: 0, firstId, done: 0, missing: [], nextId: firstId, warmups } };
}

/** When the stage began, if it did. Where the run was cut off before it could say so, its first request does. */
function startOf(stage: StagePlan, { events, seen }: Known): number | undefined {
  const started = events.find((event) => event.type === 'stage.started' && event.stage === stage.name);
  return started?.atMs ?? seen.stages.get(stage.name)?.first.dueMs;
}

interface Passed {
  /** When the stage was over, if it was. */
  readonly endMs?: number;
  /** Number of the next stage's first request. */
  readonly nextId: number;
  readonly from: Omit<LoadStart, 'stageIndex' | 'elapsedMs' | 'warmups'>;
  readonly lost: readonly LostRequest[];
}

type OpenStage = StagePlan & { readonly shape: OpenShape };
type ReplayStage = StagePlan & { readonly shape: ReplayShape };

function isScheduled(stage: StagePlan): stage is OpenStage | ReplayStage {
  return stage.shape.kind !== 'closed';
}

function isReplay(stage: OpenStage | ReplayStage): stage is ReplayStage {
  return stage.shape.kind === 'replay';
}

/** Two times are the same request's if they are closer than the record's resolution lets them be. */
const SAME_MS = 0.002;

function passScheduled(
  plan: RunPlan,
  given: {
    readonly stage: OpenStage | ReplayStage;
    readonly stageIndex: number;
    readonly firstId: number;
    readonly startMs: number;
  },
  { seen, stoppedMs, changes, arrivalsMs }: Known,
): Passed {
  const { stage, stageIndex, startMs } = given;
  const first = seen.stages.get(stage.name)?.first;
  const elapsedMs = stoppedMs - startMs;
  const dueMs: number[] = [];
  let { firstId } = given;
  const arrivals = isReplay(stage) ? replayArrivals(stage, arrivalsMs) : openArrivals(stage, plan.seed, stageIndex);
  const schedule = dueTimes(stage.until, arrivals, changesSince(changes, startMs));
  let step = schedule.next();
  for (; step.done !== true && step.value < elapsedMs; step = schedule.next()) {
    // After a closed loop by time nobody knows how many numbers it took: the stage's own requests say where its numbers begin.
    if (first !== undefined && Math.abs(startMs + step.value - first.dueMs) < SAME_MS)
      firstId = first.id - dueMs.length;
    dueMs.push(step.value);
  }
  const lost = dueMs.flatMap((sinceStartMs, number): LostRequest[] =>
    seen.has(firstId + number) ? [] : [{ id: firstId + number, stage: stage.name, dueMs: startMs + sinceStartMs }],
  );
  const nextId = firstId + dueMs.length;
  const endMs = startMs + step.value;
  const isOver = step.done === true && endMs <= stoppedMs;
  return {
    ...(isOver ? { endMs } : {}),
    nextId,
    from: { firstId, done: dueMs.length, missing: [], nextId },
    lost,
  };
}

function passClosed(
  stage: StagePlan,
  { firstId, startMs }: { readonly firstId: number; readonly startMs: number },
  { events, seen, stoppedMs }: Known,
): Passed {
  const known = seen.stages.get(stage.name);
  const nextId = Math.max(firstId, (known?.lastId ?? -1) + 1);
  const missing: number[] = [];
  for (let id = firstId; id < nextId; id++) if (!seen.has(id)) missing.push(id);
  const { until } = stage;
  const done = known?.count ?? 0;
  const ended = events.find((event) => event.type === 'stage.ended' && event.stage === stage.name);
  const endMs =
    until.kind === 'time'
      ? startMs + until.durationMs
      : until.kind === 'requests' && done >= until.requests
        ? (ended?.atMs ?? stoppedMs)
        : Infinity;
  return {
    ...(endMs <= stoppedMs ? { endMs } : {}),
    nextId: until.kind === 'requests' ? firstId + until.requests : nextId,
    from: { firstId, done, missing, nextId },
    lost: [],
  };
}

function refused({ directory }: RecordSource, why: string, hint: string): RunError {
  return new RunError('RUN_NOT_RESUMABLE', `The run in ${directory} cannot be resumed. ${why}`, { hint });
}
