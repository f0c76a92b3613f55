/** The Plan explains itself: totals for code lenses, dry runs, dashboards and reports. */
import { highOf, meanOf, type Distribution } from './distribution.ts';
import { findDataset } from './catalog/datasets.ts';
import { stageDurationMs } from './describe-shape.ts';
import type { BackendPlan, DatasetPlan, RateProfile, RunPlan, StagePlan } from './plan.ts';

export interface StageDescription {
  readonly name: string;
  /** When it begins, counted from the run's begin; absent after a stage or warm-up whose length is not known beforehand. */
  readonly startMs?: number;
  /** Absent when the stage ends by count or with the dataset. */
  readonly durationMs?: number;
  /** Requests the schedule asks for; absent for closed loops by time. */
  readonly requests?: number;
  readonly peakRatePerSecond?: number;
  readonly users?: number;
  /** Requests in flight at the peak: the users of a closed loop, or rate × time per request where that is known. Never above the in-flight limit. */
  readonly concurrency?: number;
  /** At mean lengths. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** At mean lengths, where the backend's price is known. */
  readonly costUsd?: number;
}

/** Each request in flight has a connection of its own. */
export interface ConnectionsDescription {
  /** Open at the same time at the peak. */
  readonly expected: number;
  /** What chance may make of it: three standard deviations above, never above the in-flight limit. */
  readonly high: number;
}

export interface PlanDescription {
  /** Warm-up and stages; absent if a stage's duration is not known beforehand. */
  readonly durationMs?: number;
  readonly requests?: number;
  /** Sent before the measured stages; absent: none, or as many as the server answers. */
  readonly warmupRequests?: number;
  readonly stages: readonly StageDescription[];
  /** Absent where it depends on how fast the server answers. */
  readonly connections?: ConnectionsDescription;
  /** Mean tokens per request, where the dataset says so. */
  readonly inputTokensMean?: number;
  readonly outputTokensMean?: number;
  readonly outputTokensHigh?: number;
  readonly inputTokensTotal?: number;
  readonly outputTokensTotal?: number;
  /** Mean time of one request, where the backend declares its own pace (the simulator does). */
  readonly requestMsMean?: number;
  /** What concurrency was reckoned with where the backend declares no pace: the time an SLA on `e2e` allows at the mean or median. */
  readonly requestMsAllowed?: { readonly ms: number; readonly text: string };
  /** Price of the whole plan at mean lengths, where the backend's price is known. */
  readonly costUsd?: number;
  /** The same if every answer is as long as it may reasonably be, and the drain is used up. */
  readonly costCeilingUsd?: number;
}

export function describePlan(plan: RunPlan): PlanDescription {
  const requestMsMean = describeRequestMs(plan);
  const requestMsAllowed = requestMsMean === undefined ? describeAllowedMs(plan) : undefined;
  const lengths = describeLengths(plan.dataset);
  const warmup = plan.load.warmup;
  const warmupMs = warmup?.until.kind === 'time' ? warmup.until.durationMs : 0;
  const stages = describeStages(plan, {
    requestMs: requestMsMean ?? requestMsAllowed?.ms,
    startMs: warmup === undefined ? 0 : warmupDurationMs(plan),
    lengths,
  });
  const durationMs = sumOrUndefined(stages.map((stage) => stage.durationMs));
  const requests = sumOrUndefined(stages.map((stage) => stage.requests));
  const inputTokensTotal = product(requests, lengths.inputTokensMean);
  const outputTokensTotal = product(requests, lengths.outputTokensMean);
  const outputTokensMost = product(requests, lengths.outputTokensHigh);
  return defined({
    durationMs: durationMs === undefined ? undefined : durationMs + warmupMs,
    requests,
    warmupRequests: warmupRequests(plan),
    stages,
    connections: describeConnections(plan, stages),
    ...lengths,
    inputTokensTotal,
    outputTokensTotal,
    requestMsMean,
    requestMsAllowed,
    costUsd: costOf(plan.backend, { durationMs, inputTokens: inputTokensTotal, outputTokens: outputTokensTotal }),
    costCeilingUsd: costOf(plan.backend, {
      durationMs: durationMs === undefined ? undefined : durationMs + warmupMs + plan.load.drainMs,
      inputTokens: inputTokensTotal,
      outputTokens: outputTokensMost,
    }),
  });
}

