/** report.json, `"schema": "benchwright/report@1"`. Absent where undefined, never 0. */
import type { CalibrationData, EnvironmentData, GeneratorSample, PreflightCheck } from './record.ts';
import type { RunErrorData } from './errors.ts';
import type { FailureClass } from './outcome.ts';

export const REPORT_SCHEMA = 'benchwright/report@1';

export type RunOutcome = 'passed' | 'failed' | 'undecided' | 'aborted' | 'error';
export type SlaVerdict = 'met' | 'breached' | 'undecided' | 'unmeasured';
export type ValidityVerdict = 'valid' | 'suspect' | 'invalid';

/** A two-sided 95 % confidence interval; a bound the sample cannot give is absent. */
export interface Interval {
  readonly lower?: number;
  readonly upper?: number;
}

/** What describes a sample beyond its percentiles; absent where the raw values were too many to keep. */
export interface SampleShape {
  /** Absent where a value is 0. */
  readonly geomean?: number;
  /** p75 − p25. */
  readonly iqr?: number;
  /** Adjusted Fisher–Pearson; absent below 3 values or where all are equal. */
  readonly skewness?: number;
  /** Sample excess kurtosis; absent below 4 values or where all are equal. */
  readonly kurtosis?: number;
  /** Most frequent value, to three significant digits. */
  readonly mode?: number;
  /** Values more than 1.5 IQR below p25 or above p75. */
  readonly outliers?: number;
}

/** Statistics of a sample metric, in the unit named. Keys `p50` … `p999`. */
export interface SampleSummary extends SampleShape {
  readonly unit: string;
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** Sample standard deviation (n − 1); absent for n = 1. */
  readonly stddev?: number;
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  /** 95 % intervals by key (`p50`, `p99`, `mean` …). A percentile with a missing bound is not supported by the sample. */
  readonly ci: Readonly<Record<string, Interval>>;
  /** `exact` (nearest rank on raw values) or `histogram` (relative error at most 0.1 %). */
  readonly method: 'exact' | 'histogram';
}

export interface WindowValue {
  readonly unit: string;
  readonly value: number;
  readonly ci?: Interval;
  /** For ratios that also read as a rate (goodput). */
  readonly perSecond?: number;
}

/** By metric key (metrics.ts); sample metrics as SampleSummary, window metrics as WindowValue. */
export type MetricTable = Readonly<Record<string, SampleSummary | WindowValue>>;

export function isSample(value: SampleSummary | WindowValue | undefined): value is SampleSummary {
  return value !== undefined && 'count' in value;
}

/** What the run was allowed to use, and what it used, its warm-up and its drain included. */
export interface BudgetReport {
  readonly requests?: BudgetUse;
  readonly tokens?: BudgetUse;
  readonly costUsd?: BudgetUse;
  readonly timeMs?: BudgetUse;
  /** What ran out and ended the run. */
  readonly spent?: 'requests' | 'tokens' | 'cost' | 'time';
}

export interface BudgetUse {
  readonly limit: number;
  readonly used: number;
}

export interface RequestCounts {
  /** On the schedule within the window. */
  readonly due: number;
  readonly sent: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly abandoned: number;
  readonly dropped: number;
  readonly censored: number;
  /** FailureReason → count (`http-status` split by status: `http-status 503`). */
  readonly byReason: Readonly<Record<string, number>>;
}

/** Conversations of the measured stages. */
export interface SessionReport {
  readonly begun: number;
  /** Every turn was answered. */
  readonly completed: number;
  /** A turn failed, was abandoned, dropped or cut: nobody asked on. */
  readonly brokenOff: number;
  /** The load ended before their next turn was due; also those that the warm-up began. */
  readonly unfinished: number;
  readonly byTurn: readonly {
    readonly turn: number;
    /** This turn and all later ones together. */
    readonly andLater?: boolean;
    readonly requests: number;
    readonly succeeded: number;
    readonly inputTokensMean?: number;
    readonly ttftMsP50?: number;
    readonly ttftMsP95?: number;
  }[];
}

/** One part of a mix, over the measured stages. */
export interface PartReport {
  /** Its name. */
  readonly dataset: string;
  /** Of the arrivals, as the mix asks for it: a conversation of a part is one arrival and several requests. */
  readonly weightRatio: number;
  readonly requests: number;
  readonly succeeded: number;
  /** With those that timed out. */
  readonly failed: number;
  readonly inputTokensMean?: number;
  readonly outputTokensMean?: number;
  readonly ttftMsP50?: number;
  readonly ttftMsP95?: number;
  readonly e2eMsP50?: number;
  readonly e2eMsP95?: number;
}

export interface StageReport {
  readonly name: string;
  readonly group?: string;
  readonly startedMs: number;
  readonly endedMs: number;
  /** What the stage's throughputs are divided by: its length, and by how much the server fell behind within it (docs/metrics.md). */
  readonly windowMs?: number;
  readonly asked: {
    /** Mean over the stage, with what was changed while it ran; in an open loop over conversations these are what is begun. */
    readonly ratePerSecond?: number;
    /** At its end, with what was changed. */
    readonly users?: number;
    /** Changes of the rate, ms since the stage began; the first is at 0 where the stage began changed. */
    readonly changes?: readonly { readonly atMs: number; readonly factor: number }[];
  };
  readonly delivered: {
    readonly ratePerSecond: number;
    /** Kolmogorov–Smirnov against the declared gap distribution; absent for closed loops and for constant arrivals (see `dispersion`). */
    readonly ksPValue?: number;
    /** Greatest distance between the delivered and the declared distribution of gaps, beside `ksPValue`. */
    readonly ksDistance?: number;
    /**
     * Constant arrivals: variance of the gaps against that of random ones (0 even, 1 Poisson), and the p-value of the test that they
     * are at most a quarter as dispersed.
     */
    readonly dispersion?: { readonly ratio: number; readonly pValue: number };
    readonly concurrencyMean: number;
    readonly concurrencyPeak: number;
  };
  readonly requests: RequestCounts;
  readonly metrics: MetricTable;
}

