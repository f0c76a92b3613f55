/** What the runner tells a live view, four times a second: folded values, never one message per request. */
import type { SlaVerdict, ValidityVerdict } from './report.ts';

/** Percentiles of one interval in ms; absent where nothing happened in it. */
export interface LiveQuantiles {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface StageProgress {
  readonly name: string;
  readonly index: number;
  readonly count: number;
  readonly kind: 'warmup' | 'measured' | 'drain';
  readonly elapsedMs: number;
  /** Absent for stages by count, whose `requestsTotal` stands instead. */
  readonly durationMs?: number;
  readonly requestsDone: number;
  readonly requestsTotal?: number;
}

export interface LiveSla {
  /** Index into the plan's `slas`. */
  readonly index: number;
  readonly actual?: number;
  readonly verdict: SlaVerdict;
}

export interface Snapshot {
  readonly sequence: number;
  /** End of the interval, ms since the run began. */
  readonly atMs: number;
  readonly intervalMs: number;
  readonly stage: StageProgress;
  /** Whole run, 0…1. */
  readonly progressRatio: number;
  /** Rate the schedule asks for now; absent in closed loops. */
  readonly askedPerSecond?: number;
  /** Users of a closed loop now. */
  readonly users?: number;
  /** Where the rate was changed while the run goes on: what the plan asks for is multiplied by it; both figures above have it in them. */
  readonly rateFactor?: number;
  readonly interval: {
    readonly due: number;
    readonly sent: number;
    readonly ok: number;
    readonly failed: number;
    readonly dropped: number;
    readonly outputTokens: number;
    readonly inputTokens: number;
    readonly ttftMs?: LiveQuantiles;
    readonly itlMs?: LiveQuantiles;
    readonly e2eMs?: LiveQuantiles;
  };
  /** Measured requests so far (warm-up apart). */
  readonly total: {
    readonly due: number;
    readonly sent: number;
    readonly ok: number;
    readonly failed: number;
    readonly dropped: number;
    readonly censored: number;
    readonly abandoned: number;
    readonly outputTokens: number;
    readonly inputTokens: number;
    readonly byReason: Readonly<Record<string, number>>;
    readonly ttftMs?: LiveQuantiles;
    readonly itlMs?: LiveQuantiles;
    readonly tpotMs?: LiveQuantiles;
    readonly e2eMs?: LiveQuantiles;
  };
  readonly inFlight: number;
  /** Due but waiting in the generator for a slot. */
  readonly queued: number;
  readonly sla: readonly LiveSla[];
  readonly validity: ValidityVerdict;
  /** Newest values of the monitors: `<monitor>.<device>.<series>` → base unit. */
  readonly monitors: Readonly<Record<string, number>>;
  readonly generator: {
    readonly loopLagMs: number;
    readonly scheduleLagMs: number;
    readonly cpuRatio: number;
    readonly memoryBytes: number;
  };
}
