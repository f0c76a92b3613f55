/**
 * Before a run, and without a request to the server under test, the run's own workers do two things. They rehearse: JavaScript that has
 * just begun is several times slower than what has been running for a while, and without a rehearsal that would be measured as the server's
 * first seconds. Then they measure a simulator that notes when it wrote each token: how far off they are on this machine at this moment.
 */
import type { RequestRecord } from '../../contract/outcome.ts';
import {
  DEFAULT_TIMEOUTS,
  PLAN_SCHEMA,
  type LoadPlan,
  type RunPlan,
  type SourceLocation,
} from '../../contract/plan.ts';
import type { CalibrationData } from '../../contract/record.ts';
import { loadDataset } from '../datasets/registry.ts';
import { aborted } from '../platform/aborted.ts';
import { createClock, readOriginNs } from '../platform/clock.ts';
import type { SimulatorServer, SimulatorStart } from '../simulator/server.ts';
import { startSimulatorThread } from '../simulator/thread.ts';
import { measuringError } from './measuring-error.ts';
import { phasesOf } from './phases.ts';
import { SharedLoad } from './shared-load.ts';
import type { WorkerCrew } from './worker-pool.ts';

/** Short answers as fast as they come, as long as it takes: each request's code and each event's run some thousand times. */
const REHEARSAL_MS = 1_200;
const REHEARSAL_REQUESTS_PER_SECOND = 2_500;
const REHEARSAL_IN_FLIGHT = 64;
/** What is sent in this time is left out, as a warm-up is. */
const WARMUP_MS = 200;
const LOAD_MS = 500;
/** A machine that has not done it by then has told enough. */
const GIVE_UP_MS = 8_000;
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
  readonly crew: WorkerCrew;
  readonly streams: number;
  /** Aborted when it has taken long enough. */
  readonly given?: AbortSignal;
}): Promise<CalibrationData> {
  try {
    return await measure(options, options.given ?? AbortSignal.timeout(GIVE_UP_MS));
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { state: 'failed', message };
  }
}

async function measure(
  { plan, crew, streams }: Parameters<typeof calibrate>[0],
  given: AbortSignal,
): Promise<CalibrationData> {
  const clock = createClock(readOriginNs());
  const { workers } = crew;
  const { location } = plan.backend;
  const fast = { firstTokenMs: constant(0), interTokenMs: constant(0), outputTokens: constant(OUTPUT_TOKENS) };
  await withSimulator({ options: fast, seed: SEED }, ({ url }) =>
    sendLoad(simulatorPlan(plan, url, rehearsal(workers, location)), crew, given),
  );
  const asChat = {
    ...fast,
    firstTokenMs: constant(FIRST_TOKEN_MS),
    interTokenMs: constant(INTER_TOKEN_MS),
  };
  return withSimulator({ options: asChat, seed: SEED, keepsTruth: true }, async (simulator) => {
    const load = evenStreams(streams, location);
    const { lines, originNs, startMs } = await sendLoad(simulatorPlan(plan, simulator.url, load), crew, given);
    const truth = await simulator.truth();
    return {
      ...measuringError(recordsOf(lines), truth, { originMs: Number(originNs) / 1e6, fromMs: startMs + WARMUP_MS }),
      workers,
      streams,
      tookMs: clock.nowMs(),
    };
  });
}

async function withSimulator<Result>(
  start: SimulatorStart,
  work: (simulator: SimulatorServer) => Promise<Result>,
): Promise<Result> {
  const simulator = await startSimulatorThread(start);
  try {
    return await work(simulator);
  } finally {
    await simulator.stop();
  }
}

/** The pool is released in every case: threads that are not free by then do not send beside the run. */
async function sendLoad(
  plan: RunPlan,
  crew: WorkerCrew,
  given: AbortSignal,
): Promise<{ readonly lines: readonly Uint8Array[]; readonly originNs: bigint; readonly startMs: number }> {
  const dataset = await loadDataset(plan.dataset, { seed: SEED, nonce: '', countTokens: undefined });
  const shared = new SharedLoad(phasesOf(plan.load).length, plan.load.inFlightLimit);
  const lines: Uint8Array[] = [];
  let death: Error | undefined;
  const pool = crew.start(
    { plan, secrets: {}, datasetData: dataset.data, datasetSeed: SEED, nonce: '', sharedLoad: shared.buffer },
    {
      onBatch: (batch) => void lines.push(batch.lines),
      onHealth: () => {},
      onLog: () => {},
      onDied: (error) => (death = error),
      countTokens: () => Promise.resolve([]),
    },
  );
  try {
    await inTime(pool.ready, given);
    const originNs = readOriginNs();
    const clock = createClock(originNs);
    await inTime(pool.begin(originNs), given);
    const startMs = clock.nowMs() + LEAD_MS;
    shared.setStart(0, startMs);
    await inTime(pool.finished, given);
    if (death !== undefined) throw death;
    return { lines, originNs, startMs };
  } finally {
    await pool.release();
  }
}

/** @throws Error when the time is up first */
function inTime<Result>(work: Promise<Result>, given: AbortSignal): Promise<Result> {
  const timeIsUp = async (): Promise<never> => {
    await aborted(given);
    throw new Error(`it was not over after ${GIVE_UP_MS / 1000} s: the machine is too busy`);
  };
  return Promise.race([work, timeIsUp()]);
}

function recordsOf(lines: readonly Uint8Array[]): readonly RequestRecord[] {
  return Buffer.concat(lines)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RequestRecord);
}

function rehearsal(workers: number, location: SourceLocation): LoadPlan {
  return {
    ...openLoad(REHEARSAL_REQUESTS_PER_SECOND * workers, REHEARSAL_MS, location),
    inFlightLimit: REHEARSAL_IN_FLIGHT * workers,
    // A machine that cannot keep up does what it can.
    overload: 'drop',
  };
}

/** Evenly spaced: streams that begin together would measure their own burst. */
function evenStreams(streams: number, location: SourceLocation): LoadPlan {
  return openLoad((streams * 1_000) / REQUEST_MS, WARMUP_MS + LOAD_MS, location);
}

function openLoad(ratePerSecond: number, durationMs: number, location: SourceLocation): LoadPlan {
  return {
    stages: [
      {
        name: 'calibration',
        shape: { kind: 'open', arrivals: { kind: 'constant' }, rate: { kind: 'flat', ratePerSecond } },
        until: { kind: 'time', durationMs },
        location,
      },
    ],
    overload: 'queue',
    drainMs: GIVE_UP_MS,
  };
}

/** The scenario gives the place where it stands. */
function simulatorPlan({ source, backend: { location } }: RunPlan, url: string, load: LoadPlan): RunPlan {
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
      outputTokens: constant(OUTPUT_TOKENS),
      freshPrefix: false,
      options: { inputTokens: constant(INPUT_TOKENS) },
    },
    load,
    slas: [],
    monitors: [],
    report: { formats: [] },
    repeat: 1,
    uses: [],
  };
}

function constant(value: number): { readonly kind: 'constant'; readonly value: number } {
  return { kind: 'constant', value };
}
