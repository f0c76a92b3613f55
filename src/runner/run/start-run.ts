/** `startRun`: the one way to run a plan (run.ts), put together from its pieces. */
import { RunError } from '../../contract/errors.ts';
import { RESULT_FILES, type CalibrationData } from '../../contract/record.ts';
import { openMonitor } from '../monitors/registry.ts';
import { createClock, readOriginNs } from '../platform/clock.ts';
import { epochMs, residentBytes } from '../platform/machine.ts';
import { openRecordFile, type RecordFileOptions } from '../platform/record-file.ts';
import { nextTurn } from '../platform/turn.ts';
import { writeReports } from '../reports/write-reports.ts';
import { calibrate } from './calibrate.ts';
import { chooseCalibration } from './calibration-choice.ts';
import { phasesOf } from './phases.ts';
import { prepareRun, type PreparedRun } from './prepare-run.ts';
import { openRecordFiles, type RecordFiles } from './record-files.ts';
import { createRunSession, planText, type RunSession } from './run-session.ts';
import type { RunHandle, RunHost, StartRun } from './run.ts';
import { SharedBudget } from './shared-budget.ts';
import { SharedLoad } from './shared-load.ts';
import { createWorkerCrew, type WorkerCrew, type WorkerPool } from './worker-pool.ts';

export const startRun: StartRun = async (params, host) => {
  const prepared = await prepareRun(params);
  const crew = createWorkerCrew(prepared.workers);
  try {
    const calibration = await calibrateFor(prepared, crew, params.calibrates ?? true);
    return await beginRun({ ...prepared, calibration }, crew, host);
  } catch (thrown) {
    await crew.dismiss();
    await prepared.simulator?.stop();
    await prepared.directory.discard();
    throw thrown;
  }
};

async function calibrateFor(
  { addressedPlan }: PreparedRun,
  crew: WorkerCrew,
  isWanted: boolean,
): Promise<CalibrationData> {
  const choice = chooseCalibration(addressedPlan, isWanted);
  return 'why' in choice
    ? { state: 'skipped', why: choice.why }
    : calibrate({ plan: addressedPlan, crew, streams: choice.streams });
}

async function beginRun(prepared: PreparedRun, crew: WorkerCrew, host: RunHost): Promise<RunHandle> {
  const { plan, addressedPlan, directory, runId } = prepared;
  const shared = new SharedLoad(phasesOf(plan.load).length, plan.load.inFlightLimit);
  const { rateFactor = 1, recordedMs = 0 } = prepared.resume ?? {};
  if (rateFactor !== 1) shared.changeRate(rateFactor, recordedMs, 0);
  const budget = plan.budget === undefined ? undefined : new SharedBudget(plan);
  let session: RunSession | undefined;
  const files = await openFiles(prepared, {
    onFailed: (error) => session?.diskFailed(error),
    onPutBack: () => session?.filesPutBack(),
  });
  const pool = crew.start(
    {
      plan: addressedPlan,
      secrets: prepared.secrets,
      datasetData: prepared.dataset.data,
      datasetSeed: prepared.datasetSeed,
      nonce: prepared.nonce,
      sharedLoad: shared.buffer,
      ...(budget === undefined ? {} : { budget: budget.buffer }),
    },
    {
      onBatch: (batch) => session?.events.onBatch(batch),
      onHealth: (worker, health, addresses) => session?.events.onHealth(worker, health, addresses),
      onLog: (level, message) => session?.events.onLog(level, message),
      onDied: (error) => session?.events.onDied(error),
      countTokens: (texts) => session?.events.countTokens(texts) ?? Promise.resolve([]),
    },
  );
  try {
    await becomeReady(pool, prepared);
  } catch (thrown) {
    await pool.release();
    await files.close();
    throw thrown;
  }
  // The time of a record goes on where it ended: its clock began as long ago as it had been running.
  const originNs = readOriginNs() - BigInt(Math.round((prepared.resume?.recordedMs ?? 0) * 1e6));
  session = createRunSession({
    prepared,
    host,
    originNs,
    clock: createClock(originNs),
    epochMs,
    files,
    shared,
    budget,
    pool,
    dismissWorkers: crew.dismiss,
    openMonitor,
    writeReports: (path) => writeReports(path),
    nextTurn,
    residentBytes,
  });
  const { run, stop, abort, setRate } = session;
  const finished = run();
  // Whoever takes the handle hears of a failure there; it is not an unhandled one meanwhile.
  finished.catch(() => {});
  return { runId, directory: directory.path, stop, setRate, abort: (why = 'user-abort') => abort(why), finished };
}

/** @throws RunError RUN_OUTPUT_NOT_WRITABLE, RUN_DISK_FULL */
async function openFiles(
  prepared: PreparedRun,
  told: Pick<RecordFileOptions, 'onFailed' | 'onPutBack'>,
): Promise<RecordFiles> {
  const { plan, directory, resume } = prepared;
  if (resume === undefined) await directory.write(RESULT_FILES.plan, planText(plan));
  const clock = createClock(readOriginNs());
  const files = await openRecordFiles(
    (name) => openRecordFile(directory.pathOf(name), { ...told, clock, mayExist: name === RESULT_FILES.log }),
    { firstPart: resume?.nextPart ?? 1 },
  );
  await directory.announce('running');
  return files;
}

/** @throws RunError RUN_WORKER_DIED */
async function becomeReady(pool: WorkerPool, { redact }: PreparedRun): Promise<void> {
  try {
    await pool.ready;
  } catch (thrown) {
    const message = redact(thrown instanceof Error ? thrown.message : String(thrown));
    throw new RunError('RUN_WORKER_DIED', `A load worker could not start: ${message}`, { cause: thrown });
  }
}
