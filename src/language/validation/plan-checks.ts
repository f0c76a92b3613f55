/** What the finished plan tells: metrics the endpoint cannot give, percentiles out of reach, limits and budgets that do not fit. */
import { findBackend } from '../../contract/catalog/backends.ts';
import { findDataset } from '../../contract/catalog/datasets.ts';
import { describePlan, peakRate } from '../../contract/describe-plan.ts';
import { highOf, type Distribution } from '../../contract/distribution.ts';
import { findMetric, quantileOf, valuesNeeded, type MetricNeed } from '../../contract/metrics.ts';
import type { DatasetPlan, RunPlan, SlaPlan } from '../../contract/plan.ts';
import { formatNumber, formatQuantity } from '../../contract/units.ts';
import { isBudget, isLoadSlot, isSend, type Benchmark, type Limit } from '../ast.ts';
import type { BenchmarkParts } from '../lowering/lower-benchmark.ts';
import { limitsOf, textOf } from '../lowering/lower-sla.ts';
import { backendItems } from '../schema/bodies.ts';
import { Settings } from '../schema/settings.ts';
import type { CheckContext } from './check.ts';
import { checkAdvice } from './plan-advice.ts';
import { largestRungs, limitPlace, slotPlace, stagePlace, type Place, type PlanUnderCheck } from './plan-places.ts';

export function checkPlan(plan: RunPlan, benchmark: Benchmark, parts: BenchmarkParts, context: CheckContext): void {
  const under: PlanUnderCheck = { ...context, plan, benchmark, parts };
  for (const sla of parts.slas) for (const limit of limitsOf(sla)) checkLimitInPlan(limit, under);
  checkWarmup(under);
  checkInFlight(under);
  checkStages(under);
  checkContext(under);
  checkBudget(under);
  checkRepetition(under);
  checkAdvice(under);
}

function checkLimitInPlan(limit: Limit, under: PlanUnderCheck): void {
  const { plan, report, benchmark } = under;
  const planned = plan.slas.find((each) => each.text === textOf(limit) && isAt(each, limit));
  if (planned === undefined) return;
  const { check } = planned;
  const place = limitPlace(limit, under);
  if (check.kind === 'monitor') {
    if (!plan.monitors.some(({ name }) => name === check.monitor))
      report('BENCH6006', place, { monitor: check.monitor, benchmark: benchmark.name });
    return;
  }
  const metrics = check.kind === 'goodput' ? check.where.map(({ metric }) => metric) : [check.metric];
  for (const metric of metrics) {
    const reason = whyImpossible(metric, plan);
    if (reason !== undefined) report('BENCH6005', place, { metric, reason });
  }
  if (check.kind === 'window' && check.perGpu === true && plan.backend.gpus === undefined)
    report('BENCH6016', place, { backend: plan.backend.name });
  if (check.kind === 'statistic' || check.kind === 'regression')
    checkPercentile(check.metric, check.statistic, place, under);
}

function isAt(planned: SlaPlan, limit: Limit): boolean {
  return planned.location.line === (limit.$cstNode?.range.start.line ?? -2) + 1;
}

const REASONS: Readonly<Record<'streaming' | 'output-tokens' | 'reasoning', string>> = {
  streaming: 'answers are not streamed',
  'output-tokens': 'the endpoint makes no output tokens',
  reasoning: 'the endpoint gives no reasoning text',
};

/** Why a limit cannot be judged in this plan, as a sentence. */
export function problemOfLimit({ text, check }: SlaPlan, plan: RunPlan): string | undefined {
  if (check.kind === 'monitor' && !plan.monitors.some(({ name }) => name === check.monitor))
    return `\`${text}\` is on a monitor that \`${plan.benchmark}\` does not watch`;
  if (check.kind === 'window' && check.perGpu === true && plan.backend.gpus === undefined)
    return `\`${text}\` needs \`gpus\` in \`${plan.backend.name}\``;
  const metrics = check.kind === 'monitor' ? [] : check.kind === 'goodput' ? check.where : [check];
  const reason = metrics.map(({ metric }) => whyImpossible(metric, plan)).find((each) => each !== undefined);
  return reason === undefined ? undefined : `\`${text}\` cannot be measured: ${reason}`;
}

