/** Where each stage's window lies: from the plan, what the run said of it, and how far the record goes. */
import { declaredDurationMs } from '../../pacing/arrivals.ts';
import { changedClock, changesSince, type ArrivalClock, type RateChange } from '../../pacing/rate-changes.ts';
import { expectedUntil } from '../../pacing/rate-profile.ts';
import type { RunPlan, StagePlan } from '../../../contract/plan.ts';
import type { RunEventRecord } from '../../../contract/record.ts';

export interface StageWindow {
  readonly stage: StagePlan;
  /** Due times of the stage's requests lie in [startMs, endMs). */
  readonly startMs: number;
  /** Absent while it is not known: a stage by count whose end was never recorded. */
  readonly endMs: number | undefined;
  /** How long it was to last; absent for closed loops by count. */
  readonly plannedMs: number | undefined;
  /** Changes of the rate, on the stage's own time. */
  readonly changes: readonly RateChange[];
}

/**
 * Windows of the stages that began. A stage by time lasts as long as declared unless the run stopped before; the moment its end was
 * noticed says less. A stage by count ends where the run says so.
 */
export function stageWindows(plan: RunPlan, events: readonly RunEventRecord[]): readonly StageWindow[] {
  const changes = events.filter((event) => event.type === 'rate.changed');
  const stoppedMs = events.find((event) => event.type === 'stopping')?.atMs ?? Number.POSITIVE_INFINITY;
  return plan.load.stages.flatMap((stage) => {
    const started = events.find((event) => event.type === 'stage.started' && event.stage === stage.name);
    if (started === undefined) return [];
    const ended = events.find((event) => event.type === 'stage.ended' && event.stage === stage.name);
    const plannedMs =
      stage.shape.kind === 'replay' && stage.until.kind !== 'time'
        ? ended && ended.atMs - started.atMs
        : plannedDurationMs(stage);
    const plannedEndMs =
      stage.until.kind === 'time' && plannedMs !== undefined ? started.atMs + plannedMs : Number.POSITIVE_INFINITY;
    const endMs = Math.min(
      plannedEndMs,
      stage.until.kind === 'time' ? Number.POSITIVE_INFINITY : (ended?.atMs ?? Number.POSITIVE_INFINITY),
      Math.max(started.atMs, stoppedMs),
    );
    return [
      {
        stage,
        startMs: started.atMs,
        endMs: Number.isFinite(endMs) ? endMs : undefined,
        plannedMs,
        changes: changesSince(changes, started.atMs),
      },
    ];
  });
}

function plannedDurationMs(stage: StagePlan): number | undefined {
  if (stage.until.kind === 'time') return stage.until.durationMs;
  if (stage.shape.kind !== 'open') return undefined;
  const durationMs = declaredDurationMs({ shape: stage.shape, until: stage.until });
  return Number.isFinite(durationMs) ? durationMs : undefined;
}

/** Requests that the stage asked for until a moment of it, with what was changed; `undefined` where no rate says so. */
export function askedUntil({ stage: { shape }, plannedMs, changes }: StageWindow): ArrivalClock['countAt'] | undefined {
  if (shape.kind !== 'open' || plannedMs === undefined) return undefined;
  const planned: ArrivalClock = {
    countAt: (atMs) => expectedUntil(shape.rate, atMs, plannedMs),
    // Only asked for the other way round.
    timeOfCount: () => Number.NaN,
  };
  return changedClock(planned, changes).countAt;
}
