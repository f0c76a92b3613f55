import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RunError } from '../../../../src/contract/errors.ts';
import type { RequestRecord } from '../../../../src/contract/outcome.ts';
import type { LoadPlan, RunPlan } from '../../../../src/contract/plan.ts';
import { partName, type RunEventRecord } from '../../../../src/contract/record.ts';
import { describeResume } from '../../../../src/contract/describe-resume.ts';
import type { ReportData, ResumeSummary } from '../../../../src/contract/report.ts';
import { foldRecord } from '../../../../src/runner/measure/fold-record.ts';
import { renderRecordLine } from '../../../../src/runner/measure/record-line.ts';
import type { PromptSource } from '../../../../src/runner/datasets/dataset.ts';
import type { RateChange } from '../../../../src/runner/pacing/rate-changes.ts';
import { SETTLED_MS } from '../../../../src/runner/run/open-walk.ts';
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
  given: {
    resume?: ResumePoint;
    killedMs?: number;
    stoppedMs?: number;
    workers?: number;
    changes?: readonly RateChange[];
    prompts?: PromptSource;
  },
): Promise<Part> {
  const { resume, killedMs = Infinity, stoppedMs, workers = 1, prompts = createFakePrompts() } = given;
  const changes = [...(given.changes ?? [])];
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
  if (resume !== undefined && resume.rateFactor !== 1) shared.changeRate(resume.rateFactor, startMs, 0);
  const client = createFakeClient(clock, () => ({ tookMs: ANSWER_MS, says: 'yes' }));
  const loops = Array.from({ length: workers }, (_, worker) =>
    createLoadLoop({
      plan: { ...plan, load },
      worker,
      workers,
      clock,
      alarm: createFakeAlarm(clock),
      shared: new SharedLoad(phasesOf(load).length, load.inFlightLimit, shared.buffer),
      prompts,
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
    for (const next = changes[0]; next !== undefined && next.atMs <= clock.nowMs() - startMs;) {
      changes.shift();
      const atMs = shared.changeRate(next.factor, clock.nowMs() + 100, SETTLED_MS) ?? 0;
      events.push({ type: 'rate.changed', atMs, factor: next.factor });
      for (const loop of loops) loop.rateChanged();
      break;
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
async function playKilled(
  plan: RunPlan,
  killedMs: readonly number[],
  workers = 1,
  more: {
    /** Of the rate, by part, at times since the part was started. */
    readonly changes?: readonly (readonly RateChange[])[];
    readonly prompts?: () => PromptSource;
  } = {},
): Promise<Outcome> {
  const of = (index: number) => ({
    workers,
    killedMs: killedMs[index] ?? Infinity,
    changes: more.changes?.[index] ?? [],
    ...(more.prompts === undefined ? {} : { prompts: more.prompts() }),
  });
  let part = await play(plan, of(0));
  let { files } = part;
  const prompts = [part.prompts];
  const resumes: ResumePoint[] = [];
  for (let kill = 1; kill <= killedMs.length; kill++) {
    const resume = await findResumePoint(plan, sourceOf(files), more.prompts?.().arrivalsMs);
    resumes.push(resume);
    part = await play(plan, { resume, ...of(kill) });
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

const FACTORS: readonly RateChange[] = [
  { atMs: 1_500, factor: 2 },
  { atMs: 2_600, factor: 0.5 },
];
/** Of the load: what was asked for and what was delivered, stage by stage. */
const loadOf = ({ stages }: ReportData): readonly (readonly [string, number, number, number])[] =>
  stages.map(({ name, requests, startedMs, endedMs, asked }) => [
    name,
    requests.due,
    Math.round(endedMs - startedMs),
    Math.round((asked.ratePerSecond ?? 0) * 10),
  ]);
const LOAD_REASONS: ReadonlySet<string> = new Set(['rate-short', 'arrival-distribution', 'schedule-lag']);
const loadReasons = ({ validity }: ReportData): readonly string[] =>
  validity.reasons.map(({ code }) => code).filter((code) => LOAD_REASONS.has(code));

describe('a run whose rate was changed, killed and resumed', () => {
  it('goes on with the rate it had, at the same times of its changed schedule', async () => {
    const whole = await playKilled(OPEN, [], 1, { changes: [FACTORS] });
    assert.notDeepEqual(loadOf(whole.report), loadOf((await playKilled(OPEN, [])).report));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2_750, max: 10_000 }), fc.constantFrom(1, 2), async (killedMs, workers) => {
        const outcome = await playKilled(OPEN, [killedMs], workers, { changes: [FACTORS] });
        assert.deepEqual(idsOf(outcome), countTo(whole.records.length), 'every number once');
        assert.deepEqual(loadOf(outcome.report), loadOf(whole.report));
        assert.deepEqual(loadReasons(outcome.report), []);
        assert.equal(outcome.resumes[0]?.rateFactor, 0.5);
      }),
      { numRuns: 20 },
    );
  });

  it('can be changed before and after, and the report’s asked and delivered agree', async () => {
    const changes = [FACTORS, [{ atMs: 400, factor: 1.5 }], [{ atMs: 2_300, factor: 1 }]];
    for (const killedMs of [
      [2_000, 2_500],
      [2_650, 700],
      [4_000, 3_000],
    ]) {
      const outcome = await playKilled(OPEN, killedMs, 1, { changes });
      const when = killedMs.join(' and ');
      assert.deepEqual(idsOf(outcome), countTo(outcome.records.length), when);
      assert.deepEqual(loadReasons(outcome.report), [], when);
      const constant = outcome.report.stages.find(({ name }) => name === 'second');
      const asked = ((constant?.asked.ratePerSecond ?? 0) * 3_000) / 1_000;
      assert.ok(Math.abs((constant?.requests.due ?? 0) - asked) <= 1, `${when}: ${constant?.requests.due} of ${asked}`);
    }
  });

  it('keeps the number of users of a closed loop', async () => {
    const outcome = await playKilled(CLOSED, [7_500], 1, { changes: [[{ atMs: 1_000, factor: 2 }]] });
    assert.equal(outcome.resumes[0]?.rateFactor, 2);
    const timed = outcome.report.stages.find(({ name }) => name === 'timed');
    assert.equal(timed?.delivered.concurrencyPeak, 14);
  });
});

const REPLAY = makePlan({
  load: makeLoad(
    [
      makeStage('users', users(3), forRequests(10)),
      makeStage('recorded', { kind: 'replay', speed: 2 }, { kind: 'dataset' }),
      makeStage('again', { kind: 'replay', speed: 4 }, forTime(1_000)),
    ],
    { warmup: makeWarmup(forRequests(3)) },
  ),
});
const recorded = (): PromptSource => ({
  ...createFakePrompts(80),
  arrivalsMs: Float64Array.from({ length: 80 }, (_, index) => index * 70 + 50 * Math.sin(index)),
});

describe('a replay that is killed and resumed', () => {
  it('sends each entry of the recording once, at the moment the recording has it', async () => {
    const whole = await playKilled(REPLAY, [], 1, { prompts: recorded });
    const promptsOf = ({ prompts }: Outcome): ReadonlyMap<number, string> =>
      new Map(prompts.flatMap((part) => [...part]));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6_000 }), fc.constantFrom(1, 2), async (killedMs, workers) => {
        const outcome = await playKilled(REPLAY, [killedMs], workers, { prompts: recorded });
        const [part] = outcome.report.stages.filter(({ name }) => name === 'recorded');
        const [expected] = whole.report.stages.filter(({ name }) => name === 'recorded');
        assert.equal(part?.requests.due, 80);
        assert.equal(
          Math.round((part?.endedMs ?? 0) - (part?.startedMs ?? 0)),
          Math.round((expected?.endedMs ?? 0) - (expected?.startedMs ?? 0)),
        );
        assert.deepEqual(idsOf(outcome), idsOf(whole));
        const sent = promptsOf(outcome);
        for (const [id, prompt] of promptsOf(whole)) assert.equal(sent.get(id) ?? prompt, prompt, `${id}`);
      }),
      { numRuns: 25 },
    );
  });
});

