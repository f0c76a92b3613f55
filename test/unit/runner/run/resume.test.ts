import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RunError } from '../../../../src/contract/errors.ts';
import type { RequestRecord } from '../../../../src/contract/outcome.ts';
import type { LoadPlan, RunPlan } from '../../../../src/contract/plan.ts';
import { partName, type RunEventRecord } from '../../../../src/contract/record.ts';
import type { ReportData } from '../../../../src/contract/report.ts';
import { foldRecord } from '../../../../src/runner/measure/fold-record.ts';
import { renderRecordLine } from '../../../../src/runner/measure/record-line.ts';
import { createLoadLoop } from '../../../../src/runner/run/load-loop.ts';
import { phasesOf } from '../../../../src/runner/run/phases.ts';
import { recordResume } from '../../../../src/runner/run/record-resume.ts';
import { findResumePoint, type ResumePoint } from '../../../../src/runner/run/resume-point.ts';
import { SharedLoad } from '../../../../src/runner/run/shared-load.ts';
import { createStageWatch } from '../../../../src/runner/run/stage-watch.ts';
import { createFakeClock } from '../../../helpers/fake-clock.ts';
import { createFakeAlarm, createFakeClient, createFakePrompts } from '../../../helpers/fake-load.ts';
import { flat, forRequests, forTime, makeLoad, makeStage, makeWarmup, users } from '../../../helpers/make-load.ts';
import { makePlan } from '../../../helpers/make-plan.ts';
import { sourceOf, STARTED } from '../measure/example-record.ts';

type Files = Record<string, string>;
const RESUMED_AT = new Date('2026-11-21T11:00:00.000Z');
const ANSWER_MS = 700;

interface Part {
  readonly files: Files;
  /** Numbers sent, measured ones only, and the prompt each got. */
  readonly prompts: ReadonlyMap<number, string>;
}

/** Plays the load on a clock of its own, and leaves what a run leaves that is killed at `killedMs` after it was started (or stopped in order). */
async function play(
  plan: RunPlan,
  given: { resume?: ResumePoint; killedMs?: number; stoppedMs?: number; workers?: number },
): Promise<Part> {
  const { resume, killedMs = Infinity, stoppedMs, workers = 1 } = given;
  const load: LoadPlan = resume === undefined ? plan.load : { ...plan.load, from: resume.from };
  const part = resume?.nextPart ?? 1;
  const startMs = resume?.recordedMs ?? 0;
  const clock = createFakeClock(startMs);
  const lines: string[] = [];
  const events: RunEventRecord[] = resume === undefined ? [STARTED] : [];
  if (resume !== undefined)
    recordResume(resume, {
      journal: { record: (event) => void events.push(event), log: () => {} },
      files: { requests: (bytes) => void lines.push(new TextDecoder().decode(bytes)) },
      plan,
      generator: { version: '0.1.0', workers },
      resumedAt: RESUMED_AT,
    });
  const shared = new SharedLoad(phasesOf(load).length, load.inFlightLimit);
  const client = createFakeClient(clock, () => ({ tookMs: ANSWER_MS }));
  const loops = Array.from({ length: workers }, (_, worker) =>
    createLoadLoop({
      plan: { ...plan, load },
      worker,
      workers,
      clock,
      alarm: createFakeAlarm(clock),
      shared: new SharedLoad(phasesOf(load).length, load.inFlightLimit, shared.buffer),
      prompts: createFakePrompts(),
      client,
      openConnections: () => {},
      batch: { due: () => {}, sent: () => {} },
      recordLag: () => {},
      complete: (record) => void lines.push(renderRecordLine(record)),
      onUnfinished: () => {},
    }),
  );
  let running = workers;
  const done = loops.map(async (loop) => {
    await loop.run();
    running -= 1;
  });
  const stages = createStageWatch({ load }, shared);
  shared.setStart(0, startMs);
  for (let step = 0; running > 0 && clock.nowMs() - startMs < killedMs; step++) {
    const leftMs = killedMs - (clock.nowMs() - startMs);
    await clock.advanceAsync(Math.min(25, leftMs));
    if (
      stoppedMs !== undefined &&
      clock.nowMs() - startMs >= stoppedMs &&
      !events.some(({ type }) => type === 'stopping')
    ) {
      stages.halt(clock.nowMs());
      events.push({ type: 'stopping', atMs: clock.nowMs(), why: 'user-stop', message: 'Stopped.' });
      for (const loop of loops) loop.stop();
    }
    for (const change of stages.changes(clock.nowMs())) events.push({ ...change });
    events.push({ type: 'alert', atMs: clock.nowMs(), monitor: 'm', text: 'tick', value: step });
  }
  if (running === 0) {
    await Promise.all(done);
    events.push({ type: 'run.ended', atMs: clock.nowMs(), endedAt: '2026-11-21T12:00:00.000Z' });
  }
  return {
    files: {
      'plan.json': JSON.stringify(plan),
      [partName('requests.jsonl', part)]: lines.join(''),
      [partName('events.jsonl', part)]: events.map((event) => `${JSON.stringify(event)}\n`).join(''),
      [partName('monitors.jsonl', part)]: '',
    },
    prompts: new Map(client.sent.filter(({ job }) => job.id >= 0).map(({ job }) => [job.id, job.prompt.text])),
  };
}

