/** Where in the load a run is, for people and for the record: read from what the workers share. */
import type { StageProgress } from '../../contract/snapshot.ts';
import type { RunPlan } from '../../contract/plan.ts';
import { factorAt } from '../pacing/rate-changes.ts';
import { rateAt } from '../pacing/rate-profile.ts';
import { durationOf, isClosed, isOpen, isWarmupPhase, phasesOf, requestsOf, type Phase } from './phases.ts';
import type { SharedLoad } from './shared-load.ts';
import { usersAt } from './users.ts';

export interface StageChange {
  readonly type: 'stage.started' | 'stage.ended';
  readonly stage: string;
  readonly index: number;
  readonly atMs: number;
}

export interface LoadPosition {
  readonly stage: StageProgress;
  /** Of the whole load, 0…1. */
  readonly progressRatio: number;
  readonly askedPerSecond?: number;
  readonly users?: number;
  /** Where the rate was changed while the run goes on: what the plan asks for is multiplied by it. */
  readonly rateFactor?: number;
  /** Time of the measured window so far. */
  readonly measuredMs: number;
}

export interface StageWatch {
  /** Stages that began or ended since the last call, in order; the warm-up is none. */
  changes(nowMs: number): readonly StageChange[];
  /** The load was stopped: what has begun ends now. */
  halt(nowMs: number): void;
  position(nowMs: number): LoadPosition;
}

/** @param arrivalSpanMs Of the dataset's own arrival times, where it has any. */
export function createStageWatch(plan: Pick<RunPlan, 'load'>, shared: SharedLoad, arrivalSpanMs?: number): StageWatch {
  const lengthOf = (phase: Phase): number | undefined => durationOf(phase, arrivalSpanMs);
  const phases = phasesOf(plan.load);
  const stageCount = plan.load.stages.length;
  const totalMs = sumOrUndefined(phases.map(lengthOf));
  let started = 0;
  let ended = 0;
  let haltedMs: number | undefined;

  /** When the phase ended, if it has. */
  const endOf = (index: number, nowMs: number): number | undefined => {
    const nextMs = shared.startOf(index + 1);
    const endMs = Math.min(nextMs ?? Number.POSITIVE_INFINITY, haltedMs ?? Number.POSITIVE_INFINITY);
    return endMs <= nowMs ? endMs : undefined;
  };
  const change = (type: StageChange['type'], phase: Phase, atMs: number): readonly StageChange[] =>
    isWarmupPhase(phase) ? [] : [{ type, stage: phase.stage, index: phase.stageIndex, atMs }];
  const ratioOf = (phase: Phase, elapsedMs: number): number => {
    const requests = requestsOf(phase);
    const durationMs = lengthOf(phase);
    if (durationMs !== undefined) return Math.min(1, elapsedMs / durationMs);
    return requests === undefined ? 0 : Math.min(1, shared.finishedRequests(phase.index) / requests);
  };
  const progressOf = (index: number, ratio: number): number => {
    if (totalMs === undefined) return (index + ratio) / phases.length;
    const beforeMs = phases.slice(0, index).reduce((sum, phase) => sum + (lengthOf(phase) ?? 0), 0);
    return totalMs === 0 ? 1 : (beforeMs + ratio * (lengthOf(phases[index] as Phase) ?? 0)) / totalMs;
  };
  const drainPosition = (sinceMs: number, nowMs: number, measuredMs: number): LoadPosition => ({
    stage: {
      name: 'drain',
      index: stageCount,
      count: stageCount,
      kind: 'drain',
      elapsedMs: nowMs - sinceMs,
      durationMs: plan.load.drainMs,
      requestsDone: phases.reduce((sum, phase) => sum + shared.finishedRequests(phase.index), 0),
    },
    progressRatio: 1,
    measuredMs,
  });

  return {
    changes(nowMs) {
      const all: StageChange[] = [];
      for (;;) {
        const endMs = ended < started ? endOf(ended, nowMs) : undefined;
        const startMs = started < phases.length ? shared.startOf(started) : undefined;
        const hasStarted = startMs !== undefined && startMs <= nowMs && (haltedMs === undefined || startMs < haltedMs);
        if (endMs !== undefined) all.push(...change('stage.ended', phases[ended++] as Phase, endMs));
        else if (hasStarted) all.push(...change('stage.started', phases[started++] as Phase, startMs));
        else return all;
      }
    },
    halt(nowMs) {
      haltedMs ??= nowMs;
    },
    position(nowMs) {
      const reached = phases.findLastIndex(({ index }) => (shared.startOf(index) ?? Number.POSITIVE_INFINITY) <= nowMs);
      const index = Math.max(0, reached);
      const phase = phases[index] as Phase;
      const startMs = shared.startOf(index) ?? nowMs;
      const firstMeasured = phases.find((each) => !isWarmupPhase(each)) as Phase;
      const loadEndMs = Math.min(shared.startOf(phases.length) ?? nowMs, haltedMs ?? nowMs, nowMs);
      const measuredMs = Math.max(0, loadEndMs - (shared.startOf(firstMeasured.index) ?? loadEndMs));
      const drainingSinceMs = haltedMs ?? endOf(phases.length - 1, nowMs);
      if (drainingSinceMs !== undefined) return drainPosition(drainingSinceMs, nowMs, measuredMs);
      const elapsedMs = Math.max(0, nowMs - startMs) + (phase.elapsedMs ?? 0);
      const durationMs = lengthOf(phase);
      const requestsTotal = requestsOf(phase);
      return {
        stage: {
          name: phase.stage,
          index: Math.max(0, phase.stageIndex),
          count: stageCount,
          kind: isWarmupPhase(phase) ? 'warmup' : 'measured',
          elapsedMs,
          ...(durationMs === undefined || requestsTotal !== undefined ? {} : { durationMs }),
          requestsDone: shared.finishedRequests(index),
          ...(requestsTotal === undefined ? {} : { requestsTotal }),
        },
        progressRatio: progressOf(index, ratioOf(phase, elapsedMs)),
        ...askedAt(phase, elapsedMs, factorAt(shared.rateChanges, nowMs)),
        measuredMs,
      };
    },
  };
}

/** What is asked for now. Of a replay that is what its recording holds, which is not known here. */
function askedAt(
  phase: Phase,
  elapsedMs: number,
  factor: number,
): Pick<LoadPosition, 'askedPerSecond' | 'users' | 'rateFactor'> {
  const changed = factor === 1 ? {} : { rateFactor: factor };
  if (isClosed(phase)) return { users: usersAt(phase, factor), ...changed };
  if (!isOpen(phase)) return changed;
  return { askedPerSecond: factor * rateAt(phase.shape.rate, elapsedMs, durationOf(phase) ?? 0), ...changed };
}

function sumOrUndefined(values: readonly (number | undefined)[]): number | undefined {
  return values.every((value) => value !== undefined) ? values.reduce((sum, value) => sum + value, 0) : undefined;
}
