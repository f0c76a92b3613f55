/**
 * The whole runner against the simulator's own record of when it wrote each token. Bounds are generous, so that a busy machine does not
 * fail them; the figures themselves are printed.
 */
import { after, before, describe, it, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunFinished } from '../../src/contract/protocol/runner.ts';
import type { RequestRecord } from '../../src/contract/outcome.ts';
import type { Distribution } from '../../src/contract/distribution.ts';
import type { LoadPlan, RunPlan } from '../../src/contract/plan.ts';
import type { GeneratorSample, RunEventRecord } from '../../src/contract/record.ts';
import { startRun } from '../../src/runner/run/start-run.ts';
import { parseGroundTruth } from '../../src/runner/simulator/ground-truth.ts';
import { startSimulatorThread } from '../../src/runner/simulator/thread.ts';
import { flat, forTime, makeLoad, makeStage, makeWarmup, users } from '../helpers/make-load.ts';
import { makePlan } from '../helpers/make-plan.ts';

let root = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'benchwright-accuracy-'));
});
after(() => rm(root, { recursive: true }));

interface Timing {
  readonly firstTokenMs: Distribution;
  readonly interTokenMs: Distribution;
  readonly outputTokens: number;
  readonly inputTokens?: number;
}

function planOf(load: LoadPlan, { firstTokenMs, interTokenMs, outputTokens, inputTokens = 64 }: Timing): RunPlan {
  const { backend, dataset } = makePlan();
  return makePlan({
    load,
    backend: { ...backend, options: { firstTokenMs, interTokenMs } },
    dataset: {
      ...dataset,
      outputTokens: { kind: 'constant', value: outputTokens },
      options: { inputTokens: { kind: 'constant', value: inputTokens } },
    },
    slas: [],
    monitors: [],
    report: { formats: ['json'], directory: join(root, 'results') },
  });
}

interface Ran {
  readonly finished: RunFinished;
  /** Warm-up included. */
  readonly all: readonly RequestRecord[];
  readonly records: readonly RequestRecord[];
  readonly events: readonly RunEventRecord[];
  /** Worst second of the measured window. */
  readonly worst: (key: keyof GeneratorSample) => number;
}

async function run(plan: RunPlan, workers: number): Promise<Ran> {
  const handle = await startRun({ plan, secrets: {}, workers }, { onEvent: () => {} });
  const finished = await handle.finished;
  const lines = async <T>(file: string): Promise<T[]> =>
    (await readFile(join(handle.directory, file), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as T);
  const events = await lines<RunEventRecord>('events.jsonl');
  const samples = events.flatMap((event) => (event.type === 'generator' ? [event.sample] : []));
  const all = await lines<RequestRecord>('requests.jsonl');
  return {
    finished,
    all,
    records: all.filter(({ stage }) => stage !== 'warmup'),
    events,
    worst: (key) => Math.max(...samples.map((sample) => sample[key])),
  };
}

/** Nearest rank. */
function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * at) - 1)] as number;
}

const ms = (value: number): string => `${value.toFixed(3)} ms`;

describe('at 100 concurrent streams', () => {
  it('TTFT and ITL are those that the server wrote', async (context: TestContext) => {
    const recordFile = join(root, 'truth.jsonl');
    const timing: Timing = {
      firstTokenMs: { kind: 'lognormal', mu: Math.log(100), sigma: 0.4 },
      interTokenMs: { kind: 'normal', mean: 20, stddev: 3 },
      outputTokens: 60,
    };
    const load = makeLoad([makeStage('streams', users(100), forTime(5_000))], { warmup: makeWarmup(forTime(1_000)) });
    const plan = planOf(load, timing);
    const simulator = await startSimulatorThread({
      options: { ...timing, outputTokens: { kind: 'constant', value: timing.outputTokens } },
      seed: 7,
      recordFile,
    });
    const { all, events, worst, finished } = await run(
      { ...plan, backend: { ...plan.backend, url: simulator.url } },
      1,
    );
    await simulator.stop();

    const began = events.find((event) => event.type === 'run.started');
    const written = parseGroundTruth(await readFile(recordFile, 'utf8')).toSorted(
      (left, right) => left.receivedMs - right.receivedMs,
    );
    assert.equal(written.length, all.length);
    // In the order of sending; two that were sent within the same moment may change places, which changes no percentile.
    const pairs = all
      .toSorted((left, right) => (left.sentMs as number) - (right.sentMs as number))
      .map((record, index) => ({ record, truth: written[index] as (typeof written)[0] }))
      .filter(({ record }) => record.stage !== 'warmup');
    const ttft = pairs.map(({ record: { firstMs, sentMs } }) => (firstMs as number) - (sentMs as number));
    const trueTtft = pairs.map(
      ({ record: { sentMs }, truth: { receivedMs, writtenAfterMs } }) =>
        receivedMs + (writtenAfterMs[0] as number) - ((began?.monotonicMs as number) + (sentMs as number)),
    );
    const itl = pairs.flatMap(({ record }) => record.itlMs ?? []);
    const trueItl = pairs.flatMap(({ truth: { writtenAfterMs } }) =>
      writtenAfterMs.slice(1).map((afterMs, index) => afterMs - (writtenAfterMs[index] as number)),
    );
    const errors = [0.5, 0.99].flatMap((at) => [
      { name: `TTFT p${at * 100}`, measuredMs: quantile(ttft, at), trueMs: quantile(trueTtft, at) },
      { name: `ITL p${at * 100}`, measuredMs: quantile(itl, at), trueMs: quantile(trueItl, at) },
    ]);
    // A machine that takes the thread away for as long makes every stamp as late: that much is not the runner's.
    const allowedMs = 5 + worst('loopLagMsP99');
    for (const { name, measuredMs, trueMs } of errors) {
      const errorMs = measuredMs - trueMs;
      context.diagnostic(`${name}: measured ${ms(measuredMs)}, written ${ms(trueMs)}, error ${ms(errorMs)}`);
      assert.ok(Math.abs(errorMs) < allowedMs, `${name} is off by ${ms(errorMs)}, more than ${ms(allowedMs)}`);
    }
    context.diagnostic(
      `${pairs.length} answers, ${itl.length} gaps; event loop lag p99 ${ms(worst('loopLagMsP99'))}, worker busy ${worst('cpuRatio').toFixed(2)}`,
    );
    assert.ok(pairs.length > 200);
    assert.equal(finished.requests.failed, 0);
  });
});

