/** Everything a run needs before anything is sent. What cannot be had ends it here, and nothing is left behind. */
import { RunError } from '../../contract/errors.ts';
import type { RunPlan } from '../../contract/plan.ts';
import {
  RESULT_FILES,
  type EnvironmentData,
  type CalibrationData,
  type PreflightCheck,
} from '../../contract/record.ts';
import type { StartParams } from '../../contract/protocol/runner.ts';
import type { Backend } from '../backends/backend.ts';
import { loadBackend } from '../backends/registry.ts';
import { loadDataset, openDataset } from '../datasets/registry.ts';
import type { LoadedDataset } from '../datasets/dataset.ts';
import { createClock, readOriginNs } from '../platform/clock.ts';
import { readInventory } from '../monitors/environment.ts';
import { readPlan } from '../measure/record-check.ts';
import { readMachineLimits, usableCores } from '../platform/machine.ts';
import { routeTo, type HttpRoute } from '../platform/http-route.ts';
import { probe, type ProbeAnswer } from '../platform/probe.ts';
import { createNonce, createRunId } from '../platform/run-id.ts';
import { openResultDirectory } from '../platform/result-directory.ts';
import { createRunDirectory, heldBy, reopenRunDirectory, type RunDirectory } from '../platform/run-directory.ts';
import { runHolder } from '../platform/run-lock.ts';
import { createRedactor, resolveSecrets, type Secrets } from '../platform/secrets.ts';
import { createRequestClient } from '../request/request-client.ts';
import { readSimulatorOptions } from '../simulator/options.ts';
import { watchRemoteSimulator, type RemoteSimulator } from '../simulator/remote-lateness.ts';
import type { SimulatorServer } from '../simulator/server.ts';
import { startSimulatorThread } from '../simulator/thread.ts';
import { openTokenizer } from '../tokenizers/open-tokenizer.ts';
import { chooseCalibration } from './calibration-choice.ts';
import { checkPlan } from './check-plan.ts';
import { concurrencyOf, connectionsOf } from './phases.ts';
import { preflight } from './preflight.ts';
import { findResumePoint, type ResumePoint } from './resume-point.ts';

export interface PreparedRun {
  readonly runId: string;
  /** As it came. */
  readonly plan: RunPlan;
  /** With the backend's address in `url`, also where it is the runner's own simulator. */
  readonly addressedPlan: RunPlan;
  readonly secrets: Secrets;
  readonly redact: (text: string) => string;
  readonly directory: RunDirectory;
  readonly dataset: LoadedDataset;
  readonly datasetSeed: number;
  readonly nonce: string;
  /** With the backend's local tokenizer, where it has one. */
  readonly countTokens: ((text: string) => number) | undefined;
  readonly simulator: SimulatorServer | undefined;
  /** Where the server under test is a simulator of another process. */
  readonly remoteSimulator?: RemoteSimulator | undefined;
  readonly workers: number;
  /** Where it goes on, when it was cut off before; `plan.load.from` says the same to the load. */
  readonly resume?: ResumePoint | undefined;
  readonly environment: EnvironmentData;
  readonly checks: readonly PreflightCheck[];
  readonly calibration?: CalibrationData;
}

/** @throws RunError */
export async function prepareRun(params: StartParams): Promise<PreparedRun> {
  const resume = params.resumeDirectory === undefined ? undefined : await prepareResume(params.resumeDirectory);
  const plan = resume?.plan ?? checkPlan(params.plan);
  const secrets = resolveSecrets(plan, params.secrets);
  const directory =
    resume === undefined
      ? await createRunDirectory({
          parent: params.outputDirectory ?? plan.report.directory ?? `${plan.source.file}.results`,
          benchmark: plan.benchmark,
          startedAt: new Date(),
        })
      : await reopenRunDirectory(resume.point.directory, plan.benchmark, resume.point.startedAt);
  let simulator: SimulatorServer | undefined;
  // It never rejects, and may take a while.
  const inventory = readInventory();
  try {
    const countTokens = await loadCounter(plan);
    const datasetSeed = plan.dataset.seed ?? plan.seed;
    const nonce = resume?.point.nonce ?? createNonce();
    const dataset = await loadDataset(plan.dataset, { seed: datasetSeed, nonce, countTokens });
    checkReplays(plan, dataset);
    simulator = await startOwnSimulator(plan, params.calibrates ?? true);
    const addressedPlan = withUrl(plan, simulator?.url);
    const backend = await loadBackend(addressedPlan.backend, secrets);
    const route = routeTo(addressedPlan.backend);
    const { checks, engine } = await preflight({
      plan: addressedPlan,
      ...(route.proxy === undefined ? {} : { proxyUrl: route.proxy.text }),
      backend,
      limits: await readMachineLimits(),
      probe: (path) => probeBackend(route, addressedPlan, backend, path),
      tryRequest: () => tryRequest(addressedPlan, backend, secrets),
    });
    const runId = resume?.point.runId ?? createRunId();
    return {
      runId,
      resume: resume?.point,
      plan,
      addressedPlan,
      secrets,
      redact: createRedactor(secrets),
      directory,
      dataset,
      datasetSeed,
      nonce,
      countTokens,
      simulator,
      remoteSimulator:
        simulator === undefined
          ? await watchRemoteSimulator(engine.server, runId, (path) =>
              probeBackend(route, addressedPlan, backend, path),
            )
          : undefined,
      workers: params.workers ?? defaultWorkers(addressedPlan, usableCores(), simulator !== undefined),
      environment: { ...(await inventory), engine },
      checks,
    };
  } catch (thrown) {
    await simulator?.stop();
    await directory.discard();
    throw thrown;
  }
}

