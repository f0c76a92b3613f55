/** One run from its beginning to its report: the workers do the work; here it is steered, recorded and shown. */
import { describeCalibration } from '../../contract/describe-calibration.ts';
import { RunError } from '../../contract/errors.ts';
import { formatMeasured } from '../../contract/format-measured.ts';
import { RATE_FACTORS, type RateAnswer, type RateWish, type RunFinished } from '../../contract/protocol/runner.ts';
import type { RunPlan } from '../../contract/plan.ts';
import { RESULT_FILES, type CalibrationData, type RunEventRecord } from '../../contract/record.ts';
import { VERSION } from '../../contract/version.ts';
import type { Clock } from '../platform/clock.ts';
import { describeDisk } from '../platform/disk-full.ts';
import { watchBudget } from './budget-watch.ts';
import { createJournal, roundedMs } from './journal.ts';
import { createLatch } from './latch.ts';
import { createLiveReport } from './live-report.ts';
import { startMonitoring, type MonitoringParts } from './monitoring.ts';
import { SETTLED_MS } from './open-walk.ts';
import { watchOverdue } from './overdue-watch.ts';
import { watchSilence } from './silence-watch.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { RecordFiles } from './record-files.ts';
import { finishedFrom, type WriteReports } from './run-finished.ts';
import type { RunHost } from './run.ts';
import type { SharedLoad } from './shared-load.ts';
import { recordResume } from './record-resume.ts';
import type { BudgetKind, SharedBudget } from './shared-budget.ts';
import { createTextCounter } from './text-counter.ts';
import type { WorkerPool, WorkerPoolEvents } from './worker-pool.ts';

export type StopReason = Extract<RunEventRecord, { type: 'stopping' }>['why'];

export interface SessionParts {
  readonly prepared: PreparedRun;
  readonly host: RunHost;
  /** The run's clock, which the workers get too. */
  readonly clock: Clock;
  readonly originNs: bigint;
  /** Wall-clock time now, ms since 1970. */
  readonly epochMs: () => number;
  readonly files: RecordFiles;
  readonly shared: SharedLoad;
  /** Where the plan has one. */
  readonly budget?: SharedBudget | undefined;
  readonly pool: Pick<
    WorkerPool,
    'begin' | 'rateChanged' | 'stop' | 'abort' | 'countSilence' | 'giveUp' | 'finished' | 'release'
  >;
  /** Ends the load workers' threads. */
  readonly dismissWorkers: () => Promise<void>;
  readonly openMonitor: MonitoringParts['open'];
  readonly writeReports: WriteReports;
  readonly nextTurn: () => Promise<void>;
  readonly residentBytes: () => number;
}

export interface RunSession {
  /** For the pool: what the workers tell. */
  readonly events: WorkerPoolEvents;
  /** Runs the load; resolves when its end is reported. @throws RunError when the report could not be written */
  run(): Promise<RunFinished>;
  stop(): void;
  /** Changes the load while it runs. */
  setRate(wish: RateWish): RateAnswer;
  abort(why: Extract<StopReason, 'user-abort' | 'host-gone'>): void;
  /** The record could not be written: the run ends with what it has. */
  diskFailed(error: NodeJS.ErrnoException): void;
  /** Somebody removed or moved the files of the run, and they are there again. */
  filesPutBack(): void;
}

/** Of plan.json. */
export function planText(plan: RunPlan): string {
  return `${JSON.stringify(plan, undefined, 2)}\n`;
}

/** From when on a change of the rate is in force: by then every worker knows of it. */
const RATE_LEAD_MS = 100;
/** Between the moment the first connections are open and the beginning of the load: the first requests are made meanwhile. */
const LEAD_MS = 100;