interface Outcome {
  readonly report: ReportData;
  readonly records: readonly RequestRecord[];
  readonly resumes: readonly ResumePoint[];
  readonly prompts: readonly ReadonlyMap<number, string>[];
}

/** A run that is killed at each of these times (since its last start), and resumed each time. */
async function playKilled(plan: RunPlan, killedMs: readonly number[], workers = 1): Promise<Outcome> {
  let part = await play(plan, { killedMs: killedMs[0] ?? Infinity, workers });
  let { files } = part;
  const prompts = [part.prompts];
  const resumes: ResumePoint[] = [];
  for (let kill = 1; kill <= killedMs.length; kill++) {
    const resume = await findResumePoint(plan, sourceOf(files));
    resumes.push(resume);
    part = await play(plan, { resume, killedMs: killedMs[kill] ?? Infinity, workers });
    prompts.push(part.prompts);
    files = { ...files, ...part.files };
  }
  const { report } = await foldRecord(sourceOf(files));
  const records = Object.entries(files)
    .filter(([name]) => name.startsWith('requests'))
    .flatMap(([, text]) => text.split('\n').filter((line) => line !== ''))
    .map((line) => JSON.parse(line) as RequestRecord)
    .filter(({ id }) => id >= 0);
  return { report, records, resumes, prompts };
}

const idsOf = ({ records }: Outcome): number[] => records.map(({ id }) => id).toSorted((left, right) => left - right);
const countTo = (count: number): number[] => Array.from({ length: count }, (_, id) => id);

const OPEN = makePlan({
  load: makeLoad(
    [
      makeStage('first', flat(20, 'poisson'), forTime(4_000)),
      makeStage('second', flat(40), forTime(3_000)),
      makeStage('third', flat(30, 'poisson'), forRequests(60)),
    ],
    { warmup: makeWarmup(forTime(1_000)) },
  ),
});
const CLOSED = makePlan({
  load: makeLoad(
    [
      makeStage('users', users(5), forRequests(40)),
      makeStage('timed', users(7), forTime(4_000)),
      makeStage('open', flat(25), forTime(2_000)),
    ],
    { warmup: makeWarmup(forRequests(5)) },
  ),
});

