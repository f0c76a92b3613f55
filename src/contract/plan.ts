/**
 * The Plan: what a benchmark is, fully resolved. Plain frozen data, base units, secrets as references.
 * Made by src/language, executed by src/runner, carried unread by the extension.
 */
import type { Distribution } from './distribution.ts';
import type { Dimension } from './units.ts';

export const PLAN_SCHEMA = 'benchwright/plan@1';

/** The seed of a run that names none: the same file gives the same requests at the same times. */
export const DEFAULT_SEED = 1;

/** Position in a source file, 1-based, for people and editors. */
export interface SourceLocation {
  /** Absolute path of the file. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A secret is only ever named here; its value is found in the environment or the editor's SecretStorage when the run starts. */
export interface SecretReference {
  readonly kind: 'secret';
  readonly name: string;
}

/** Plain values a plug-in's own options may have, after lowering: base units, resolved paths. */
export type OptionValue =
  | string
  | number
  | boolean
  | SecretReference
  | Distribution
  | { readonly min: number; readonly max: number }
  | readonly OptionValue[]
  | { readonly [key: string]: OptionValue };

export interface RunPlan {
  readonly schema: typeof PLAN_SCHEMA;
  readonly benchmark: string;
  /** The benchmark's doc comment. */
  readonly doc?: string;
  readonly source: {
    /** Absolute path of the entry file. */
    readonly file: string;
    /** SHA-256 (hex) of the entry file's and then each imported file's text, so that results can be called stale. */
    readonly textSha256: string;
    readonly location: SourceLocation;
  };
  /** `--set` values that were applied, and every other param's resolved value, as shown text. */
  readonly params: Readonly<Record<string, string>>;
  /** Everything random in the run derives from it. */
  readonly seed: number;
  readonly backend: BackendPlan;
  readonly dataset: DatasetPlan;
  readonly load: LoadPlan;
  readonly slas: readonly SlaPlan[];
  readonly monitors: readonly MonitorPlan[];
  readonly report: ReportPlan;
  readonly budget?: BudgetPlan;
  /** Runs of the whole load, for confidence intervals; at least 1. */
  readonly repeat: number;
  /** Features this plan uses that a runner must know (features.ts); one it does not know is refused by name. E.g. `launch`, `abandon`. */
  readonly uses: readonly string[];
}

export interface BackendPlan {
  readonly name: string;
  readonly doc?: string;
  readonly location: SourceLocation;
  /** Catalog id, e.g. `openai.chat`, `simulator`. */
  readonly protocol: string;
  /** Absent for the simulator: the runner starts it and finds the address itself. */
  readonly url?: string;
  readonly model?: string;
  readonly key?: SecretReference;
  /** Absent: certificates are checked against the machine's own authorities. */
  readonly tls?: TlsPlan;
  readonly headers: Readonly<Record<string, string | SecretReference>>;
  readonly sampling: SamplingPlan;
  readonly timeouts: TimeoutsPlan;
  readonly tokenizer: TokenizerPlan;
  /** Accelerators behind the endpoint, for per-GPU figures. */
  readonly gpus?: number;
  readonly price?: PricePlan;
  readonly launch?: LaunchPlan;
  /** `torch`: start and stop the engine's profiler. */
  readonly profile?: string;
  /** Longest prompt plus answer the model takes, where the file says so. */
  readonly contextTokens?: number;
  /** The protocol's own options, named as its catalog entry's `planKey`s. */
  readonly options: Readonly<Record<string, OptionValue>>;
}

export interface TlsPlan {
  /** `false`: any certificate is taken, and the report says so. */
  readonly verify: boolean;
  /** Absolute path of a PEM file with authorities to trust besides the usual ones. */
  readonly caFile?: string;
}

export interface SamplingPlan {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly seed?: number;
  /** Ask the engine to generate exactly the asked number of tokens (vLLM, SGLang and llama.cpp understand it). */
  readonly ignoreEos?: boolean;
}

export interface TimeoutsPlan {
  readonly connectMs: number;
  readonly firstTokenMs: number;
  readonly betweenTokensMs: number;
  readonly totalMs: number;
}

export const DEFAULT_TIMEOUTS: TimeoutsPlan = {
  connectMs: 5_000,
  firstTokenMs: 60_000,
  betweenTokensMs: 30_000,
  totalMs: 600_000,
};

export type TokenizerPlan =
  /** The server's `usage` counts. */
  | { readonly kind: 'server' }
  /** A local `tokenizer.json`. The server's usage is still recorded, and compared. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'tiktoken'; readonly encoding: string }
  | { readonly kind: 'none' };

export interface PricePlan {
  readonly usdPerGpuHour?: number;
  readonly usdPerInputToken?: number;
  readonly usdPerOutputToken?: number;
}

export interface LaunchPlan {
  readonly command: string;
  readonly ready?: { readonly httpPath: string; readonly withinMs: number };
  readonly stop: { readonly signal: string; readonly withinMs: number };
}

export interface DatasetPlan {
  readonly name: string;
  readonly doc?: string;
  readonly location: SourceLocation;
  /** Catalog id, e.g. `random`, `sharegpt`, `jsonl`, `mix`. */
  readonly source: string;
  /** Seed of this dataset's own choices (sampling, lengths); derives from the run's seed when not written. */
  readonly seed?: number;
  /** Keep only entries whose length lies within. */
  readonly keep?: {
    readonly inputTokens?: { readonly min: number; readonly max: number };
    readonly outputTokens?: { readonly min: number; readonly max: number };
  };
  /** Length asked of the model; absent: the dataset's own, or the server's default. */
  readonly outputTokens?: Distribution;
  /** Prompts begin with a nonce of the run, so that an earlier run's prefix cache cannot help. Default true, false where prefixes are the subject. */
  readonly freshPrefix: boolean;
  /** The source's own options, named as its catalog entry's `planKey`s. Paths are absolute. */
  readonly options: Readonly<Record<string, OptionValue>>;
  /** Parts of a `mix`, weights adding up to 1. */
  readonly mix?: readonly { readonly weightRatio: number; readonly dataset: DatasetPlan }[];
}

