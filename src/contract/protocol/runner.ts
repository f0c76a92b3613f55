/** What a host (extension, terminal, HTTP) may ask of a runner process, and what a runner tells. */
import type { RunErrorData } from '../errors.ts';
import type { RunPlan } from '../plan.ts';
import type { CalibrationData } from '../record.ts';
import type { BudgetReport, PartReport, ReportData, ResumeSummary, SlaResult, ValidityReason } from '../report.ts';
import type { Snapshot } from '../snapshot.ts';

/** Raised when a message changes in a way the other side would misread. */
export const PROTOCOL_VERSION = 1;

/** Oldest Node the runner works under. */
export const MINIMUM_NODE = '22.19.0';

export type RunnerRequests = {
  hello: { params: { readonly protocolVersion: number; readonly client: string }; result: RunnerHello };
  /** Starts the one run of this process; answers when the plan is accepted. `run.finished` or `run.failed` tells the end. */
  start: { params: StartParams; result: { readonly runId: string; readonly directory: string } };
  /** No new requests; those in flight are drained, then the report is written. */
  stop: { params: Record<string, never>; result: Record<string, never> };
  /** Changes the load while it runs, from about a tenth of a second later on; near the end of a stage from the next one on. */
  setRate: { params: RateWish; result: RateAnswer };
  /** Requests in flight are cut (censored), then the report is written. */
  abort: { params: Record<string, never>; result: Record<string, never> };
};

/** As a factor of what the plan asks for (also users of a closed loop, and the speed of a replay), or as a rate now. */
export type RateWish = { readonly factor: number } | { readonly ratePerSecond: number };

export type RateAnswer =
  /** In force from `atMs` on, ms since the run began, until it is changed again. */
  { readonly factor: number; readonly atMs: number } | { readonly refused: string };

/** Factors that a load may be changed by. */
export const RATE_FACTORS = { min: 0.01, max: 100 } as const;

export interface RunnerHello {
  readonly protocolVersion: number;
  readonly version: string;
  readonly node: string;
  readonly pid: number;
}

export interface StartParams {
  /** `unknown` on arrival: the runner checks it fully. */
  readonly plan: RunPlan;
  /** Values for the plan's secret references, by name. Kept in memory only. A name missing here is looked up in the environment. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly workers?: number;
  /** Let the generator rehearse and measure its own error before the run, unless the run is too short for it. Default: true. */
  readonly calibrates?: boolean;
  /** Directory for results; absent: beside the scenario, or as the plan says. */
  readonly outputDirectory?: string;
  /** Result directory of a run that was cut off, to go on with: its own plan.json is what is run, `plan` only tells of it. */
  readonly resumeDirectory?: string;
}

export type RunnerEvents = {
  'run.started': {
    readonly runId: string;
    readonly directory: string;
    readonly startedAt: string;
    readonly plan: RunPlan;
  };
  'stage.started': { readonly name: string; readonly index: number; readonly count: number; readonly atMs: number };
  'stage.ended': { readonly name: string; readonly index: number; readonly atMs: number };
  snapshot: Snapshot;
  alert: { readonly monitor: string; readonly text: string; readonly value: number; readonly atMs: number };
  log: { readonly level: 'debug' | 'info' | 'warning' | 'error'; readonly message: string; readonly atMs: number };
  stopping: { readonly why: string; readonly message: string; readonly drainMs: number };
  'run.finished': RunFinished;
  /** The run could not be carried out and there is nothing to report, or the report itself failed. */
  'run.failed': { readonly error: RunErrorData; readonly directory?: string };
};

export interface RunFinished {
  readonly runId: string;
  readonly directory: string;
  readonly outcome: ReportData['run']['outcome'];
  readonly exitCode: number;
  readonly sla: readonly SlaResult[];
  readonly validity: {
    readonly verdict: ReportData['validity']['verdict'];
    readonly reasons: readonly ValidityReason[];
    readonly calibration?: CalibrationData;
  };
  readonly requests: ReportData['requests'];
  readonly metrics: ReportData['metrics'];
  /** Where the dataset is a mix: its parts, in the mix's order. */
  readonly parts?: readonly PartReport[];
  /** Where the scenario has one: its limits, and what was used of them. */
  readonly budget?: BudgetReport;
  readonly durationMs: number;
  /** Each time it was cut off and resumed. */
  readonly resumed?: readonly ResumeSummary[];
  /** Report files written, by format id. */
  readonly files: Readonly<Record<string, string>>;
  readonly error?: RunErrorData;
}

/** `--ui json`: one of these per line on standard output. */
export type RunnerEventLine = {
  [Name in keyof RunnerEvents]: { readonly event: Name; readonly data: RunnerEvents[Name] };
}[keyof RunnerEvents];
