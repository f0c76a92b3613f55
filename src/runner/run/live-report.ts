/** What a run tells while it goes on: four snapshots a second to whoever watches, and once a second to the record how the generator fares. */
import type { RunPlan } from '../../contract/plan.ts';
import type { MonitorSample } from '../../contract/record.ts';
import type { WorkerBatch } from '../measure/batch.ts';
import { createLiveFold } from '../measure/live-fold.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import type { SimulatorServer } from '../simulator/server.ts';
import { createAlertWatch } from './alerts.ts';
import { createGeneratorWatch } from './generator-watch.ts';
import { roundedMs, type Journal } from './journal.ts';
import type { RecordFiles } from './record-files.ts';
import type { SharedLoad } from './shared-load.ts';
import { createStageWatch } from './stage-watch.ts';
import type { WorkerHealth } from './worker-messages.ts';

export interface LiveReportParts {
  readonly plan: RunPlan;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly files: Pick<RecordFiles, 'requests' | 'monitor'>;
  readonly shared: SharedLoad;
  /** The server under test, where it is a simulator: of this process or of another one. */
  readonly simulator: Pick<SimulatorServer, 'lateness'> | undefined;
  /** How far the wall clock has moved against the run's clock since the run began. */
  readonly clockSkewMs: () => number;
  readonly residentBytes: () => number;
  /** Of the dataset's own arrival times, where it has any. */
  readonly arrivalSpanMs: number | undefined;
}

export interface LiveReport {
  start(): void;
  /** The load is over: what is left to tell is told. */
  finish(): Promise<void>;
  /** The load was stopped at this moment. */
  halt(atMs: number): void;
  /** Whether everything was sent, and only answers are awaited. */
  readonly isDraining: boolean;
  /** Whether the load has begun. */
  readonly hasBegun: boolean;
  /** What the plan asks for now; `undefined` where that is no rate. */
  readonly plannedPerSecond: number | undefined;
  takeBatch(batch: WorkerBatch): void;
  takeHealth(worker: number, health: WorkerHealth): void;
  takeMonitorSample(sample: MonitorSample): void;
}

const SNAPSHOT_EVERY_MS = 250;
const SAMPLE_EVERY_MS = 1_000;

export function createLiveReport(parts: LiveReportParts): LiveReport {
  const { plan, clock, journal, files, shared, simulator } = parts;
  const fold = createLiveFold(plan);
  const generator = createGeneratorWatch();
  const stages = createStageWatch(plan, shared, parts.arrivalSpanMs);
  const alerts = createAlertWatch(plan.monitors);
  const newest: Record<string, number> = {};
  let timers: readonly CancelTimer[] = [];
  let sequence = 0;
  let snapshotMs = 0;
  let isAskingSimulator = false;

  const tellStages = (): void => {
    for (const { type, stage, index, atMs } of stages.changes(clock.nowMs())) {
      const roundedAtMs = roundedMs(atMs);
      journal.record({ type, stage, index, atMs: roundedAtMs });
      if (type === 'stage.ended') journal.tell(type, { name: stage, index, atMs: roundedAtMs });
      else journal.tell(type, { name: stage, index, count: plan.load.stages.length, atMs: roundedAtMs });
    }
  };
  const tellSnapshot = (): void => {
    tellStages();
    const atMs = clock.nowMs();
    const { measuredMs, ...position } = stages.position(atMs);
    const { latest, verdict } = generator;
    sequence += 1;
    journal.tell('snapshot', {
      sequence,
      atMs: roundedMs(atMs),
      intervalMs: roundedMs(atMs - snapshotMs),
      ...position,
      ...fold.snapshotPart(measuredMs),
      inFlight: shared.inFlight,
      queued: shared.queued,
      validity: verdict,
      monitors: { ...newest },
      generator: {
        loopLagMs: latest?.loopLagMsP99 ?? 0,
        scheduleLagMs: latest?.scheduleLagMsP99 ?? 0,
        cpuRatio: latest?.cpuRatio ?? 0,
        memoryBytes: parts.residentBytes(),
      },
    });
    snapshotMs = atMs;
  };
  const recordGenerator = (): void => {
    const atMs = clock.nowMs();
    const sample = generator.sample(roundedMs(parts.clockSkewMs()), stages.position(atMs).stage.kind === 'measured');
    if (sample !== undefined) journal.record({ type: 'generator', atMs: roundedMs(atMs), sample });
  };
  const recordLateness = async (): Promise<void> => {
    if (simulator === undefined || isAskingSimulator) return;
    isAskingSimulator = true;
    // A simulator that has died shows in the requests.
    const lateness = await simulator.lateness().catch(() => undefined);
    isAskingSimulator = false;
    if (lateness?.p99Ms === undefined || lateness.maxMs === undefined) return;
    const [latenessMsP99, latenessMsMax] = [roundedMs(lateness.p99Ms), roundedMs(lateness.maxMs)];
    journal.record({ type: 'server.late', atMs: roundedMs(clock.nowMs()), latenessMsP99, latenessMsMax });
  };

  return {
    start() {
      timers = [
        clock.every(SNAPSHOT_EVERY_MS, tellSnapshot),
        clock.every(SAMPLE_EVERY_MS, recordGenerator),
        clock.every(SAMPLE_EVERY_MS, () => void recordLateness()),
      ];
    },
    async finish() {
      for (const cancel of timers) cancel();
      await recordLateness();
      recordGenerator();
      tellSnapshot();
    },
    halt: stages.halt,
    get isDraining() {
      return stages.position(clock.nowMs()).stage.kind === 'drain';
    },
    get hasBegun() {
      return (shared.startOf(0) ?? Number.POSITIVE_INFINITY) <= clock.nowMs();
    },
    get plannedPerSecond() {
      const { askedPerSecond, rateFactor = 1 } = stages.position(clock.nowMs());
      return askedPerSecond === undefined ? undefined : askedPerSecond / rateFactor;
    },
    takeBatch(batch) {
      files.requests(batch.lines);
      fold.merge(batch);
    },
    takeHealth: generator.take,
    takeMonitorSample(sample) {
      files.monitor(sample);
      if (stages.position(clock.nowMs()).stage.kind === 'measured') fold.monitor(sample);
      for (const [series, value] of Object.entries(sample.values))
        newest[`${sample.monitor}.${sample.device}.${series}`] = value;
      for (const { monitor, text, value, atMs } of alerts.take(sample)) {
        journal.record({ type: 'alert', monitor, text, value, atMs });
        journal.tell('alert', { monitor, text, value, atMs });
      }
    },
  };
}
