/**
 * Studies, compiled: declarations that make several runs of a benchmark. Plain frozen data like the RunPlan, and everything in them
 * decided beforehand, so that whoever executes one only makes runs, compares figures, and asks nothing back. Made by
 * src/language/lowering, explained by describe-study.ts.
 */
import { withChanges, type PlanChange } from './plan-changes.ts';
import type { RateProfile, RunPlan, SourceLocation, StagePlan } from './plan.ts';
import type { Dimension } from './units.ts';

export const STUDY_SCHEMA = 'benchwright/study@1';

export type StudyPlan = SweepPlan | SearchPlan | ComparePlan | ProfilePlan | EstimatePlan;
export type StudyKind = StudyPlan['kind'];

interface StudyHead<Kind extends string> {
  readonly schema: typeof STUDY_SCHEMA;
  readonly kind: Kind;
  readonly name: string;
  /** Its doc comment. */
  readonly doc?: string;
  /** As in a RunPlan; `location` is the study's. */
  readonly source: RunPlan['source'];
  /** Resolved params as shown text, before a sweep gives them its own values. */
  readonly params: RunPlan['params'];
}

// ── several runs that differ a little ───────────────────────────────────────

/** One whole plan, and for each run what it has different from that one. `planOfPoint` makes a run's plan. */
export interface RunSet {
  /** The plan of the first point. */
  readonly base: RunPlan;
  /** At least one, in the order in which they are to be run. */
  readonly points: readonly PointPlan[];
}

export interface PointPlan {
  /** One for each factor: which of its levels, counted from 0. */
  readonly levels: readonly number[];
  /** As people read it: `on = vllm_awq, tp = 2`. Unique within a study. */
  readonly label: string;
  readonly changes: readonly PlanChange[];
  /** Points (positions in the list, all of them earlier) that must have met the SLAs; else this one is skipped. Only in a progressive sweep. */
  readonly after?: readonly number[];
}

/** A thing that differs between the points. */
export interface FactorPlan {
  /** As written: `tp`, `on`, `synthetic.input`. */
  readonly name: string;
  readonly subject: 'param' | 'slot' | 'property';
  /** In the order written; at least one. */
  readonly levels: readonly FactorLevel[];
  /** Of the levels' `value`s; absent where they are words or names. */
  readonly dimension?: Dimension;
  readonly location: SourceLocation;
}

export interface FactorLevel {
  /** As shown: `vllm_awq`, `512 tokens`. */
  readonly text: string;
  /** In the dimension's base unit, for axes; absent for words and names. */
  readonly value?: number;
}

/** The plan of one run. */
export function planOfPoint({ base }: RunSet, { changes }: PointPlan): RunPlan {
  return withChanges(base, changes);
}

// ── sweep ───────────────────────────────────────────────────────────────────

export type SweepDesign = 'full' | 'orthogonal' | 'one-at-a-time' | 'progressive';

export interface SweepPlan extends StudyHead<'sweep'>, RunSet {
  readonly benchmark: string;
  readonly design: SweepDesign;
  readonly factors: readonly FactorPlan[];
  /** What to recommend; absent: the points are only laid side by side. */
  readonly choose?: ChoosePlan;
  /** Names of the SLA sets a point must meet to be recommended, or for a progressive sweep to go on; the points' plans hold their limits. Empty: all of them. */
  readonly meeting: readonly string[];
}

export interface ChoosePlan {
  readonly goal: 'max' | 'min';
  readonly target: ChosenMetric;
  readonly location: SourceLocation;
}

export type ChosenMetric =
  | { readonly kind: 'metric'; readonly metric: string; readonly statistic?: string; readonly perGpu?: boolean }
  | { readonly kind: 'monitor'; readonly monitor: string; readonly series: string; readonly statistic: string };

// ── search ──────────────────────────────────────────────────────────────────

/** Finds the largest (`max`) or smallest (`min`) value between two bounds at which the SLAs still hold. */
export interface SearchPlan extends StudyHead<'search'> {
  readonly benchmark: string;
  readonly goal: 'max' | 'min';
  readonly variable: SearchVariable;
  /** Requests per second, or users. */
  readonly low: number;
  readonly high: number;
  /** The search ends when the two values it lies between differ by less than this share of the larger one. */
  readonly toleranceRatio: number;
  /** As in a sweep. */
  readonly meeting: readonly string[];
  /** One run of the search, with one stage, at `low`. `probePlan` makes it one at another value. */
  readonly probe: RunPlan;
  /** Runs at most: both bounds, then halving the distance of what is left (by ratio). */
  readonly mostRuns: number;
}

export type SearchVariable = 'rate' | 'users';