export function whyImpossible(metric: string, { backend }: RunPlan): string | undefined {
  const capabilities = findBackend(backend.protocol)?.capabilities;
  if (capabilities === undefined) return undefined;
  const streams = capabilities.streaming && backend.options['stream'] !== false && backend.options['stream'] !== 'none';
  const offers: Partial<Record<MetricNeed, boolean>> = {
    streaming: streams,
    'output-tokens': capabilities.outputTokens,
    reasoning: capabilities.reasoning,
  };
  const lacking = findMetric(metric)?.needs.find((need) => offers[need] === false);
  return lacking === undefined ? undefined : REASONS[lacking as keyof typeof REASONS];
}

function checkPercentile(
  metric: string,
  statistic: string | undefined,
  place: Place,
  { plan, report }: PlanUnderCheck,
): void {
  const quantile = statistic === undefined ? undefined : quantileOf(statistic);
  // Gaps between tokens are pooled: each request gives many.
  if (quantile === undefined || statistic === undefined || findMetric(metric)?.scope !== 'request') return;
  const planned = describePlan(plan).requests;
  const needed = valuesNeeded(quantile);
  if (planned !== undefined && planned < needed) report('BENCH6008', place, { statistic, needed, planned });
}

function checkWarmup({ plan, benchmark, parts, report }: PlanUnderCheck): void {
  const place = slotPlace(benchmark, isLoadSlot);
  const replays = plan.load.stages.some(({ shape }) => shape.kind === 'replay');
  const slot = benchmark.items.findLast(isLoadSlot);
  const own = slot === undefined ? place : { node: slot, keyword: 'load' };
  if (plan.load.warmup === undefined && !replays && parts.load !== undefined) report('BENCH5007', own, {});
  const repeats = plan.load.warmup !== undefined && !plan.dataset.freshPrefix && !isAboutPrefixes(plan.dataset);
  if (repeats) report('BENCH7004', slotPlace(benchmark, isSend), { source: plan.dataset.name });
}

function isAboutPrefixes({ source, options }: DatasetPlan): boolean {
  return source === 'trace' || 'sharedPrefixRatio' in options || 'prefixTokens' in options;
}

function checkInFlight({ plan, benchmark, parts, report }: PlanUnderCheck): void {
  const limit = plan.load.inFlightLimit;
  if (limit === undefined) return;
  const latency = expectedLatency(plan);
  for (const stage of largestRungs(plan.load.stages)) {
    const { shape } = stage;
    const place = stagePlace(stage, benchmark, parts);
    if (shape.kind === 'closed' && shape.users > limit)
      report('BENCH5012', place, { users: formatNumber(shape.users), limit: formatNumber(limit) });
    if (shape.kind !== 'open' || latency === undefined) continue;
    const expected = (peakRate(shape.rate) * latency.ms) / 1000;
    if (expected > limit) report('BENCH5016', place, inFlightFacts(peakRate(shape.rate), limit, latency));
  }
}

/** What is said of a rate whose requests do not fit into the limit. */
export function inFlightFacts(
  ratePerSecond: number,
  limit: number,
  { ms, why }: { readonly ms: number; readonly why: string },
): { readonly expected: string; readonly limit: string; readonly because: string } {
  return {
    expected: formatNumber(Math.ceil((ratePerSecond * ms) / 1000), 3),
    limit: formatNumber(limit),
    because: `${formatQuantity(ratePerSecond, 'rate')} × ${formatQuantity(ms, 'duration')} ${why}`,
  };
}

/** How long a usual request takes: the backend's declared pace, or what the SLA allows at the mean or median. */
export function expectedLatency(plan: RunPlan): { ms: number; why: string } | undefined {
  const { requestMsMean } = describePlan(plan);
  if (requestMsMean !== undefined) return { ms: requestMsMean, why: 'per request' };
  for (const { check, text } of plan.slas) {
    if (check.kind !== 'statistic' || check.metric !== 'e2e' || !check.comparison.startsWith('<')) continue;
    if (check.statistic === 'mean' || check.statistic === 'p50')
      return { ms: check.limit, why: `as \`${text}\` allows` };
  }
  return undefined;
}