interface Consumption {
  readonly durationMs: number | undefined;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
}

function costOf(
  { price, gpus = 1 }: BackendPlan,
  { durationMs, inputTokens = 0, outputTokens }: Consumption,
): number | undefined {
  if (price?.usdPerGpuHour !== undefined) return product(durationMs, (price.usdPerGpuHour * gpus) / 3_600_000);
  if (price?.usdPerOutputToken === undefined || outputTokens === undefined) return undefined;
  return outputTokens * price.usdPerOutputToken + inputTokens * (price.usdPerInputToken ?? 0);
}

/** Expected requests of an open-loop stage of this length: the integral of its rate. */
export function expectedRequests(rate: RateProfile, durationMs: number): number {
  const seconds = durationMs / 1000;
  switch (rate.kind) {
    case 'flat':
      return rate.ratePerSecond * seconds;
    case 'ramp':
      return ((rate.fromPerSecond + rate.toPerSecond) / 2) * seconds;
    case 'spikes': {
      const whole = Math.floor(durationMs / rate.everyMs);
      const spikeMs = whole * rate.spikeMs + Math.min(rate.spikeMs, durationMs - whole * rate.everyMs);
      return (rate.spikePerSecond * spikeMs + rate.basePerSecond * (durationMs - spikeMs)) / 1000;
    }
    case 'sine': {
      const omega = (2 * Math.PI) / rate.periodMs;
      const mean = (rate.minPerSecond + rate.maxPerSecond) / 2;
      const amplitude = (rate.maxPerSecond - rate.minPerSecond) / 2;
      return (mean * durationMs - (amplitude * Math.sin(omega * durationMs)) / omega) / 1000;
    }
  }
}

/** Highest rate the profile reaches. */
export function peakRate(rate: RateProfile): number {
  switch (rate.kind) {
    case 'flat':
      return rate.ratePerSecond;
    case 'ramp':
      return Math.max(rate.fromPerSecond, rate.toPerSecond);
    case 'spikes':
      return Math.max(rate.basePerSecond, rate.spikePerSecond);
    case 'sine':
      return rate.maxPerSecond;
  }
}

interface StageFacts {
  readonly requestMs: number | undefined;
  readonly startMs: number | undefined;
  readonly lengths: Pick<PlanDescription, 'inputTokensMean' | 'outputTokensMean'>;
}

function describeStages(plan: RunPlan, facts: StageFacts): StageDescription[] {
  let { startMs } = facts;
  return plan.load.stages.map((stage) => {
    const described = describeStage(stage, plan, { ...facts, startMs });
    startMs = sumOrUndefined([startMs, described.durationMs]);
    return described;
  });
}

function describeStage(stage: StagePlan, plan: RunPlan, { requestMs, startMs, lengths }: StageFacts): StageDescription {
  const { shape, until } = stage;
  const limited = (concurrency: number | undefined): number | undefined =>
    concurrency === undefined ? undefined : Math.min(concurrency, plan.load.inFlightLimit ?? Infinity);
  const durationMs = stageDurationMs(stage);
  const counted = until.kind === 'requests' ? until.requests : undefined;
  const isTimed = shape.kind === 'open' && until.kind === 'time';
  const requests = counted ?? (isTimed ? Math.round(expectedRequests(shape.rate, until.durationMs)) : undefined);
  const peakRatePerSecond = shape.kind === 'open' ? peakRate(shape.rate) : undefined;
  const users = shape.kind === 'closed' ? shape.users : undefined;
  const inputTokens = product(requests, lengths.inputTokensMean);
  const outputTokens = product(requests, lengths.outputTokensMean);
  return defined({
    name: stage.name,
    startMs,
    durationMs,
    requests,
    peakRatePerSecond,
    users,
    concurrency: limited(peakRatePerSecond === undefined ? users : product(peakRatePerSecond / 1_000, requestMs)),
    inputTokens,
    outputTokens,
    costUsd: costOf(plan.backend, { durationMs, inputTokens, outputTokens }),
  });
}