export function createRunSession(parts: SessionParts): RunSession {
  const { prepared, clock, files, shared, pool } = parts;
  const { plan, directory, runId, simulator, redact, countTokens } = prepared;
  const beganAtEpochMs = parts.epochMs() - clock.nowMs();
  const journal = createJournal({ ...parts, redact, nowMs: clock.nowMs, beganAtEpochMs });
  const live = createLiveReport({
    ...parts,
    plan,
    journal,
    simulator: simulator ?? prepared.remoteSimulator,
    arrivalSpanMs: prepared.dataset.arrivalSpanMs,
    clockSkewMs: () => parts.epochMs() - beganAtEpochMs - clock.nowMs(),
  });
  const counter =
    countTokens === undefined ? undefined : createTextCounter({ countTokens, clock, nextTurn: parts.nextTurn });
  const halted = createLatch();
  const addresses = new Set<string>();
  let halt: 'drain' | 'cut' | undefined;
  let haltedMs: number | undefined;
  let hasDiskFailed = false;
  let puttingBack: Promise<void> | undefined;

  const haltLoad = (
    how: 'drain' | 'cut',
    why: StopReason,
    message: string,
    { atMs: sinceMs = clock.nowMs(), ...spent }: { readonly atMs?: number; readonly budget?: BudgetKind } = {},
  ): void => {
    if (halt === 'cut' || halt === how) return;
    halt = how;
    const atMs = roundedMs(sinceMs);
    haltedMs ??= atMs;
    live.halt(atMs);
    journal.record({ type: 'stopping', atMs, why, message, ...spent });
    journal.tell('stopping', { why, message, drainMs: how === 'drain' ? plan.load.drainMs : 0 });
    journal.log(why === 'disk-full' || why === 'worker-died' ? 'error' : 'info', message);
    if (how === 'drain') pool.stop();
    else pool.abort();
    halted.open();
  };
  const announce = (): void => {
    const { environment, workers, checks, dataset, resume } = prepared;
    const startedAt = (resume?.startedAt ?? new Date(beganAtEpochMs)).toISOString();
    journal.tell('run.started', { runId, directory: directory.path, startedAt, plan });
    const generator = {
      version: VERSION,
      workers,
      ...(simulator === undefined ? {} : { simulatorUrl: simulator.url }),
      monotonicMs: Number(parts.originNs) / 1e6,
    };
    if (resume === undefined)
      journal.record({
        ...{ type: 'run.started', atMs: 0, id: runId, startedAt, environment, nonce: prepared.nonce },
        ...generator,
      });
    else recordResume(resume, { journal, files, plan, generator, resumedAt: new Date(parts.epochMs()) });
    journal.record({ type: 'preflight', atMs: resume?.recordedMs ?? 0, checks });
    if (prepared.calibration !== undefined) tellCalibration(prepared.calibration, resume?.recordedMs ?? 0);
    for (const { ok, message, hint } of checks)
      if (!ok) journal.log('warning', hint === undefined ? message : `${message} ${hint}`);
    for (const note of dataset.notes) journal.log('info', note);
  };
  const tellCalibration = (calibration: CalibrationData, atMs: number): void => {
    journal.record({ type: 'calibration', atMs, calibration });
    journal.log(calibration.state === 'failed' ? 'warning' : 'info', describeCalibration(calibration));
  };
  const runLoad = async (overdue: Promise<void>): Promise<void> => {
    const connected = pool.begin(parts.originNs);
    // A worker that died has been told of already; its part of the run is over.
    await Promise.race([connected, halted.opened]).catch(() => {});
    if (!halted.isOpen) shared.setStart(0, roundedMs(clock.nowMs() + LEAD_MS));
    await Promise.race([pool.finished, overdue]);
  };
  const measure = async (): Promise<void> => {
    const monitoring = startMonitoring({
      monitors: plan.monitors,
      open: parts.openMonitor,
      clock,
      onSample: live.takeMonitorSample,
      log: journal.log,
    });
    live.start();
    const stopBudgetWatch = watchBudget({
      plan,
      budget: parts.budget,
      clock,
      isOver: () => halt !== undefined || live.isDraining,
      onSpent: (budget, atMs, message) => haltLoad('drain', 'budget', message, { atMs, budget }),
    });
    const watch = watchOverdue({
      load: plan.load,
      shared,
      clock,
      haltedMs: () => haltedMs,
      onOverdue: (message) => haltLoad('cut', 'worker-died', message),
    });
    const stopSilenceWatch = watchSilence({
      pool,
      clock,
      onSilent: (message) => journal.log('warning', message),
      onHung: (message) => haltLoad('cut', 'worker-died', message),
    });
    try {
      await runLoad(watch.overdue);
    } finally {
      stopSilenceWatch();
      stopBudgetWatch();
      watch.stop();
      await live.finish();
      await Promise.all([monitoring.stop(), pool.release().then(parts.dismissWorkers), simulator?.stop()]);
    }
  };
  const report = async (): Promise<RunFinished> => {
    const endedAtMs = roundedMs(clock.nowMs());
    journal.record({ type: 'run.ended', atMs: endedAtMs, endedAt: new Date(beganAtEpochMs + endedAtMs).toISOString() });
    await directory.releaseReserve();
    if (hasDiskFailed) await files.retry();
    await files.close();
    await puttingBack;
    const written = await parts.writeReports(directory.path);
    await directory.announce('finished');
    return finishedFrom(written, runId, directory.path);
  };

  return {
    events: {
      onBatch: live.takeBatch,
      onHealth: (worker, health, seen = []) => {
        live.takeHealth(worker, health);
        for (const { address, atMs } of seen) {
          if (addresses.has(address)) continue;
          addresses.add(address);
          journal.record({ type: 'server.address', atMs: roundedMs(atMs), address });
        }
      },
      onLog: journal.log,
      countTokens: (texts) => counter?.count(texts) ?? Promise.resolve([]),
      onDied: (error) => haltLoad('cut', 'worker-died', `A thread of the load generator ended: ${error.message}`),
    },
    async run() {
      announce();
      try {
        await measure();
        const finished = await report();
        journal.tell('run.finished', finished);
        return finished;
      } catch (thrown) {
        const error = RunError.from(thrown);
        journal.tell('run.failed', { error: error.toData(), directory: directory.path });
        throw error;
      }
    },
    setRate(wish) {
      if (!live.hasBegun || live.isDraining || halt !== undefined) return { refused: 'There is no load to change.' };
      const factor = factorOf(wish, live.plannedPerSecond);
      if (typeof factor === 'string') return { refused: factor };
      const atMs = shared.changeRate(factor, roundedMs(clock.nowMs() + RATE_LEAD_MS), SETTLED_MS);
      if (atMs === undefined) return { refused: 'The rate was changed too often in this run.' };
      journal.record({ type: 'rate.changed', atMs, factor });
      journal.log(
        'info',
        `The load is ${formatMeasured(factor, 'ratio', 4)} of what the plan asks for from ${formatMeasured(atMs, 'ms', 4)} on.`,
      );
      pool.rateChanged();
      return { factor, atMs };
    },
    stop() {
      // Everything was sent already: there is nothing to stop, and nothing of the run is missing.
      if (!live.isDraining)
        haltLoad('drain', 'user-stop', 'Stopped: requests in flight were finished, no others were sent.');
    },
    abort: (why) =>
      haltLoad(
        'cut',
        why,
        why === 'user-abort' ? 'Aborted: requests in flight were cut.' : 'Aborted: whoever started the run is gone.',
      ),
    diskFailed(error) {
      if (hasDiskFailed) return;
      hasDiskFailed = true;
      haltLoad(
        'cut',
        'disk-full',
        `The record cannot be written any more: ${describeDisk(error, directory.path)}. The run ends with what it has.`,
      );
    },
    filesPutBack() {
      // Once for each file, and each time it happens.
      if (puttingBack === undefined)
        journal.log(
          'warning',
          `${directory.path} was removed or moved while the run went on: it was made again, with all that is recorded.`,
        );
      puttingBack = (puttingBack ?? Promise.resolve()).then(() =>
        directory.putBack(RESULT_FILES.plan, planText(plan)).catch(() => {}),
      );
    },
  };
}

/** Or what stands against it. */
function factorOf(wish: RateWish, plannedPerSecond: number | undefined): number | string {
  if ('ratePerSecond' in wish && !((plannedPerSecond ?? 0) > 0))
    return 'The plan asks for no rate now: give a factor of its load.';
  const factor = 'factor' in wish ? wish.factor : wish.ratePerSecond / (plannedPerSecond as number);
  const { min, max } = RATE_FACTORS;
  if (Number.isFinite(factor) && factor >= min && factor <= max) return factor;
  return `The load can be changed to between ${min} and ${max} times what the plan asks for.`;
}
