/**
 * The load as a run goes through it: the warm-up and then each stage, one after the other on one clock.
 *
 * When a phase ends: by time, at its declared length. Open loop by count: when its last request is due, whatever the server does
 * (arrivals.ts). Closed loop by count: when its last request is over, so that "n requests took t" is what was measured; but a warm-up
 * ends when its last request has been taken, and the user who comes next begins the first stage: no drain, no second start-up burst.
 */
import { describePlan, peakRate } from '../../contract/describe-plan.ts';
import { assertNever } from '../../contract/errors.ts';
import type { LoadPlan, LoadShape, LoadStart, RateProfile, RunPlan, StageEnd, StagePlan } from '../../contract/plan.ts';
import { declaredDurationMs, type OpenShape, type ReplayShape } from '../pacing/arrivals.ts';
import type { RateChange } from '../pacing/rate-changes.ts';

/** Name of the warm-up in records; no stage may be called so. */
export const WARMUP_STAGE = 'warmup';

export type ClosedShape = Extract<LoadShape, { kind: 'closed' }>;
interface PhaseBase {
  /** In the run; the warm-up is 0 where there is one. */
  readonly index: number;
  /** As it stands in the records. */
  readonly stage: string;
  /** In the plan's stages; −1 for the warm-up. */
  readonly stageIndex: number;
  /** Closed loop by count: requests that are left. */
  readonly until: StageEnd;
  /** Of a stage that a resumed run goes on with: how long it had been running. */
  readonly elapsedMs?: number;
  /** Of the same: how the rate had been changed in it, on its own time. */
  readonly rateChanges?: readonly RateChange[];
}
export type OpenPhase = PhaseBase & { readonly shape: OpenShape };
export type ReplayPhase = PhaseBase & { readonly shape: ReplayShape };
export type ClosedPhase = PhaseBase & { readonly shape: ClosedShape };
export type Phase = OpenPhase | ReplayPhase | ClosedPhase;

export function isOpen(phase: Phase): phase is OpenPhase {
  return phase.shape.kind === 'open';
}

export function isClosed(phase: Phase): phase is ClosedPhase {
  return phase.shape.kind === 'closed';
}

export function isWarmupPhase(phase: Phase): boolean {
  return phase.stageIndex < 0;
}

/** Expects a checked plan: at least one stage. */
export function phasesOf(load: LoadPlan): readonly Phase[] {
  const warmup = warmupPhase(load);
  const offset = warmup === undefined ? 0 : 1;
  const { stageIndex: skipped = 0 } = load.from ?? {};
  const stages = load.stages.slice(skipped).map((stage, index) =>
    createPhase(
      {
        index: index + offset,
        stage: stage.name,
        stageIndex: skipped + index,
        ...(index === 0 ? partLeft(stage, load.from) : { until: stage.until }),
      },
      stage.shape,
    ),
  );
  return warmup === undefined ? stages : [warmup, ...stages];
}

/** Requests the phase asks for, where that is known beforehand. */
export function requestsOf(phase: Phase): number | undefined {
  return phase.until.kind === 'requests' ? phase.until.requests : undefined;
}

/**
 * How long it lasts, where that is known beforehand; near enough for a progress bar where gaps are random.
 *
 * @param arrivalSpanMs Of the dataset's own arrival times.
 */
export function durationOf(phase: Phase, arrivalSpanMs?: number): number | undefined {
  if (phase.until.kind === 'time') return phase.until.durationMs;
  if (phase.shape.kind === 'replay' && phase.until.kind === 'dataset' && arrivalSpanMs !== undefined)
    return arrivalSpanMs / phase.shape.speed;
  return isOpen(phase) ? declaredDurationMs(phase) : undefined;
}

/** More connections than this are not opened on a guess. */
const MOST_GUESSED_CONNECTIONS = 128;
/** Where requests take long, more are in flight in the end than when the phase begins: those open theirs as they come. */
const CONNECTIONS_AHEAD_SECONDS = 2;