function warmupRequests({ load }: RunPlan): number | undefined {
  const { warmup } = load;
  if (warmup?.until.kind === 'requests') return warmup.until.requests;
  const rate = warmupRate(load);
  return rate === undefined || warmup?.until.kind !== 'time'
    ? undefined
    : Math.round((rate * warmup.until.durationMs) / 1_000);
}

function warmupDurationMs({ load }: RunPlan): number | undefined {
  const { warmup } = load;
  if (warmup?.until.kind === 'time') return warmup.until.durationMs;
  const rate = warmupRate(load);
  return rate === undefined || warmup?.until.kind !== 'requests' ? undefined : (warmup.until.requests / rate) * 1_000;
}

/** Its own rate, else the one the first stage begins with. */
function warmupRate({ warmup, stages: [first] }: RunPlan['load']): number | undefined {
  if (warmup?.ratePerSecond !== undefined || first?.shape.kind !== 'open') return warmup?.ratePerSecond;
  return first.shape.rate.kind === 'flat' ? first.shape.rate.ratePerSecond : undefined;
}

function describeConnections(plan: RunPlan, stages: readonly StageDescription[]): ConnectionsDescription | undefined {
  const limit = plan.load.inFlightLimit ?? Infinity;
  const known = stages.flatMap(({ concurrency }, index) => {
    const shape = plan.load.stages[index]?.shape;
    if (concurrency === undefined || shape === undefined) return [];
    // Requests in flight vary as arrivals do: as a Poisson number, or more where they come clumped. Users are as many as they are.
    const clumping = shape.kind === 'open' && shape.arrivals.kind === 'gamma' ? 1 / shape.arrivals.burstiness : 1;
    const spread = shape.kind === 'open' ? 3 * Math.sqrt(concurrency * clumping) : 0;
    return [{ expected: Math.ceil(concurrency), high: Math.min(limit, Math.ceil(concurrency + spread)) }];
  });
  const largest = known.toSorted((left, right) => right.high - left.high)[0];
  return known.length === stages.length ? largest : undefined;
}

/** An SLA on the whole time of a request says how long its author expects it to take. */
function describeAllowedMs({ slas }: RunPlan): PlanDescription['requestMsAllowed'] {
  for (const { check, text } of slas)
    if (
      check.kind === 'statistic' &&
      check.metric === 'e2e' &&
      check.comparison.startsWith('<') &&
      (check.statistic === 'mean' || check.statistic === 'p50')
    )
      return { ms: check.limit, text };
  return undefined;
}

function describeRequestMs({ backend, dataset }: RunPlan): number | undefined {
  const { firstTokenMs, interTokenMs, outputTokens } = backend.options;
  const tokens = dataset.outputTokens ?? outputTokens;
  if (!isDistribution(firstTokenMs) || !isDistribution(interTokenMs) || !isDistribution(tokens)) return undefined;
  return meanOf(firstTokenMs) + meanOf(interTokenMs) * Math.max(0, meanOf(tokens) - 1);
}

function describeLengths(
  dataset: DatasetPlan,
): Pick<PlanDescription, 'inputTokensMean' | 'outputTokensMean' | 'outputTokensHigh'> {
  const input = dataset.options['inputTokens'];
  const hasOwnLengths = findDataset(dataset.source)?.endless !== true;
  return defined({
    inputTokensMean: hasOwnLengths
      ? undefined
      : isDistribution(input)
        ? meanOf(input)
        : typeof input === 'number'
          ? input
          : undefined,
    outputTokensMean: dataset.outputTokens === undefined ? undefined : meanOf(dataset.outputTokens),
    outputTokensHigh: dataset.outputTokens === undefined ? undefined : highOf(dataset.outputTokens),
  });
}

function isDistribution(value: unknown): value is Distribution {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind !== 'secret';
}

function sumOrUndefined(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce<number | undefined>(
    (sum, value) => (sum === undefined || value === undefined ? undefined : sum + value),
    0,
  );
}

function product(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? undefined : left * right;
}

/** Leaves out keys whose value is undefined, as `exactOptionalPropertyTypes` wants. */
function defined<T extends object>(value: { [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}