describe('conversations that are killed and resumed', () => {
  const TURNS = 3;
  const talks = (): PromptSource => ({
    ...createFakePrompts(),
    sessions: {
      size: undefined,
      sessionAt: (index) => ({
        turns: TURNS,
        thinkMs: () => 150,
        promptAt: (turn, answers) => ({
          messages: [{ role: 'user', content: `${index}.${turn}` }],
          text: `${index}.${turn}`,
          session: `talk ${index}`,
          turn,
          turns: TURNS,
          outputTokens: answers.length,
        }),
      }),
    },
  });
  const turnsOf = ({ records }: Outcome): ReadonlyMap<string, readonly number[]> => {
    const turns = new Map<string, number[]>();
    for (const { session, turn = 0 } of records)
      if (session !== undefined) turns.set(session, [...(turns.get(session) ?? []), turn]);
    return turns;
  };
  for (const [name, plan, killedMs] of [
    ['an open loop', OPEN, 3_000],
    ['a closed loop', CLOSED, 4_000],
  ] as const)
    it(`${name}: those under way are counted as cut, and no conversation has a turn twice or out of order`, async () => {
      const outcome = await playKilled(plan, [killedMs], 1, { prompts: talks });
      const [resume] = outcome.report.run.resumed ?? [];
      assert.ok((resume?.conversations ?? 0) > 0);
      assert.match(describeResume(resume as ResumeSummary), /conversations? (was|were) under way/);
      // Those that a warm-up began show from their first measured turn on.
      for (const [session, turns] of turnsOf(outcome))
        assert.deepEqual(
          turns,
          turns.map((_, index) => (turns[0] as number) + index),
          session,
        );
      assert.equal(outcome.report.run.error, undefined);
      const unfinished = outcome.report.sessions?.unfinished ?? 0;
      assert.ok(unfinished >= (resume?.conversations ?? Infinity), `${unfinished} of ${resume?.conversations}`);
      const onSchedule = outcome.records.filter(({ id }) => id < 500_000_000).map(({ id }) => id);
      assert.equal(new Set(onSchedule).size, onSchedule.length, 'no number twice');
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
