/** Whether a run is preceded by a calibration, and with how many streams. Pure. */
import type { RunPlan } from '../../contract/plan.ts';
import { CALIBRATION_STREAMS } from './calibrate.ts';
import { concurrencyOf, connectionsOf, durationOf, phasesOf, requestsOf } from './phases.ts';

/** A calibration takes up to two seconds: more than a fifth of a run that is shorter than this. */
const SHORT_RUN_MS = 10_000;
/** Where nothing tells how long the run lasts. */
const FEW_REQUESTS = 100;

export type CalibrationChoice = { readonly streams: number } | { readonly why: 'switched-off' | 'short-run' };

export function chooseCalibration(plan: RunPlan, isWanted: boolean): CalibrationChoice {
  if (!isWanted) return { why: 'switched-off' };
  if (isShort(plan)) return { why: 'short-run' };
  const expected = concurrencyOf(plan).map((each, index) => each ?? (connectionsOf(plan)[index] as number));
  const { fewest, most } = CALIBRATION_STREAMS;
  return { streams: Math.round(Math.min(most, Math.max(fewest, ...expected))) };
}

function isShort({ load }: RunPlan): boolean {
  let durationMs = 0;
  let requests = 0;
  for (const phase of phasesOf(load)) {
    const phaseMs = durationOf(phase);
    if (phaseMs === undefined) requests += requestsOf(phase) ?? Number.POSITIVE_INFINITY;
    else durationMs += phaseMs;
  }
  return durationMs < SHORT_RUN_MS && requests < FEW_REQUESTS;
}