describe('an open loop that is killed and resumed', () => {
  for (const workers of [1, 3])
    it(`sends what it would have sent, at the same times of its schedule, with ${workers} workers`, async () => {
      const whole = await playKilled(OPEN, [], workers);
      const total = whole.records.length;
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 9_300 }), async (killedMs) => {
          const outcome = await playKilled(OPEN, [killedMs], workers);
          assert.deepEqual(idsOf(outcome), countTo(total), 'every number once');
          const { report } = outcome;
          assert.deepEqual(
            report.stages.map(({ name, requests, startedMs, endedMs }) => [
              name,
              requests.due,
              Math.round(endedMs - startedMs),
            ]),
            whole.report.stages.map(({ name, requests, startedMs, endedMs }) => [
              name,
              requests.due,
              Math.round(endedMs - startedMs),
            ]),
          );
          assert.equal(report.run.resumed?.length, 1);
          assert.equal(report.run.torn, undefined);
          assert.equal(report.run.error, undefined);
        }),
        { numRuns: 25 },
      );
    });

  it('keeps the times its schedule has, without the gap and the second warm-up', async () => {
    const whole = await playKilled(OPEN, []);
    const outcome = await playKilled(OPEN, [3_210, 2_345]);
    assert.equal(outcome.report.run.resumed?.length, 2);
    assert.deepEqual(idsOf(outcome), countTo(whole.records.length));
    const spans = (report: ReportData): number[] =>
      report.stages.flatMap(({ startedMs, endedMs }) => [startedMs, endedMs]);
    const wholeSpans = spans(whole.report);
    spans(outcome.report).forEach((at, index) =>
      assert.ok(Math.abs(at - (wholeSpans[index] as number)) < 0.01, `${at} ${wholeSpans[index]}`),
    );
    assert.deepEqual(
      outcome.report.validity.reasons.filter(({ severity }) => severity === 'invalid'),
      [],
    );
  });

  it('counts what was in flight as cut, says how many those are, and sends none of them twice', async () => {
    const outcome = await playKilled(OPEN, [3_000]);
    const lost = outcome.records.filter((record) => record.lost === true);
    assert.ok(lost.length > 5);
    assert.equal(outcome.resumes[0]?.lost.length, lost.length);
    assert.equal(outcome.report.run.resumed?.[0]?.lost, lost.length);
    assert.equal(outcome.report.requests.censored, lost.length);
    const [before, after] = outcome.prompts as [ReadonlyMap<number, string>, ReadonlyMap<number, string>];
    for (const { id } of lost) assert.ok(before.has(id) && !after.has(id), `${id}`);
    for (const [id, prompt] of after) assert.equal(prompt, `prompt ${id}`);
  });

  it('says when it stopped and when it went on, by the wall clock', async () => {
    const { report } = await playKilled(OPEN, [3_000]);
    const [resume] = report.run.resumed ?? [];
    assert.equal(resume?.stoppedAt, '2026-11-21T10:00:03.000Z');
    assert.equal(resume?.resumedAt, RESUMED_AT.toISOString());
    assert.equal(resume?.gapMs, 59 * 60_000 + 57_000);
    assert.equal(resume?.stage, 'first');
    assert.equal(resume?.atMs, 3_000);
  });

  it('killed within its warm-up, it begins anew', async () => {
    const outcome = await playKilled(OPEN, [400]);
    assert.equal(outcome.resumes[0]?.from.elapsedMs, 0);
    assert.deepEqual(idsOf(outcome), countTo(outcome.records.length));
  });

  it('killed within the warm-up of a resume, it goes on where it had stopped before', async () => {
    const outcome = await playKilled(OPEN, [3_000, 500]);
    const [first, second] = outcome.resumes;
    assert.deepEqual(second?.from, first?.from);
    assert.equal(second?.lost.length, 0);
    assert.deepEqual(idsOf(outcome), idsOf(await playKilled(OPEN, [])));
  });

  it('stopped in order, it loses nothing', async () => {
    const stopped = await play(OPEN, { stoppedMs: 3_000 });
    const resume = await findResumePoint(OPEN, sourceOf(stopped.files));
    assert.deepEqual(resume.lost, []);
    const rest = await play(OPEN, { resume });
    const { report } = await foldRecord(sourceOf({ ...stopped.files, ...rest.files }));
    assert.equal(report.requests.due, (await playKilled(OPEN, [])).records.length);
    assert.equal(report.requests.censored, 0);
    assert.equal(report.run.error, undefined);
  });
});

describe('a closed loop that is killed and resumed', () => {
  it('gives every number out until it has an outcome, and ends when all have', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 11_000 }), fc.constantFrom(1, 2), async (killedMs, workers) => {
        const outcome = await playKilled(CLOSED, [killedMs], workers);
        const ids = outcome.records.filter(({ stage }) => stage === 'users').map(({ id }) => id);
        assert.deepEqual(
          ids.toSorted((left, right) => left - right),
          countTo(40),
        );
        assert.equal(new Set(idsOf(outcome)).size, outcome.records.length, 'no number twice');
        const open = outcome.report.stages.find(({ name }) => name === 'open');
        assert.equal(open?.requests.due, 50);
        const timed = outcome.report.stages.find(({ name }) => name === 'timed');
        assert.equal(Math.round((timed?.endedMs ?? 0) - (timed?.startedMs ?? 0)), 4_000);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a run that cannot be resumed is refused by name', () => {
  const refusal = async (files: Files): Promise<string> => {
    try {
      await findResumePoint(OPEN, sourceOf(files));
    } catch (thrown) {
      assert.ok(thrown instanceof RunError);
      return `${thrown.code}: ${thrown.message}`;
    }
    return 'it was not refused';
  };
  const sentEverything = async (): Promise<Files> => (await play(OPEN, { killedMs: 10_400 })).files;
  const cases: readonly (readonly [string, () => Promise<Files>, RegExp])[] = [
    ['finished', async () => (await play(OPEN, {})).files, /^RUN_NOT_RESUMABLE: .*finished/],
    ['everything sent', sentEverything, /^RUN_NOT_RESUMABLE: .*Every request/],
    ['never begun', async () => ({ 'events.jsonl': '' }), /^RUN_RECORD_UNREADABLE: .*began/],
    [
      'budget spent',
      async () => ({
        'events.jsonl': [STARTED, { type: 'stopping', atMs: 5, why: 'budget', message: 'spent' }]
          .map((event) => `${JSON.stringify(event)}\n`)
          .join(''),
      }),
      /^RUN_NOT_RESUMABLE: .*budget/,
    ],
  ];
  for (const [name, files, expected] of cases)
    it(name, async () => assert.match(await refusal(await files()), expected));
});
