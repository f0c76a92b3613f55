/** A Plan as it arrives, from a file or another process: it is what it should be, and everything in it can be executed. Then nobody asks again. */
import { findBackend } from '../../contract/catalog/backends.ts';
import { findDataset } from '../../contract/catalog/datasets.ts';
import type { CatalogEntry } from '../../contract/catalog/describe.ts';
import { findMonitor } from '../../contract/catalog/monitors.ts';
import { findReport } from '../../contract/catalog/reports.ts';
import { RunError } from '../../contract/errors.ts';
import { describeFeature, type Feature } from '../../contract/features.ts';
import type { DatasetPlan, RunPlan, SourceLocation } from '../../contract/plan.ts';
import { WARMUP_STAGE } from './phases.ts';
import { planShape } from './plan-shape.ts';
import { ShapeError } from './shape.ts';

/** Features that this runner executes. Others are refused by name. */
const EXECUTED: ReadonlySet<string> = new Set<Feature>([
  'stage.ramp',
  'stage.spikes',
  'stage.sine',
  'arrivals.gamma',
  'abandon',
  'replay',
  'budget',
  'sla.monitor',
  'monitor.alert',
  'shared-prefix',
  'mix',
]);

/** @throws RunError RUN_PLAN_UNREADABLE, RUN_NOT_AVAILABLE */
export function checkPlan(value: unknown): RunPlan {
  try {
    planShape(value, '');
  } catch (thrown) {
    if (!(thrown instanceof ShapeError)) throw thrown;
    throw unreadable(thrown.message);
  }
  const plan = value as RunPlan;
  checkStages(plan);
  checkBudget(plan);
  checkMix(plan.dataset, 'dataset');
  refuseUnavailable(plan);
  return plan;
}

function checkStages({ load: { stages, warmup } }: RunPlan): void {
  const names = new Set<string>();
  if (warmup?.until.kind === 'dataset') throw unreadable('load.warmup.until must be a time or a number of requests');
  stages.forEach(({ name, shape, until }, index) => {
    const path = `load.stages[${index}]`;
    if (name === WARMUP_STAGE) throw unreadable(`${path}.name must not be "${WARMUP_STAGE}"`);
    if (names.has(name)) throw unreadable(`${path}.name is used twice: "${name}"`);
    names.add(name);
    if (until.kind === 'dataset' && shape.kind !== 'replay')
      throw unreadable(`${path}.until: only a replay ends with its dataset`);
    if (shape.kind !== 'open' || shape.rate.kind === 'flat') return;
    const { rate } = shape;
    const most =
      rate.kind === 'ramp'
        ? Math.max(rate.fromPerSecond, rate.toPerSecond)
        : rate.kind === 'spikes'
          ? Math.max(rate.basePerSecond, rate.spikePerSecond)
          : rate.maxPerSecond;
    if (most <= 0) throw unreadable(`${path}.shape.rate never sends a request`);
    if (until.kind === 'requests' && rate.kind === 'ramp' && rate.fromPerSecond + rate.toPerSecond <= 0)
      throw unreadable(`${path} never ends`);
  });
}

function checkBudget({ budget, backend: { name, price, location } }: RunPlan): void {
  const { usdPerGpuHour, usdPerInputToken, usdPerOutputToken } = price ?? {};
  if (budget?.costUsd === undefined || (usdPerGpuHour ?? usdPerInputToken ?? usdPerOutputToken) !== undefined) return;
  throw new RunError('RUN_PLAN_UNREADABLE', `The budget limits the cost, and backend ${name} has no price.`, {
    hint: 'Say what it costs: `price { gpu-hour 2.10 usd }` or `price { input 0.15 usd/Mtok  output 0.60 usd/Mtok }`.',
    location,
  });
}

function checkMix({ mix }: DatasetPlan, path: string): void {
  if (mix === undefined) return;
  if (mix.every(({ weightRatio }) => weightRatio <= 0))
    throw unreadable(`${path}.mix has no part with a weight above 0`);
  mix.forEach(({ dataset }, index) => checkMix(dataset, `${path}.mix[${index}].dataset`));
}

function refuseUnavailable(plan: RunPlan): void {
  const { backend, monitors, report, source } = plan;
  for (const feature of plan.uses) refuse(feature, source.location);
  refuseEntry('backend', backend.protocol, findBackend(backend.protocol), backend);
  if (backend.launch !== undefined) refuse('launch', backend.location);
  if (backend.profile !== undefined) refuse('profile', backend.location);
  if (backend.tokenizer.kind === 'tiktoken') refuse('tokenizer.tiktoken', backend.location);
  refuseDataset(plan.dataset);
  for (const monitor of monitors) {
    refuseEntry('monitor', monitor.source, findMonitor(monitor.source), monitor);
    if (monitor.via !== undefined) refuse('monitor.via', monitor.location);
  }
  for (const { check, location } of plan.slas) if (check.kind === 'regression') refuse('sla.regression', location);
  for (const format of report.formats) {
    const entry = findReport(format);
    if (entry === undefined || entry.unavailable === true) refuse(`report ${format}`, source.location);
  }
  if (plan.repeat > 1) refuse('repeat', source.location);
}

function refuseDataset(dataset: DatasetPlan): void {
  if (dataset.mix === undefined) return refuseEntry('dataset', dataset.source, findDataset(dataset.source), dataset);
  for (const part of dataset.mix) {
    refuseDataset(part.dataset);
    refuseArrivals(part.dataset);
  }
}

/** A part of a mix is sent when the load says: arrival times of its own would be passed over in silence. */
function refuseArrivals({ name, source, options, location }: DatasetPlan): void {
  if (findDataset(source)?.arrivals !== true && options['timestampPath'] === undefined) return;
  throw new RunError('RUN_NOT_AVAILABLE', `A \`mix\` of datasets with arrival times (${name}) is not available yet.`, {
    hint: 'Leave `timestamp` out where it is part of a mix, or send it by itself with `replay`.',
    location,
  });
}

/** What the catalog does not know, or knows and marks as not available: the thing itself, or an option that the plan uses. */
function refuseEntry(
  kind: 'backend' | 'dataset' | 'monitor',
  id: string,
  entry: CatalogEntry | undefined,
  plan: { readonly options: Readonly<Record<string, unknown>>; readonly location: SourceLocation },
): void {
  if (entry === undefined || entry.unavailable === true) return refuse(`${kind}.${id}`, plan.location);
  for (const [name, option] of Object.entries(entry.options))
    if (option.unavailable === true && plan.options[option.planKey] !== undefined) refuse(name, plan.location);
}

function refuse(feature: string, location: SourceLocation): void {
  if (EXECUTED.has(feature)) return;
  const name = describeFeature(feature);
  throw new RunError('RUN_NOT_AVAILABLE', `${name.charAt(0).toUpperCase()}${name.slice(1)} is not available yet.`, {
    hint: 'It compiles, but this version cannot execute it. Leave it out to run the rest.',
    location,
  });
}

function unreadable(problem: string): RunError {
  return new RunError('RUN_PLAN_UNREADABLE', `The plan cannot be used: ${problem}.`, {
    hint: 'Plans are made by Benchwright from a .bench file; was this one made by another version, or edited?',
  });
}