/** A run of the search at this value: requests per second, or users (a whole number). */
export function probePlan({ probe, variable }: SearchPlan, value: number): RunPlan {
  return variable === 'rate' ? withRate(probe, value) : withUsers(probe, value);
}

/** Every open-loop stage at this steady rate, in requests per second, with the arrivals it has; other stages stay. */
export function withRate(plan: RunPlan, ratePerSecond: number): RunPlan {
  const rate: RateProfile = { kind: 'flat', ratePerSecond };
  return withStages(plan, (stage) =>
    stage.shape.kind === 'open' ? { ...stage, shape: { ...stage.shape, rate } } : stage,
  );
}

/** Every closed-loop stage with this number of users; other stages stay. */
export function withUsers(plan: RunPlan, users: number): RunPlan {
  return withStages(plan, (stage) =>
    stage.shape.kind === 'closed' ? { ...stage, shape: { ...stage.shape, users } } : stage,
  );
}

function withStages(plan: RunPlan, change: (stage: StagePlan) => StagePlan): RunPlan {
  return { ...plan, load: { ...plan.load, stages: plan.load.stages.map(change) } };
}

/** Runs a search makes at most: the two bounds, and halvings by ratio (by number for users) until the tolerance is met. */
export function mostSearchRuns(search: Pick<SearchPlan, 'low' | 'high' | 'toleranceRatio' | 'variable'>): number {
  const { low, high, toleranceRatio, variable } = search;
  if (high <= low) return 1;
  const byRatio = Math.log(high / low) / -Math.log(1 - Math.min(0.999, Math.max(1e-6, toleranceRatio)));
  const steps = variable === 'users' ? Math.min(byRatio, high - low) : byRatio;
  return 2 + Math.max(0, Math.ceil(Math.log2(steps)));
}

// ── compare ─────────────────────────────────────────────────────────────────

export interface ComparePlan extends StudyHead<'compare'> {
  /** Level of significance of the tests, in (0, 1). */
  readonly alphaRatio: number;
  readonly baseline: ComparedPlan;
  /** At least one. */
  readonly candidates: readonly ComparedPlan[];
}

export interface ComparedPlan {
  /** As people read it: `nightly on vllm_awq`. */
  readonly label: string;
  readonly plan: RunPlan;
  readonly location: SourceLocation;
}

export const DEFAULT_ALPHA_RATIO = 0.05;

// ── profile ─────────────────────────────────────────────────────────────────

/** What an engine's two phases cost, as a function of lengths and users: runs of one closed-loop stage each. */
export interface ProfilePlan extends StudyHead<'profile'>, RunSet {
  readonly benchmark: string;
  /** `prefill`: TTFT over the length of the prompt. `decode`: ITL over users × context. */
  readonly phase: 'prefill' | 'decode';
  /** `input` for prefill; `users` and `context` for decode. */
  readonly factors: readonly FactorPlan[];
}

export const PROFILE_DEFAULTS = { eachMs: 30_000, outputTokens: 128 } as const;

// ── estimate ────────────────────────────────────────────────────────────────

/** Figures of a model and of hardware, from which latency and throughput are estimated without a server. Sends nothing. */
export interface EstimatePlan extends StudyHead<'estimate'> {
  readonly model: {
    readonly parameters: number;
    readonly layers: number;
    readonly hiddenSize: number;
    readonly attentionHeads: number;
    /** Fewer than `attentionHeads` where heads share keys and values. */
    readonly keyValueHeads: number;
    readonly weightBits: number;
    readonly cacheBits: number;
  };
  readonly hardware: {
    readonly gpus: number;
    /** Of one GPU. */
    readonly memoryBytes: number;
    /** Of one GPU. */
    readonly memoryBytesPerSecond: number;
    /** Floating-point operations per second of one GPU at the weights' width. */
    readonly operationsPerSecond: number;
    readonly usdPerGpuHour?: number;
  };
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Requests in flight for which to estimate; at least one. */
  readonly users: readonly number[];
  /** Absolute path of a `report.json` to set beside the estimate. */
  readonly measured?: string;
}

// ── all of them ─────────────────────────────────────────────────────────────

/** The plans of all runs of a study whose runs are known beforehand; of a search, its first probe. An estimate has none. */
export function plansOf(study: StudyPlan): RunPlan[] {
  switch (study.kind) {
    case 'sweep':
    case 'profile':
      return study.points.map((point) => planOfPoint(study, point));
    case 'search':
      return [study.probe];
    case 'compare':
      return [study.baseline.plan, ...study.candidates.map(({ plan }) => plan)];
    case 'estimate':
      return [];
  }
}
