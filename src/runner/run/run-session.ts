/** One run from its beginning to its report: the workers do the work; here it is steered, recorded and shown. */
import { RunError } from '../../contract/errors.ts';
import type { RunFinished } from '../../contract/protocol/runner.ts';
import type { MonitorSample, RunEventRecord } from '../../contract/record.ts';
import type { ReportData } from '../../contract/report.ts';
import { VERSION } from '../../contract/version.ts';
import { createLiveFold } from '../measure/live-fold.ts';
import type { Clock } from '../platform/clock.ts';
import { createAlertWatch } from './alerts.ts';
import { createGeneratorWatch } from './generator-watch.ts';
import { createJournal, roundedMs } from './journal.ts';
import { createLatch } from './latch.ts';
import { startMonitoring, type MonitoringParts } from './monitoring.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { RecordFiles } from './record-files.ts';
import type { RunHost } from './run.ts';
import type { SharedLoad } from './shared-load.ts';
import { createStageWatch } from './stage-watch.ts';
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
  readonly pool: Pick<WorkerPool, 'begin' | 'stop' | 'abort' | 'finished' | 'terminate'>;
  readonly openMonitor: MonitoringParts['open'];
  readonly writeReports: WriteReports;
  readonly nextTurn: () => Promise<void>;
  readonly residentBytes: () => number;
}

export type WriteReports = (directory: string) => Promise<{
  readonly report: ReportData;
  /** Written files by format id. */
  readonly files: Readonly<Record<string, string>>;
}>;

export interface RunSession {
  /** For the pool: what the workers tell. */
  readonly events: WorkerPoolEvents;
  /** Runs the load; resolves when its end is reported. @throws RunError when the report could not be written */
  run(): Promise<RunFinished>;
  stop(): void;
  abort(why: Extract<StopReason, 'user-abort' | 'host-gone'>): void;
  /** The record could not be written: the run ends with what it has. */
  diskFailed(error: NodeJS.ErrnoException): void;
}

const SNAPSHOT_EVERY_MS = 250;
const SAMPLE_EVERY_MS = 1_000;
/** Between the moment the first connections are open and the beginning of the load: the first requests are made meanwhile. */
const LEAD_MS = 100;