export interface LoadPlan {
  readonly name?: string;
  readonly warmup?: WarmupPlan;
  readonly stages: readonly StagePlan[];
  /** Requests in flight never exceed it, over all workers together. Absent: no limit. */
  readonly inFlightLimit?: number;
  /** What happens to a request due while the limit is reached. */
  readonly overload: 'queue' | 'drop';
  readonly abandon?: { readonly shareRatio: number; readonly afterMs: number };
  /** How long requests still in flight at the end may take before they are cut (and counted as censored). */
  readonly drainMs: number;
  /** Where a resumed run goes on: set by the runner from the record, never in a plan file. */
  readonly from?: LoadStart;
}

export interface LoadStart {
  /** In `stages`. */
  readonly stageIndex: number;
  /** Time of that stage that is behind. */
  readonly elapsedMs: number;
  /** Number in the run of that stage's first request. */
  readonly firstId: number;
  /** Closed loop: its requests that are over, numbers below `nextId` that are to be given out again, and the next new one. */
  readonly done: number;
  readonly missing: readonly number[];
  readonly nextId: number;
  /** Requests that warm-ups had before: the next one goes on after them, with other prompts. */
  readonly warmups: number;
  /** How the rate was changed in the stage so far, on the stage's own time, ascending; absent where it was not. */
  readonly rateChanges?: readonly { readonly atMs: number; readonly factor: number }[];
}

export const DEFAULT_DRAIN_MS = 30_000;

export interface WarmupPlan {
  readonly until: StageEnd;
  /** Absent: as the first stage. */
  readonly ratePerSecond?: number;
  readonly location: SourceLocation;
}

export type StageEnd =
  | { readonly kind: 'time'; readonly durationMs: number }
  | { readonly kind: 'requests'; readonly requests: number }
  /** The dataset's end (replay). */
  | { readonly kind: 'dataset' };