function checkStages({ plan, benchmark, parts, report }: PlanUnderCheck): void {
  const { source, options, mix } = plan.dataset;
  const hasArrivals =
    mix === undefined && (findDataset(source)?.arrivals === true || options['timestampPath'] !== undefined);
  const timeout = parts.backend === undefined ? undefined : new Settings(backendItems(parts.backend)).block('timeout');
  // Only a timeout that somebody chose is held against a stage.
  const isChosen = timeout?.has('first-token') === true;
  const { firstTokenMs } = plan.backend.timeouts;
  for (const stage of largestRungs(plan.load.stages)) {
    const { until } = stage;
    const place = stagePlace(stage, benchmark, parts);
    if (stage.shape.kind === 'replay' && !hasArrivals) report('BENCH5015', place, { source: plan.dataset.name });
    if (isChosen && until.kind === 'time' && until.durationMs < firstTokenMs)
      report('BENCH5013', place, {
        duration: formatQuantity(until.durationMs, 'duration'),
        timeout: formatQuantity(firstTokenMs, 'duration'),
      });
  }
}

/** A dataset kept small repeats itself; with prompts that do not differ, a prefix cache answers instead of the model. */
function checkRepetition({ plan, benchmark, report }: PlanUnderCheck): void {
  const { dataset } = plan;
  const entries = [dataset.options['limit'], dataset.options['sample']].find((each) => typeof each === 'number');
  const planned = describePlan(plan).requests;
  if (entries === undefined || planned === undefined || planned <= entries || dataset.freshPrefix) return;
  report('BENCH7011', slotPlace(benchmark, isSend), {
    dataset: dataset.name,
    entries: formatNumber(entries),
    planned: formatNumber(planned),
  });
}

function checkContext({ plan, benchmark, report }: PlanUnderCheck): void {
  const { contextTokens } = plan.backend;
  const longest = longestRequest(plan.dataset);
  if (contextTokens === undefined || longest === undefined) return;
  const tokens = Math.ceil(longest);
  if (tokens > contextTokens)
    report('BENCH7003', slotPlace(benchmark, isSend), {
      tokens: formatQuantity(tokens, 'tokens'),
      context: formatQuantity(contextTokens, 'tokens'),
    });
}

/** Prompt and answer of the longest request that may reasonably come, in tokens; of a mix, of its longest part. */
function longestRequest(dataset: DatasetPlan): number | undefined {
  if (dataset.mix !== undefined) {
    const parts = dataset.mix.flatMap((part) => longestRequest(part.dataset) ?? []);
    return parts.length === 0 ? undefined : Math.max(...parts);
  }
  const input = dataset.keep?.inputTokens?.max ?? highInput(dataset);
  return input === undefined
    ? undefined
    : input + (dataset.outputTokens === undefined ? 0 : highOf(dataset.outputTokens));
}

function highInput({ options }: DatasetPlan): number | undefined {
  const input = options['inputTokens'];
  return typeof input === 'object' && 'kind' in input ? highOf(input as unknown as Distribution) : undefined;
}

function checkBudget({ plan, benchmark, report }: PlanUnderCheck): void {
  const { budget } = plan;
  if (budget === undefined) return;
  const { requests, durationMs, costUsd, inputTokensTotal, outputTokensTotal } = describePlan(plan);
  const runs = plan.repeat;
  const place = slotPlace(benchmark, isBudget);
  const compare = (
    what: string,
    planned: number | undefined,
    allowed: number | undefined,
    show: (value: number) => string,
  ): void => {
    if (planned !== undefined && allowed !== undefined && planned * runs > allowed)
      report('BENCH7002', place, { what, planned: show(planned * runs), budget: show(allowed) });
  };
  const tokens =
    inputTokensTotal === undefined || outputTokensTotal === undefined
      ? undefined
      : inputTokensTotal + outputTokensTotal;
  compare('requests', requests, budget.requests, (value) => formatQuantity(value, 'requests'));
  compare('tokens', tokens, budget.tokens, (value) => formatQuantity(value, 'tokens'));
  compare('cost', costUsd, budget.costUsd, (value) => formatQuantity(value, 'money'));
  compare('time', durationMs, budget.timeMs, (value) => formatQuantity(value, 'duration'));
}
