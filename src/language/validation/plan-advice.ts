/** What an experienced colleague would say of a plan before a night is spent on it. Each is said only where it is surely so. */
import { findBackend } from '../../contract/catalog/backends.ts';
import { findSimulatorConflict } from '../../contract/catalog/simulator-conflicts.ts';
import { SIMULATOR_OPTIONS } from '../../contract/catalog/simulator.ts';
import { describePlan, expectedRequests, peakRate } from '../../contract/describe-plan.ts';
import { highOf } from '../../contract/distribution.ts';
import type { DatasetPlan, RunPlan, SlaPlan, TimeoutsPlan } from '../../contract/plan.ts';
import { formatNumber, formatQuantity } from '../../contract/units.ts';
import { isBudget, isOn, isSend } from '../ast.ts';
import { limitsOf, textOf } from '../lowering/lower-sla.ts';
import { backendItems, loadItems } from '../schema/bodies.ts';
import { Settings } from '../schema/settings.ts';
import { launchProblem } from './launch-fit.ts';
import {
  largestRungs,
  limitPlace,
  slotPlace,
  stagePlace,
  warmupPlace,
  type Place,
  type PlanUnderCheck,
} from './plan-places.ts';

export function checkAdvice(under: PlanUnderCheck): void {
  checkReachable(under);
  checkTimeouts(under);
  checkEmptyStages(under);
  checkWarmupRate(under);
  checkDrain(under);
  checkLengths(under);
  checkPrice(under);
  checkLaunchFit(under);
  checkSimulator(under);
}

/** Limits of the plan with the place where each is written. */
function placedLimits(under: PlanUnderCheck): { readonly sla: SlaPlan; readonly place: Place }[] {
  return under.parts.slas.flatMap(limitsOf).flatMap((limit) => {
    const line = (limit.$cstNode?.range.start.line ?? -2) + 1;
    const sla = under.plan.slas.find((each) => each.location.line === line && each.text === textOf(limit));
    return sla === undefined ? [] : { sla, place: limitPlace(limit, under) };
  });
}

/** The highest rate of a load that is open throughout; a closed loop goes as fast as it is answered. */
function highestRate({ load }: RunPlan): number | undefined {
  const rates = load.stages.map(({ shape }) => (shape.kind === 'open' ? peakRate(shape.rate) : undefined));
  return rates.includes(undefined) ? undefined : Math.max(...rates.filter((rate) => rate !== undefined));
}

function checkReachable(under: PlanUnderCheck): void {
  const { plan, report } = under;
  const rate = highestRate(plan);
  if (rate === undefined) return;
  const { dataset, backend } = plan;
  const most: Partial<Record<string, number | undefined>> = {
    'request-throughput': rate,
    'output-throughput': dataset.outputTokens === undefined ? undefined : rate * highOf(dataset.outputTokens),
  };
  for (const { sla, place } of placedLimits(under)) {
    const { check, text } = sla;
    const reachable = check.kind === 'window' ? most[check.metric] : undefined;
    if (check.kind !== 'window' || reachable === undefined || !check.comparison.startsWith('>')) continue;
    const share = reachable / (check.perGpu === true ? (backend.gpus ?? 1) : 1);
    if (check.limit > share)
      report('BENCH6018', place, { limit: `\`${text}\``, most: formatQuantity(share, check.dimension) });
  }
}

/** Which timeouts bound a metric from above. What is counted from due may wait before it is sent, so nothing bounds it. */
const BOUNDS: Readonly<Record<string, readonly (keyof TimeoutsPlan)[]>> = {
  ttft: ['firstTokenMs', 'totalMs'],
  ttfb: ['firstTokenMs', 'totalMs'],
  itl: ['betweenTokensMs', 'totalMs'],
  e2e: ['totalMs'],
};
const TIMEOUT_NAMES: Readonly<Record<keyof TimeoutsPlan, string>> = {
  connectMs: 'connect',
  firstTokenMs: 'first-token',
  betweenTokensMs: 'between-tokens',
  totalMs: 'total',
};