/** One measured window. Ladders and steps are lowered to one StagePlan per rung, with `group` naming the written stage. */
export interface StagePlan {
  readonly name: string;
  /** The written stage's name, where it was expanded into several. */
  readonly group?: string;
  readonly shape: LoadShape;
  readonly until: StageEnd;
  readonly location: SourceLocation;
}

export type LoadShape =
  /** Open loop: requests are due by a schedule, whatever the server does. */
  | { readonly kind: 'open'; readonly arrivals: Arrivals; readonly rate: RateProfile }
  /** Closed loop: each user sends, waits for the answer, thinks, sends again. */
  | { readonly kind: 'closed'; readonly users: number; readonly thinkMs?: Distribution }
  /** The dataset's own arrival times, divided by `speed`. */
  | { readonly kind: 'replay'; readonly speed: number };

export type Arrivals =
  | { readonly kind: 'constant' }
  | { readonly kind: 'poisson' }
  /** Gamma-distributed gaps: burstiness 1 is Poisson, below 1 clumped, above 1 more regular (vLLM's meaning). */
  | { readonly kind: 'gamma'; readonly burstiness: number };

export type RateProfile =
  | { readonly kind: 'flat'; readonly ratePerSecond: number }
  | { readonly kind: 'ramp'; readonly fromPerSecond: number; readonly toPerSecond: number }
  | {
      readonly kind: 'spikes';
      readonly basePerSecond: number;
      readonly spikePerSecond: number;
      readonly spikeMs: number;
      readonly everyMs: number;
    }
  | { readonly kind: 'sine'; readonly minPerSecond: number; readonly maxPerSecond: number; readonly periodMs: number };

export type Comparison = '<' | '<=' | '>' | '>=';

/** One limit on one measured thing. `limit` is in the metric's base unit. */
export interface LimitPlan {
  /** Metric id, e.g. `ttft`. */
  readonly metric: string;
  readonly comparison: Comparison;
  readonly limit: number;
  readonly dimension: Dimension;
}

export interface SlaPlan {
  /** The `sla` declaration it belongs to. */
  readonly set: string;
  /** The line as written, white space folded. */
  readonly text: string;
  readonly location: SourceLocation;
  readonly check: SlaCheck;
}

export type SlaCheck =
  /** A statistic of a per-request or pooled metric: `ttft p99 < 500 ms`. */
  | (LimitPlan & { readonly kind: 'statistic'; readonly statistic: string })
  /** A value of the measured window: `error-rate < 1 %`, `output-throughput > 1000 tokens/s`. */
  | (LimitPlan & { readonly kind: 'window'; readonly perGpu?: boolean })
  /** `goodput > 95 % where ttft < 200 ms and …`: share of measured requests within every limit. */
  | (LimitPlan & { readonly kind: 'goodput'; readonly where: readonly LimitPlan[] })
  /** `gpu.memory max < 95 %`: statistic of a monitor's series. */
  | (LimitPlan & { readonly kind: 'monitor'; readonly monitor: string; readonly statistic: string })
  /** `ttft p95 regression < 10 % against "./base.json"`: relative worsening against a stored report. */
  | (LimitPlan & { readonly kind: 'regression'; readonly statistic?: string; readonly baseline: string });

export interface MonitorPlan {
  readonly name: string;
  readonly location: SourceLocation;
  /** Catalog id, e.g. `system`, `nvidia`. */
  readonly source: string;
  readonly everyMs: number;
  /** Where to run it, when not here: `{ kind: 'ssh', target }`. */
  readonly via?: { readonly kind: string; readonly target: string };
  readonly alerts: readonly {
    readonly series: string;
    readonly comparison: Comparison;
    readonly limit: number;
    readonly forMs: number;
    readonly text: string;
  }[];
  readonly options: Readonly<Record<string, OptionValue>>;
}

export interface ReportPlan {
  /** Catalog ids: html, json, csv, markdown, junit. */
  readonly formats: readonly string[];
  /** Absolute; absent: `<file>.results` beside the scenario. */
  readonly directory?: string;
}

export interface BudgetPlan {
  readonly requests?: number;
  readonly tokens?: number;
  readonly costUsd?: number;
  readonly timeMs?: number;
}