export interface SlaResult {
  readonly set: string;
  readonly text: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly actual?: number;
  readonly ci?: Interval;
  /** Of `actual` and `limit` (base unit: ms, ratio, tokens/s …). */
  readonly unit: string;
  readonly limit: number;
  readonly comparison: string;
  readonly verdict: SlaVerdict;
  /** Why undecided or unmeasured; what was compared. */
  readonly note?: string;
}

export interface SeriesSummary {
  readonly series: string;
  readonly device: string;
  readonly unit: string;
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly p95: number;
  readonly last: number;
}

export interface Finding {
  readonly code: string;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly title: string;
  readonly evidence: readonly string[];
  readonly advice: {
    readonly now: readonly string[];
    readonly next: readonly string[];
    readonly later: readonly string[];
  };
}

export interface ReportData {
  readonly schema: typeof REPORT_SCHEMA;
  readonly run: {
    readonly id: string;
    readonly benchmark: string;
    readonly doc?: string;
    readonly file: string;
    readonly textSha256: string;
    readonly startedAt: string;
    readonly endedAt: string;
    readonly durationMs: number;
    readonly outcome: RunOutcome;
    readonly exitCode: number;
    readonly version: string;
    readonly seed: number;
    readonly workers: number;
    readonly params: Readonly<Record<string, string>>;
    /** Why the run ended early, when it did. */
    readonly error?: RunErrorData;
    /** The record ended without `run.ended`: the runner was killed; figures are of what was recorded. */
    readonly torn?: boolean;
    /** The run was still going on when the report was made: figures are of what was recorded until then. */
    readonly running?: boolean;
    /** Each time the run was cut off and resumed. The time in between, and the warm-up that was run again, are in no figure. */
    readonly resumed?: readonly ResumeSummary[];
  };
  readonly validity: {
    readonly verdict: ValidityVerdict;
    readonly reasons: readonly ValidityReason[];
    readonly generator: Partial<GeneratorSample>;
    readonly preflight: readonly PreflightCheck[];
    /** How far the figures were off just before the run; absent in records of versions that did not measure it. */
    readonly calibration?: CalibrationData;
  };
  /** Where the scenario has one. */
  readonly budget?: BudgetReport;
  readonly environment: EnvironmentData;
  readonly backend: {
    readonly name: string;
    readonly protocol: string;
    readonly url?: string;
    readonly model?: string;
  };
  readonly dataset: { readonly name: string; readonly source: string };
  /** Measured requests (warm-up apart) over all stages. */
  readonly requests: RequestCounts;
  /** What the throughputs of `metrics` are divided by (docs/metrics.md). */
  readonly windowMs?: number;
  /** Failed requests by reason, most frequent first, with what the server said. */
  readonly failures?: readonly FailureSummary[];
  /** Requests of the warm-up, shown, never counted. */
  readonly warmup?: { readonly requests: number; readonly failed: number };
  /** Where the dataset is one of conversations. */
  readonly sessions?: SessionReport;
  /** Where the dataset is a mix: its parts, in the mix's order. */
  readonly parts?: readonly PartReport[];
  readonly metrics: MetricTable;
  readonly stages: readonly StageReport[];
  readonly sla: readonly SlaResult[];
  readonly monitors: Readonly<Record<string, readonly SeriesSummary[]>>;
  readonly findings: readonly Finding[];
  /** Per-second series for the charts and series.csv, whole run. */
  readonly series: SeriesTable;
  /** How the values of a metric are spread, by metric key, for histograms and distribution functions. */
  readonly distributions?: Readonly<Record<string, DistributionTable>>;
}

export interface ResumeSummary {
  readonly stoppedAt: string;
  readonly resumedAt: string;
  /** Between both, by the wall clock. */
  readonly gapMs: number;
  readonly stage: string;
  /** Where in `series` and the stages it went on, ms since the run began. */
  readonly atMs: number;
  /** Requests in flight when the runner was killed; they count as censored. */
  readonly lost: number;
  /** Conversations that were under way, and were not taken up again; absent: none. */
  readonly conversations?: number;
}

export interface FailureSummary {
  /** Key of `requests.byReason`. */
  readonly reason: string;
  readonly class: FailureClass;
  readonly count: number;
  readonly firstAtMs: number;
  /** What the server said about the first of them, as far as it said anything. */
  readonly detail?: string;
}

/** Bins of equal width, and the value at each of some quantiles. */
export interface DistributionTable {
  readonly unit: string;
  readonly binStart: number;
  readonly binWidth: number;
  readonly counts: readonly number[];
  /** Values beyond the last bin: a few, far out. */
  readonly above: number;
  /** Ascending quantiles in 0…1 … */
  readonly quantiles: readonly number[];
  /** … and the value at each. */
  readonly values: readonly number[];
}

export interface ValidityReason {
  readonly code: string;
  readonly severity: 'suspect' | 'invalid';
  readonly message: string;
}

/** Columns of equal length; `null` where a bin has no value. */
export interface SeriesTable {
  readonly binMs: number;
  /** Start of each bin, ms since the run began. */
  readonly atMs: readonly number[];
  readonly columns: Readonly<
    Record<string, { readonly title: string; readonly unit: string; readonly values: readonly (number | null)[] }>
  >;
}