function checkTimeouts(under: PlanUnderCheck): void {
  const { timeouts } = under.plan.backend;
  for (const { sla, place } of placedLimits(under)) {
    const { check, text } = sla;
    if (check.kind !== 'statistic' || !check.comparison.startsWith('<') || check.dimension !== 'duration') continue;
    const timeout = BOUNDS[check.metric]?.find((each) => timeouts[each] <= check.limit);
    if (timeout !== undefined)
      under.report('BENCH6019', place, {
        limit: `\`${text}\``,
        timeout: TIMEOUT_NAMES[timeout],
        value: formatQuantity(timeouts[timeout], 'duration'),
      });
  }
}

function checkEmptyStages({ plan, benchmark, parts, report }: PlanUnderCheck): void {
  for (const stage of largestRungs(plan.load.stages)) {
    const { shape, until } = stage;
    if (shape.kind !== 'open' || until.kind !== 'time') continue;
    const requests = expectedRequests(shape.rate, until.durationMs);
    // A last half of a request is rounding; half of the only one is not.
    if (requests < 0.99)
      report('BENCH5017', stagePlace(stage, benchmark, parts), { requests: formatNumber(requests, 2) });
  }
}

function checkWarmupRate(under: PlanUnderCheck): void {
  const { plan, report } = under;
  const rate = plan.load.warmup?.ratePerSecond;
  const most = highestRate(plan);
  if (rate !== undefined && most !== undefined && rate > most)
    report('BENCH5018', warmupPlace(under), { rate: formatQuantity(rate, 'rate'), most: formatQuantity(most, 'rate') });
}

function checkDrain({ plan, benchmark, parts, report }: PlanUnderCheck): void {
  const { requestMsMean } = describePlan(plan);
  const { drainMs } = plan.load;
  if (requestMsMean === undefined || drainMs >= requestMsMean) return;
  const written = parts.load === undefined ? undefined : new Settings(loadItems(parts.load)).get('drain');
  const isHere = written?.$cstNode?.root === benchmark.$cstNode?.root;
  report('BENCH5019', written !== undefined && isHere ? { node: written } : { node: benchmark, property: 'name' }, {
    drain: formatQuantity(drainMs, 'duration'),
    latency: formatQuantity(requestMsMean, 'duration'),
  });
}

function checkSimulator({ plan: { backend }, benchmark, report }: PlanUnderCheck): void {
  if (backend.protocol !== 'simulator') return;
  const valueOf = (name: string): number | undefined => {
    const value = backend.options[SIMULATOR_OPTIONS[name]?.planKey ?? ''];
    return typeof value === 'number' ? value : undefined;
  };
  const conflict = findSimulatorConflict(valueOf, backend.options['engine'] === 'batching');
  if (conflict !== undefined) report('BENCH4020', slotPlace(benchmark, isOn), conflict);
}

/** Random words end no sentence: without `ignore-eos` nobody knows how long a model goes on. */
function checkLengths({ plan, benchmark, parts, report }: PlanUnderCheck): void {
  const { backend, dataset } = plan;
  const { ignoreEos } = backend.sampling;
  const canIgnore = findBackend(backend.protocol)?.capabilities.ignoreEos === true;
  // The simulator does as it is told.
  if (ignoreEos !== undefined || !canIgnore || backend.protocol === 'simulator' || parts.dataset === undefined) return;
  if (asksForLengths(dataset)) report('BENCH7017', slotPlace(benchmark, isSend), {});
}

function asksForLengths({ source, outputTokens, mix }: DatasetPlan): boolean {
  return mix?.some((part) => asksForLengths(part.dataset)) ?? (source === 'random' && outputTokens !== undefined);
}

function checkPrice({ plan, benchmark, report }: PlanUnderCheck): void {
  if (plan.budget?.costUsd !== undefined && plan.backend.price === undefined)
    report('BENCH7018', slotPlace(benchmark, isBudget), { backend: plan.backend.name });
}

function checkLaunchFit({ plan, benchmark, parts: { backend }, report }: PlanUnderCheck): void {
  const problem = launchProblem(plan.backend);
  if (problem === undefined || backend === undefined) return;
  const isHere = backend.$cstNode?.root === benchmark.$cstNode?.root;
  const [item] = backendItems(backend).filter(({ $type }) => $type === 'Launch');
  const place: Place =
    isHere && backend.$type === 'Backend'
      ? { node: backend, property: 'name' }
      : item !== undefined && item.$cstNode?.root === benchmark.$cstNode?.root
        ? { node: item, keyword: 'launch' }
        : slotPlace(benchmark, isOn);
  report('BENCH4017', place, { problem });
}