describe('the load that was asked for', () => {
  const quick: Timing = {
    firstTokenMs: { kind: 'constant', value: 10 },
    interTokenMs: { kind: 'constant', value: 5 },
    outputTokens: 4,
  };

  it('is sent: as many requests, when they were due', async (context: TestContext) => {
    const load = makeLoad([makeStage('steady', flat(200), forTime(4_000))], { warmup: makeWarmup(forTime(500)) });
    const { records, worst } = await run(planOf(load, quick), 1);
    assert.equal(records.length, 800);
    const lags = records.map(({ sentMs, dueMs }) => (sentMs as number) - dueMs);
    const sent = records.map(({ sentMs }) => sentMs as number);
    const deliveredPerSecond = ((records.length - 1) * 1_000) / (Math.max(...sent) - Math.min(...sent));
    context.diagnostic(`asked 200 per second, delivered ${deliveredPerSecond.toFixed(3)}`);
    context.diagnostic(
      `schedule lag p50 ${ms(quantile(lags, 0.5))}, p99 ${ms(quantile(lags, 0.99))}, worst second's p99 ${ms(worst('scheduleLagMsP99'))}`,
    );
    // What a busy machine made late at either end shortens or stretches the four seconds.
    const allowedPerSecond = 2 + (200 * 2 * Math.max(...lags)) / 4_000;
    assert.ok(Math.abs(deliveredPerSecond - 200) < allowedPerSecond, `${deliveredPerSecond} per second`);
    assert.ok(
      lags.every((lagMs) => lagMs > -0.01),
      'none was sent before it was due',
    );
  });

  it('has the same due times and prompts with one worker and with two', async () => {
    const load = makeLoad([makeStage('steady', flat(60, 'poisson'), forTime(2_000))]);
    const schedules = await Promise.all(
      [1, 2].map(async (workers) => {
        const { records, events } = await run(planOf(load, quick), workers);
        const startMs = events.find(({ type }) => type === 'stage.started')?.atMs as number;
        return records
          .toSorted((left, right) => left.id - right.id)
          .map(({ id, dueMs, inputTokens }) => ({ id, dueMs: dueMs - startMs, inputTokens }));
      }),
    );
    const [one, two] = schedules as [(typeof schedules)[0], (typeof schedules)[0]];
    assert.ok(one.length > 80);
    assert.deepEqual(
      two.map(({ id, inputTokens }) => [id, inputTokens]),
      one.map(({ id, inputTokens }) => [id, inputTokens]),
    );
    // Both starts were rounded to the microsecond.
    one.forEach(({ dueMs }, index) => assert.ok(Math.abs(dueMs - (two[index]?.dueMs as number)) < 0.002));
  });

  it('is never above its limit in flight, by the record, with two workers', async (context: TestContext) => {
    const slow: Timing = { ...quick, firstTokenMs: { kind: 'constant', value: 150 } };
    const load = makeLoad([makeStage('steady', flat(200, 'poisson'), forTime(1_000))], { inFlightLimit: 16 });
    const { records, finished } = await run(planOf(load, slow), 2);
    const edges = records
      .flatMap(({ sentMs, endMs }) =>
        sentMs === undefined ? [] : [[sentMs, 1] as const, [endMs as number, -1] as const],
      )
      .toSorted(([leftMs, left], [rightMs, right]) => leftMs - rightMs || left - right);
    let inFlight = 0;
    let most = 0;
    for (const [, change] of edges) most = Math.max(most, (inFlight += change));
    context.diagnostic(`limit 16, most in flight ${most}, ${records.length} requests`);
    assert.equal(most, 16);
    assert.equal(finished.requests.succeeded, records.length);
  });
});

describe('honesty', () => {
  it('a generator that is asked for more than it can make calls the run invalid, with exit code 4', async (context: TestContext) => {
    // Prompts of 32,000 words at 1,000 per second are more than one thread can even write down.
    const heavy: Timing = {
      firstTokenMs: { kind: 'constant', value: 1 },
      interTokenMs: { kind: 'constant', value: 1 },
      outputTokens: 1,
      inputTokens: 32_000,
    };
    const load = makeLoad([makeStage('too much', flat(1_000), forTime(700))], { drainMs: 20_000 });
    const { finished, worst } = await run(planOf(load, heavy), 1);
    context.diagnostic(
      `schedule lag p99 up to ${ms(worst('scheduleLagMsP99'))}; ${finished.validity.reasons.map(({ code, severity }) => `${code} (${severity})`).join(', ')}`,
    );
    assert.equal(finished.validity.verdict, 'invalid');
    assert.equal(finished.exitCode, 4);
  });
});
