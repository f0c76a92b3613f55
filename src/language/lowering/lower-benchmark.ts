/** A benchmark and everything it refers to, as one Plan. The order of steps; each part has a file of its own. */
import { DEFAULT_REPORT_FORMATS } from '../../contract/catalog/reports.ts';
import { DEFAULT_SEED, PLAN_SCHEMA, type BudgetPlan, type ReportPlan, type RunPlan } from '../../contract/plan.ts';
import {
  isBudget,
  isExpect,
  isLoadSlot,
  isOn,
  isReport,
  isSend,
  isWatch,
  type Backend,
  type BackendBlock,
  type Benchmark,
  type BenchmarkItem,
  type Dataset,
  type DatasetBlock,
  type Load,
  type LoadBlock,
  type Monitor,
  type MonitorBlock,
  type Sla,
  type SlaBlock,
} from '../ast.ts';
import { docOf } from '../documentation.ts';
import { benchmarkItems } from '../schema/bodies.ts';
import { Settings } from '../schema/settings.ts';
import { resolveFile } from '../values/coerce.ts';
import { lowerBackend } from './lower-backend.ts';
import { lowerDataset } from './lower-dataset.ts';
import { lowerLoad } from './lower-load.ts';
import { lowerMonitor } from './lower-monitor.ts';
import { lowerSla } from './lower-sla.ts';
import { defined, locationOf, type Given, type Lowering } from './lowering.ts';

/** What a benchmark is made of, after inheritance: the nearest of each slot. */
export interface BenchmarkParts {
  readonly backend: Backend | BackendBlock | undefined;
  readonly dataset: Dataset | DatasetBlock | undefined;
  readonly load: Load | LoadBlock | undefined;
  readonly slas: readonly (Sla | SlaBlock)[];
  readonly monitors: readonly (Monitor | MonitorBlock)[];
}

export function partsOf(benchmark: Benchmark): BenchmarkParts {
  const items = benchmarkItems(benchmark);
  const on = items.findLast(isOn);
  const send = items.findLast(isSend);
  const load = items.findLast(isLoadSlot);
  return {
    backend: on?.inline ?? on?.backend?.ref,
    dataset: send?.inline ?? send?.dataset?.ref,
    load: load?.inline ?? load?.load?.ref,
    slas: nearestItems(benchmark, isExpect).flatMap<Sla | SlaBlock>(
      (each) => each.inline ?? each.slas.flatMap((sla) => sla.ref ?? []),
    ),
    monitors: nearestItems(benchmark, isWatch).flatMap<Monitor | MonitorBlock>(
      (each) => each.inline ?? each.monitors.flatMap((monitor) => monitor.ref ?? []),
    ),
  };
}

/** Are its slots filled? One that only others extend may leave some to them. What fills them may still be wrong. */
export function isRunnable(benchmark: Benchmark): boolean {
  const items = benchmarkItems(benchmark);
  return items.some(isOn) && items.some(isSend) && items.some(isLoadSlot);
}

/** The parts as a run of a study has them. */
export function givenParts(parts: BenchmarkParts, { backend, dataset, load, slas = [] }: Given): BenchmarkParts {
  return {
    ...parts,
    backend: backend ?? parts.backend,
    dataset: dataset ?? parts.dataset,
    load: load ?? parts.load,
    slas: [...new Set([...parts.slas, ...slas])],
  };
}

/** Slots that may be written several times: those of the nearest declaration that has any. */
function nearestItems<Item extends BenchmarkItem>(
  benchmark: Benchmark,
  isItem: (item: BenchmarkItem) => item is Item,
): Item[] {
  const all = benchmarkItems(benchmark).filter(isItem);
  const nearest = all.at(-1)?.$container;
  return all.filter((item) => item.$container === nearest);
}

/** What the plan says of the files it comes from, and of the params given. */
export type PlanOrigin = Pick<RunPlan, 'params'> & Pick<RunPlan['source'], 'file' | 'textSha256'>;

/** `undefined`: something it needs is missing or wrong, and a check has said so. */
export function lowerBenchmark(benchmark: Benchmark, origin: PlanOrigin, lowering: Lowering): RunPlan | undefined {
  const parts = givenParts(partsOf(benchmark), lowering.given);
  const items = benchmarkItems(benchmark);
  const settings = lowering.settings(benchmark, items);
  const { name } = benchmark;
  const backend =
    parts.backend === undefined ? undefined : lowerBackend(parts.backend, nameOf(parts.backend, name), lowering);
  const dataset =
    parts.dataset === undefined ? undefined : lowerDataset(parts.dataset, nameOf(parts.dataset, name), lowering);
  const load = parts.load === undefined ? undefined : lowerLoad(parts.load, lowering);
  if (backend === undefined || dataset === undefined || load === undefined) return undefined;
  const slas = parts.slas.flatMap((sla) => lowerSla(sla, name, lowering));
  const monitors = parts.monitors.flatMap((each) => lowerMonitor(each, nameOf(each, name), lowering) ?? []);
  const budget = lowerBudget(items, lowering);
  const repeat = lowering.number(settings.get('repeat')) ?? 1;
  if (repeat > 1) lowering.uses.add('repeat');
  return defined<RunPlan>({
    schema: PLAN_SCHEMA,
    benchmark: name,
    doc: docOf(benchmark),
    source: { file: origin.file, textSha256: origin.textSha256, location: locationOf(benchmark, 'name') },
    params: origin.params,
    seed: lowering.number(settings.get('seed')) ?? DEFAULT_SEED,
    backend,
    dataset,
    load,
    slas,
    monitors,
    report: lowerReport(items, lowering),
    budget,
    repeat,
    uses: [...lowering.uses].sort(),
  });
}

/** What is written inline is named after its benchmark. */
function nameOf(part: { readonly $type: string; readonly name?: string }, benchmark: string): string {
  return part.name ?? benchmark;
}

function lowerReport(items: readonly BenchmarkItem[], lowering: Lowering): ReportPlan {
  const report = items.findLast(isReport);
  const directory = lowering.coerce(report?.directory, { kind: 'text' });
  return defined<ReportPlan>({
    formats: report === undefined ? DEFAULT_REPORT_FORMATS : [...new Set(report.formats)],
    directory: report !== undefined && typeof directory === 'string' ? resolveFile(directory, report) : undefined,
  });
}

function lowerBudget(items: readonly BenchmarkItem[], lowering: Lowering): BudgetPlan | undefined {
  const entries = items.filter(isBudget).flatMap((budget) => budget.block?.entries ?? []);
  if (entries.length === 0) return undefined;
  lowering.uses.add('budget');
  const settings = new Settings(entries);
  return defined<BudgetPlan>({
    requests: lowering.number(settings.get('requests')),
    tokens: lowering.number(settings.get('tokens')),
    costUsd: lowering.quantity(settings.get('cost')?.value, 'money'),
    timeMs: lowering.quantity(settings.get('time')?.value, 'duration'),
  });
}