/**
 * How many connections should be open when a phase begins, over all workers, by the phase's index: as many as there are users, or
 * requests expected in flight soon; where nothing tells how long a request takes, a second's worth.
 */
export function connectionsOf(plan: RunPlan): readonly number[] {
  return concurrencyOf(plan).map((expected, index) => {
    const phase = phasesOf(plan.load)[index] as Phase;
    if (isClosed(phase)) return expected ?? phase.shape.users;
    // How dense a recording is, is not known here: connections are opened as they are needed.
    if (!isOpen(phase)) return 1;
    const peakPerSecond = peakRate(phase.shape.rate);
    const guessed = Math.min(MOST_GUESSED_CONNECTIONS, plan.load.inFlightLimit ?? Infinity, peakPerSecond);
    return Math.ceil(expected === undefined ? guessed : Math.min(expected, peakPerSecond * CONNECTIONS_AHEAD_SECONDS));
  });
}

/** Requests in flight at each phase's peak, never above the limit; `undefined` where nothing tells how long a request takes. */
export function concurrencyOf(plan: RunPlan): readonly (number | undefined)[] {
  const { stages } = describePlan(plan);
  return phasesOf(plan.load).map((phase) => {
    if (isClosed(phase)) return Math.min(phase.shape.users, plan.load.inFlightLimit ?? Infinity);
    // The warm-up is like the first stage, or less.
    return stages[Math.max(0, phase.stageIndex)]?.concurrency;
  });
}

/** What is left of the stage that a resumed run goes on with. An open loop by count has its schedule, which says when it ends. */
function partLeft(
  { shape, until }: StagePlan,
  from: LoadStart | undefined,
): Pick<PhaseBase, 'until' | 'elapsedMs' | 'rateChanges'> {
  if (from === undefined) return { until };
  const isCounted = until.kind === 'requests' && shape.kind === 'closed';
  return {
    until: isCounted ? { kind: 'requests', requests: until.requests - from.done } : until,
    elapsedMs: from.elapsedMs,
    ...(from.rateChanges === undefined ? {} : { rateChanges: from.rateChanges }),
  };
}

function warmupPhase({ warmup, stages, from }: LoadPlan): Phase | undefined {
  const first = stages[from?.stageIndex ?? 0];
  if (warmup === undefined || first === undefined) return undefined;
  const base = { index: 0, stage: WARMUP_STAGE, stageIndex: -1, until: warmup.until };
  const open = (ratePerSecond: number, arrivals: OpenShape['arrivals']): Phase =>
    createPhase(base, { kind: 'open', arrivals, rate: { kind: 'flat', ratePerSecond } });
  if (first.shape.kind === 'open')
    return open(warmup.ratePerSecond ?? startingRate(first.shape.rate), first.shape.arrivals);
  if (warmup.ratePerSecond !== undefined) return open(warmup.ratePerSecond, { kind: 'constant' });
  return createPhase(base, first.shape);
}

/** What a warm-up without a rate of its own runs at: where the first stage begins, or its peak if that is nothing. */
function startingRate(rate: RateProfile): number {
  switch (rate.kind) {
    case 'flat':
      return rate.ratePerSecond;
    case 'ramp':
      return rate.fromPerSecond > 0 ? rate.fromPerSecond : rate.toPerSecond;
    case 'spikes':
      return rate.basePerSecond > 0 ? rate.basePerSecond : rate.spikePerSecond;
    case 'sine':
      return rate.minPerSecond > 0 ? rate.minPerSecond : rate.maxPerSecond;
    default:
      return assertNever(rate, 'rate profile');
  }
}

function createPhase(base: PhaseBase, shape: LoadShape): Phase {
  switch (shape.kind) {
    case 'open':
      return { ...base, shape };
    case 'replay':
      return { ...base, shape };
    case 'closed':
      return { ...base, shape };
  }
}
