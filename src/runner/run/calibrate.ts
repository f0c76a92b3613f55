/**
 * How far the measurement is off on this machine at this moment: for about a second the generator, with the workers of the run, measures a
 * simulator that notes when it wrote each token. Nothing is sent to the server under test.
 */
import type { RequestRecord } from '../../contract/outcome.ts';
import { DEFAULT_TIMEOUTS, PLAN_SCHEMA, type RunPlan } from '../../contract/plan.ts';
import type { CalibrationData } from '../../contract/record.ts';
import { loadDataset } from '../datasets/registry.ts';
import { createClock, readOriginNs, type Clock } from '../platform/clock.ts';
import { startSimulatorThread } from '../simulator/thread.ts';
import { measuringError } from './measuring-error.ts';
import { phasesOf } from './phases.ts';
import { SharedLoad } from './shared-load.ts';
import { startWorkerPool, type WorkerPool } from './worker-pool.ts';

/** Threads that have just begun are slow: what is sent in this time is left out, as a warm-up is. */
const WARMUP_MS = 200;
const LOAD_MS = 500;
/** A machine that has not done it by then has told enough. */
const GIVE_UP_MS = 5_000;
const LEAD_MS = 50;
/** As a chat with an engine of 50 tokens per second; 20 tokens take 0.42 s. */
const FIRST_TOKEN_MS = 40;
const INTER_TOKEN_MS = 20;
const OUTPUT_TOKENS = 20;
const INPUT_TOKENS = 32;
const REQUEST_MS = FIRST_TOKEN_MS + (OUTPUT_TOKENS - 1) * INTER_TOKEN_MS;
/** Fewer streams give too few gaps in this time, more are no longer a measurement of the generator alone on a small machine. */
export const CALIBRATION_STREAMS = { fewest: 16, most: 64 } as const;
const SEED = 1;

/** Never rejects: a calibration that fails is told, and the run goes on. */
export async function calibrate(options: {
  readonly plan: RunPlan;
  readonly workers: number;
  readonly streams: number;
}): Promise<CalibrationData> {
  const clock = createClock(readOriginNs());
  const given = new AbortController();
  try {
    return await Promise.race([measure(options, clock, given.signal), giveUp(clock, given)]);
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { state: 'failed', message };
  }
}

async function giveUp(clock: Clock, given: AbortController): Promise<never> {
  await clock.sleepUntil(clock.nowMs() + GIVE_UP_MS, given.signal);
  given.abort();
  throw new Error(`it was not over after ${GIVE_UP_MS / 1000} s: the machine is too busy`);
}

async function measure(
  { plan, workers, streams }: Parameters<typeof calibrate>[0],
  clock: Clock,
  given: AbortSignal,
): Promise<CalibrationData> {
  const constant = (value: number): { readonly kind: 'constant'; readonly value: number } => ({
    kind: 'constant',
    value,
  });
  const simulator = await startSimulatorThread({
    options: {
      firstTokenMs: constant(FIRST_TOKEN_MS),
      interTokenMs: constant(INTER_TOKEN_MS),
      outputTokens: constant(OUTPUT_TOKENS),
    },
    seed: SEED,
    keepsTruth: true,
  });
  let pool: WorkerPool | undefined;
  try {
    const calibration = calibrationPlan(plan, simulator.url, streams);
    const dataset = await loadDataset(calibration.dataset, { seed: SEED, nonce: '', countTokens: undefined });
    const shared = new SharedLoad(phasesOf(calibration.load).length, undefined);
    const lines: Uint8Array[] = [];
    let death: Error | undefined;
    pool = startWorkerPool(
      workers,
      {
        plan: calibration,
        secrets: {},
        datasetData: dataset.data,
        datasetSeed: SEED,
        nonce: '',
        sharedLoad: shared.buffer,
      },
      {
        onBatch: (batch) => void lines.push(batch.lines),
        onHealth: () => {},
        onLog: () => {},
        onDied: (error) => (death = error),
        countTokens: () => Promise.resolve([]),
      },
    );
    await pool.ready;
    const originNs = readOriginNs();
    const runClock = createClock(originNs);
    await pool.begin(originNs);
    const startMs = runClock.nowMs() + LEAD_MS;
    shared.setStart(0, startMs);
    await Promise.race([pool.finished, aborted(given)]);
    if (death !== undefined) throw death;
    const records = Buffer.concat(lines)
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as RequestRecord);
    const truth = await simulator.truth();
    return {
      ...measuringError(records, truth, { originMs: Number(originNs) / 1e6, fromMs: startMs + WARMUP_MS }),
      workers,
      streams,
      tookMs: clock.nowMs(),
    };
  } finally {
    await Promise.all([pool?.terminate(), simulator.stop()]);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** A plan of nothing but streams; the scenario gives the place where it stands. */
function calibrationPlan({ source, backend, load }: RunPlan, url: string, streams: number): RunPlan {
  const { location } = backend;
  return {
    schema: PLAN_SCHEMA,
    benchmark: 'calibration',
    source,
    params: {},
    seed: SEED,
    backend: {
      name: 'simulator',
      location,
      protocol: 'simulator',
      url,
      headers: {},
      sampling: {},
      timeouts: DEFAULT_TIMEOUTS,
      tokenizer: { kind: 'server' },
      options: {},
    },
    dataset: {
      name: 'calibration',
      location,
      source: 'random',
      outputTokens: { kind: 'constant', value: OUTPUT_TOKENS },
      freshPrefix: false,
      options: { inputTokens: { kind: 'constant', value: INPUT_TOKENS } },
    },
    load: {
      stages: [
        {
          name: 'streams',
          // Evenly spaced: streams that begin together would measure their own burst.
          shape: {
            kind: 'open',
            arrivals: { kind: 'constant' },
            rate: { kind: 'flat', ratePerSecond: (streams * 1_000) / REQUEST_MS },
          },
          until: { kind: 'time', durationMs: WARMUP_MS + LOAD_MS },
          location: load.stages[0]?.location ?? location,
        },
      ],
      overload: 'queue',
      drainMs: GIVE_UP_MS,
    },
    slas: [],
    monitors: [],
    report: { formats: [] },
    repeat: 1,
    uses: [],
  };
}
