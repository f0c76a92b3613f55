/**
 * Where a run that was cut off goes on: read from its record. Stages that are over stay so. In the one that was cut off, open-loop
 * requests whose time had passed and of which nothing is known were in flight: they are recorded as lost, and the schedule goes on at the
 * moment it had got to. A closed loop has no such moment: numbers without an outcome are given out again.
 */
import { RunError } from '../../contract/errors.ts';
import type { RequestRecord } from '../../contract/outcome.ts';
import type { DatasetPlan, LoadStart, RunPlan, StagePlan } from '../../contract/plan.ts';
import { RESULT_FILES, type RunEventRecord } from '../../contract/record.ts';
import type { RecordSource } from '../measure/fold-record.ts';
import { RunTime } from '../measure/fold/run-time.ts';
import { isRequestRecord, isRunEvent } from '../measure/record-check.ts';
import { readJsonLines, type LineTally } from '../measure/record-lines.ts';
import { isWarmup } from '../measure/request-value.ts';
import { arrivalsOf, type OpenShape } from '../pacing/arrivals.ts';

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
  /** Open-loop requests that were in flight. */
  readonly lost: readonly LostRequest[];
}

export type LostRequest = Pick<RequestRecord, 'id' | 'stage' | 'dueMs'>;

/** @throws RunError RUN_NOT_RESUMABLE, RUN_RECORD_UNREADABLE */
export async function findResumePoint(plan: RunPlan, source: RecordSource): Promise<ResumePoint> {
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
  const anew = notOnItsSchedule(plan, events);
  if (anew !== undefined)
    throw refused(source, anew, 'Run the scenario anew; `benchwright report` makes the report of this part.');
  const time = new RunTime(events);
  const seen = await readRequests(plan, source, time);
  const recordedEndMs = events.reduce((latest, { atMs }) => Math.max(latest, atMs), seen.lastRecordedMs);
  const stoppedMs = time.of(stopping?.atMs ?? recordedEndMs);
  const found = findStage(plan, { events: time.events(events), seen, stoppedMs });
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
    lost: found.lost.map((each) => ({ ...each, dueMs: time.recordedAt(each.dueMs) })),
  };
}

/** Why the record does not tell what was due at the moment it ends, where that is so. */
function notOnItsSchedule({ load, dataset }: RunPlan, events: readonly RunEventRecord[]): string | undefined {
  if (events.some(({ type }) => type === 'rate.changed')) return 'Its rate was changed while it ran.';
  if (load.stages.some(({ shape }) => shape.kind === 'replay')) return 'A replay cannot be taken up in the middle.';
  if (hasTurns(dataset)) return 'Conversations that were cut cannot be carried on: what was answered is not kept.';
  return undefined;
}

function hasTurns({ options, mix = [] }: DatasetPlan): boolean {
  const { turns = 'first' } = options;
  return turns !== 'first' || mix.some((part) => hasTurns(part.dataset));
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
}

async function readRequests(plan: RunPlan, source: RecordSource, time: RunTime): Promise<SeenRequests> {
  const stages = new Map<string, SeenStage>();
  const known = new Set(plan.load.stages.map(({ name }) => name));
  let bits = new Uint8Array(1024);
  let lastRecordedMs = 0;
  const take = (record: RequestRecord): void => {
    const { id, stage, dueMs, sentMs, endMs } = record;
    lastRecordedMs = Math.max(lastRecordedMs, endMs ?? sentMs ?? dueMs);
    if (isWarmup(record) || !known.has(stage) || !Number.isSafeInteger(id)) return;
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
  return { stages, has: (id) => ((bits[id >> 3] ?? 0) & (1 << (id & 7))) !== 0, lastRecordedMs };
}

interface Known {
  /** In time of the run. */
  readonly events: readonly RunEventRecord[];
  readonly seen: SeenRequests;
  readonly stoppedMs: number;
}

type Found = Pick<ResumePoint, 'from' | 'stage' | 'continuesAtMs' | 'lost'>;

/** Goes through the stages as the run did, up to the one that was not over; `undefined` if all were. */
function findStage(plan: RunPlan, known: Known): Found | undefined {
  const lost: LostRequest[] = [];
  let firstId = 0;
  let continuesAtMs = known.stoppedMs;
  for (const [stageIndex, stage] of plan.load.stages.entries()) {
    const startMs = startOf(stage, known);
    if (startMs === undefined) return { ...restFrom(stageIndex, firstId), stage: stage.name, continuesAtMs, lost };
    const passed = isOpenStage(stage)
      ? passOpen(plan, { stage, stageIndex, firstId, startMs }, known)
      : passClosed(stage, { firstId, startMs }, known);
    lost.push(...passed.lost);
    if (passed.endMs === undefined)
      return {
        from: { ...passed.from, stageIndex, elapsedMs: Math.max(0, known.stoppedMs - startMs) },
        stage: stage.name,
        continuesAtMs: Math.max(startMs, known.stoppedMs),
        lost,
      };
    continuesAtMs = passed.endMs;
    firstId = passed.nextId;
  }
  return undefined;
}

function restFrom(stageIndex: number, firstId: number): Pick<Found, 'from'> {
  return { from: { stageIndex, elapsedMs: 0, firstId, done: 0, missing: [], nextId: firstId } };
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
  readonly from: Omit<LoadStart, 'stageIndex' | 'elapsedMs'>;
  readonly lost: readonly LostRequest[];
}

type OpenStage = StagePlan & { readonly shape: OpenShape };

function isOpenStage(stage: StagePlan): stage is OpenStage {
  return stage.shape.kind === 'open';
}

/** Two times are the same request's if they are closer than the record's resolution lets them be. */
const SAME_MS = 0.002;

function passOpen(
  plan: RunPlan,
  given: { readonly stage: OpenStage; readonly stageIndex: number; readonly firstId: number; readonly startMs: number },
  { seen, stoppedMs }: Known,
): Passed {
  const { stage, stageIndex, startMs } = given;
  const first = seen.stages.get(stage.name)?.first;
  const elapsedMs = stoppedMs - startMs;
  const dueMs: number[] = [];
  let { firstId } = given;
  const schedule = arrivalsOf(stage, plan.seed, stageIndex);
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