export function createRunSession(parts: SessionParts): RunSession {
  const { prepared, clock, files, shared, pool } = parts;
  const { plan, directory, runId, simulator } = prepared;
  const beganAtEpochMs = parts.epochMs() - clock.nowMs();
  const journal = createJournal({ ...parts, redact: prepared.redact, nowMs: clock.nowMs, beganAtEpochMs });
  const fold = createLiveFold(plan);
  const generator = createGeneratorWatch();
  const stages = createStageWatch(plan, shared);
  const alerts = createAlertWatch(plan.monitors);
  const newest: Record<string, number> = {};
  const halted = createLatch();
  let halt: 'drain' | 'cut' | undefined;
  let hasDiskFailed = false;
  let sequence = 0;
  let snapshotMs = 0;

  const countTokens = prepared.countTokens;
  const counter =
    countTokens === undefined ? undefined : createTextCounter({ countTokens, clock, nextTurn: parts.nextTurn });

  const haltLoad = (how: 'drain' | 'cut', why: StopReason, message: string): void => {
    if (halt === 'cut' || halt === how) return;
    halt = how;
    const atMs = roundedMs(clock.nowMs());
    stages.halt(atMs);
    journal.record({ type: 'stopping', atMs, why, message });
    journal.tell('stopping', { why, message, drainMs: how === 'drain' ? plan.load.drainMs : 0 });
    journal.log(why === 'disk-full' || why === 'worker-died' ? 'error' : 'info', message);
    if (how === 'drain') pool.stop();
    else pool.abort();
    halted.open();
  };

  const tellStages = (): void => {
    for (const { type, stage, index, atMs } of stages.changes(clock.nowMs())) {
      journal.record({ type, stage, index, atMs: roundedMs(atMs) });
      if (type === 'stage.started')
        journal.tell(type, { name: stage, index, count: plan.load.stages.length, atMs: roundedMs(atMs) });
      else journal.tell(type, { name: stage, index, atMs: roundedMs(atMs) });
    }
  };
  const snapshot = (): void => {
    tellStages();
    const atMs = clock.nowMs();
    const { measuredMs, ...position } = stages.position(atMs);
    sequence += 1;
    journal.tell('snapshot', {
      sequence,
      atMs: roundedMs(atMs),
      intervalMs: roundedMs(atMs - snapshotMs),
      ...position,
      ...fold.snapshotPart(measuredMs),
      inFlight: shared.inFlight,
      queued: shared.queued,
      validity: generator.verdict,
      monitors: { ...newest },
      generator: {
        loopLagMs: generator.latest?.loopLagMsP99 ?? 0,
        scheduleLagMs: generator.latest?.scheduleLagMsP99 ?? 0,
        cpuRatio: generator.latest?.cpuRatio ?? 0,
        memoryBytes: parts.residentBytes(),
      },
    });
    snapshotMs = atMs;
  };
  const sampleGenerator = (): void => {
    const atMs = clock.nowMs();
    const clockSkewMs = roundedMs(parts.epochMs() - beganAtEpochMs - atMs);
    const sample = generator.sample(clockSkewMs, stages.position(atMs).stage.kind === 'measured');
    if (sample !== undefined) journal.record({ type: 'generator', atMs: roundedMs(atMs), sample });
  };
  let isAskingSimulator = false;
  const askSimulator = async (): Promise<void> => {
    if (simulator === undefined || isAskingSimulator) return;
    isAskingSimulator = true;
    const { p99Ms, maxMs } = await simulator.lateness();
    isAskingSimulator = false;
    if (p99Ms === undefined || maxMs === undefined) return;
    const atMs = roundedMs(clock.nowMs());
    journal.record({
      type: 'server.late',
      atMs,
      latenessMsP99: roundedMs(p99Ms),
      latenessMsMax: roundedMs(maxMs),
    });
  };
  const takeMonitorSample = (sample: MonitorSample): void => {
    files.monitor(sample);
    fold.monitor(sample);
    for (const [series, value] of Object.entries(sample.values))
      newest[`${sample.monitor}.${sample.device}.${series}`] = value;
    for (const { monitor, text, value, atMs } of alerts.take(sample)) {
      journal.record({ type: 'alert', monitor, text, value, atMs });
      journal.tell('alert', { monitor, text, value, atMs });
    }
  };

  const announce = (): void => {
    const { environment, workers, checks, dataset } = prepared;
    const startedAt = new Date(beganAtEpochMs).toISOString();
    const simulated = simulator === undefined ? {} : { simulatorUrl: simulator.url };
    journal.tell('run.started', { runId, directory: directory.path, startedAt, plan });
    journal.record({
      type: 'run.started',
      atMs: 0,
      id: runId,
      startedAt,
      version: VERSION,
      environment,
      workers,
      ...simulated,
      monotonicMs: Number(parts.originNs) / 1e6,
    });
    journal.record({ type: 'preflight', atMs: 0, checks });
    for (const { ok, message, hint } of checks)
      if (!ok) journal.log('warning', hint === undefined ? message : `${message} ${hint}`);
    for (const note of dataset.notes) journal.log('info', note);
  };
  const runLoad = async (): Promise<void> => {
    const connected = pool.begin(parts.originNs);
    // A worker that died has been told of already; its part of the run is over.
    await Promise.race([connected, halted.opened]).catch(() => {});
    if (!halted.isOpen) shared.setStart(0, roundedMs(clock.nowMs() + LEAD_MS));
    await pool.finished;
  };
  const finish = async (): Promise<RunFinished> => {
    snapshot();
    const endedAtMs = roundedMs(clock.nowMs());
    journal.record({ type: 'run.ended', atMs: endedAtMs, endedAt: new Date(beganAtEpochMs + endedAtMs).toISOString() });
    await directory.releaseReserve();
    if (hasDiskFailed) await files.retry();
    await files.close();
    const { report, files: written } = await parts.writeReports(directory.path);
    await directory.announce('finished');
    const { outcome, exitCode, error } = report.run;
    return {
      runId,
      directory: directory.path,
      outcome,
      exitCode,
      sla: report.sla,
      validity: { verdict: report.validity.verdict, reasons: report.validity.reasons },
      requests: report.requests,
      metrics: report.metrics,
      durationMs: report.run.durationMs,
      files: written,
      ...(error === undefined ? {} : { error }),
    };
  };

  return {
    events: {
      onBatch(batch) {
        files.requests(batch.lines);
        fold.merge(batch);
      },
      onHealth: generator.take,
      onLog: journal.log,
      countTokens: (texts) => counter?.count(texts) ?? Promise.resolve([]),
      onDied: (error) => haltLoad('cut', 'worker-died', `A thread of the load generator ended: ${error.message}`),
    },
    async run() {
      announce();
      const monitoring = startMonitoring({
        monitors: plan.monitors,
        open: parts.openMonitor,
        clock,
        onSample: takeMonitorSample,
        log: journal.log,
      });
      const timers = [
        clock.every(SNAPSHOT_EVERY_MS, snapshot),
        clock.every(SAMPLE_EVERY_MS, sampleGenerator),
        clock.every(SAMPLE_EVERY_MS, () => void askSimulator()),
      ];
      try {
        await runLoad();
        await askSimulator();
        sampleGenerator();
      } finally {
        timers.forEach((cancel) => cancel());
        await Promise.all([monitoring.stop(), pool.terminate(), simulator?.stop()]);
      }
      try {
        const finished = await finish();
        journal.tell('run.finished', finished);
        return finished;
      } catch (thrown) {
        const error = RunError.from(thrown);
        journal.tell('run.failed', { error: error.toData(), directory: directory.path });
        throw error;
      }
    },
    stop() {
      // Everything was sent already: there is nothing to stop, and nothing of the run is missing.
      if (stages.position(clock.nowMs()).stage.kind === 'drain') return;
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
        `The record cannot be written any more: ${describeDisk(error)}. The run ends with what it has.`,
      );
    },
  };
}

function describeDisk({ code, message }: NodeJS.ErrnoException): string {
  return code === 'ENOSPC' ? 'the disk is full' : code === 'EDQUOT' ? 'the disk quota is used up' : message;
}
