/** The Plan explains itself: totals for code lenses, dry runs, dashboards and reports. */
import { highOf, meanOf, type Distribution } from './distribution.ts';
import { findDataset } from './catalog/datasets.ts';
import type { BackendPlan, DatasetPlan, RateProfile, RunPlan, StagePlan } from './plan.ts';

export interface StageDescription {
  readonly name: string;
  /** Absent when the stage ends by count or with the dataset. */
  readonly durationMs?: number;
  /** Requests the schedule asks for; absent for closed loops by time. */
  readonly requests?: number;
  readonly peakRatePerSecond?: number;
  readonly users?: number;
  /** Requests in flight at the peak: the users of a closed loop, or rate × time per request where that is known. Never above the in-flight limit. */
  readonly concurrency?: number;
}

export interface PlanDescription {
  /** Warm-up and stages; absent if a stage's duration is not known beforehand. */
  readonly durationMs?: number;
  readonly requests?: number;
  readonly stages: readonly StageDescription[];
  /** Mean tokens per request, where the dataset says so. */
  readonly inputTokensMean?: number;
  readonly outputTokensMean?: number;
  readonly outputTokensHigh?: number;
  readonly inputTokensTotal?: number;
  readonly outputTokensTotal?: number;
  /** Mean time of one request, where the backend declares its own pace (the simulator does). */
  readonly requestMsMean?: number;
  /** Price of the whole plan at mean lengths, where the backend's price is known. */
  readonly costUsd?: number;
  /** The same if every answer is as long as it may reasonably be, and the drain is used up. */
  readonly costCeilingUsd?: number;
}

export function describePlan(plan: RunPlan): PlanDescription {
  const requestMsMean = describeRequestMs(plan);
  const stages = plan.load.stages.map((stage) => describeStage(stage, plan, requestMsMean));
  const warmup = plan.load.warmup;
  const warmupMs = warmup?.until.kind === 'time' ? warmup.until.durationMs : 0;
  const durationMs = sumOrUndefined(stages.map((stage) => stage.durationMs));
  const requests = sumOrUndefined(stages.map((stage) => stage.requests));
  const lengths = describeLengths(plan.dataset);
  const inputTokensTotal = product(requests, lengths.inputTokensMean);
  const outputTokensTotal = product(requests, lengths.outputTokensMean);
  const outputTokensMost = product(requests, lengths.outputTokensHigh);
  return defined({
    durationMs: durationMs === undefined ? undefined : durationMs + warmupMs,
    requests,
    stages,
    ...lengths,
    inputTokensTotal,
    outputTokensTotal,
    requestMsMean,
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

function describeStage(stage: StagePlan, plan: RunPlan, requestMsMean: number | undefined): StageDescription {
  const { shape, until } = stage;
  const limited = (concurrency: number | undefined): number | undefined =>
    concurrency === undefined ? undefined : Math.min(concurrency, plan.load.inFlightLimit ?? Infinity);
  const timed = until.kind === 'time' ? until.durationMs : undefined;
  const counted = until.kind === 'requests' ? until.requests : undefined;
  if (shape.kind === 'open') {
    const durationMs =
      timed ??
      (counted !== undefined && shape.rate.kind === 'flat' ? (counted / shape.rate.ratePerSecond) * 1000 : undefined);
    const requests = counted ?? (timed === undefined ? undefined : Math.round(expectedRequests(shape.rate, timed)));
    const peakRatePerSecond = peakRate(shape.rate);
    const concurrency = limited(product(peakRatePerSecond / 1_000, requestMsMean));
    return defined({ name: stage.name, durationMs, requests, peakRatePerSecond, concurrency });
  }
  const users = shape.kind === 'closed' ? shape.users : undefined;
  return defined({ name: stage.name, durationMs: timed, requests: counted, users, concurrency: limited(users) });
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