/** The plan that lies in the directory is the one that goes on, whatever has become of the scenario since. */
async function prepareResume(path: string): Promise<{ readonly plan: RunPlan; readonly point: ResumePoint }> {
  const source = openResultDirectory(path);
  const holder = await runHolder(path);
  if (holder !== undefined) throw heldBy(path, holder);
  const plan = checkPlan(readPlan(await source.readText(RESULT_FILES.plan), path));
  const point = await findResumePoint(plan, source, await replayedArrivals(plan));
  return { plan: { ...plan, load: { ...plan.load, from: point.from } }, point };
}

/** The dataset's own arrival times, where a stage replays them: they are its schedule. */
async function replayedArrivals(plan: RunPlan): Promise<ArrayLike<number>> {
  if (!plan.load.stages.some(({ shape }) => shape.kind === 'replay')) return [];
  const context = { seed: plan.dataset.seed ?? plan.seed, nonce: '', countTokens: undefined };
  const { data } = await loadDataset(plan.dataset, context);
  return (await openDataset(plan.dataset, data, context)).arrivalsMs ?? [];
}

/** @throws RunError RUN_PLAN_UNREADABLE */
function checkReplays({ load, dataset }: RunPlan, { arrivalSpanMs }: LoadedDataset): void {
  const replay = load.stages.find(({ shape }) => shape.kind === 'replay');
  if (replay === undefined || arrivalSpanMs !== undefined) return;
  throw new RunError(
    'RUN_PLAN_UNREADABLE',
    `Stage "${replay.name}" replays arrival times, and dataset ${dataset.name} has none.`,
    {
      hint: 'Say with `timestamp` where each line of a jsonl file carries its arrival time, or use a trace.',
      location: replay.location,
    },
  );
}

/** One worker carries thousands of streams; more are used where the load and the cores ask for them. */
const CONNECTIONS_PER_WORKER = 64;
const MOST_WORKERS = 8;

/** Leaves a core to the main thread, and one to a simulator of our own, where the machine has them. */
export function defaultWorkers(plan: RunPlan, cores: number, hasSimulator: boolean): number {
  const byCores = cores - (hasSimulator ? 2 : 1);
  const concurrency = concurrencyOf(plan).map((expected, index) => expected ?? (connectionsOf(plan)[index] as number));
  const byLoad = Math.ceil(Math.max(...concurrency) / CONNECTIONS_PER_WORKER);
  return Math.max(1, Math.min(byCores, byLoad, MOST_WORKERS));
}

async function loadCounter({ backend }: RunPlan): Promise<((text: string) => number) | undefined> {
  const tokenizer = await openTokenizer(backend.tokenizer);
  return tokenizer === undefined ? undefined : (text) => tokenizer.count(text);
}

async function startOwnSimulator(plan: RunPlan, calibrates: boolean): Promise<SimulatorServer | undefined> {
  const { backend, seed } = plan;
  if (backend.protocol !== 'simulator' || backend.url !== undefined) return undefined;
  const ownSeed = backend.options['seed'];
  return startSimulatorThread({
    options: readSimulatorOptions(backend.options, backend.model),
    seed: typeof ownSeed === 'number' ? ownSeed : seed,
    // Where the load's threads rehearse, so does what they load.
    rehearses: 'streams' in chooseCalibration(plan, calibrates),
  });
}

function withUrl(plan: RunPlan, url: string | undefined): RunPlan {
  if (url !== undefined) return { ...plan, backend: { ...plan.backend, url } };
  if (plan.backend.url !== undefined) return plan;
  throw new RunError('RUN_PLAN_UNREADABLE', `The backend ${plan.backend.name} has no url.`, {
    location: plan.backend.location,
  });
}

/** A server that is slow to tell its models is not down. */
const PROBE_ANSWER_MS = 10_000;

function probeBackend(
  route: HttpRoute,
  { backend: plan }: RunPlan,
  backend: Backend,
  path: string,
): Promise<ProbeAnswer> {
  const { 'content-type': _, ...headers } = backend.prepare({ messages: [], text: '' }).headers;
  const url = new URL(path, plan.url);
  return probe(route, url.pathname + url.search, {
    clock: createClock(readOriginNs()),
    headers: { ...headers, accept: 'application/json' },
    connectMs: plan.timeouts.connectMs,
    answerMs: PROBE_ANSWER_MS,
  });
}

/** One short request, sent as the run sends its own. Resolves to what stands against it. */
async function tryRequest(plan: RunPlan, backend: Backend, secrets: Secrets): Promise<string | undefined> {
  const clock = createClock(readOriginNs());
  let bug: unknown;
  const onBug = (error: unknown): void => {
    bug = error;
  };
  const client = createRequestClient({ backend, plan: plan.backend, clock, secrets, keepText: false, onBug });
  try {
    const content = 'Hello';
    const prompt = { messages: [{ role: 'user', content } as const], text: content, outputTokens: 1 };
    const bytes = client.prepare(prompt);
    const record = await new Promise<{ outcome: string; reason?: string; status?: number; detail?: string }>(
      (resolve) => client.send({ id: 0, stage: 'preflight', dueMs: clock.nowMs(), prompt, bytes }, resolve),
    );
    if (bug !== undefined) throw RunError.from(bug);
    if (record.outcome === 'ok' || record.reason === 'empty-answer') return undefined;
    const status = record.status === undefined ? '' : `HTTP ${record.status} `;
    return `${status}${record.detail ?? record.reason ?? record.outcome}`;
  } finally {
    await client.close();
  }
}
