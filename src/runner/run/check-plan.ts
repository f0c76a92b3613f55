/** A Plan as it arrives, from a file or another process: it is what it should be, and everything in it can be executed. Then nobody asks again. */
import { findBackend } from '../../contract/catalog/backends.ts';
import { findDataset } from '../../contract/catalog/datasets.ts';
import type { CatalogEntry } from '../../contract/catalog/describe.ts';
import { findMonitor } from '../../contract/catalog/monitors.ts';
import { findReport } from '../../contract/catalog/reports.ts';
import { RunError } from '../../contract/errors.ts';
import type { DatasetPlan, RunPlan, SourceLocation } from '../../contract/plan.ts';
import { WARMUP_STAGE } from './phases.ts';
import { planShape } from './plan-shape.ts';
import { ShapeError } from './shape.ts';

/** Names in a plan's `uses` that this runner executes. Others are refused by name. */
const EXECUTED: ReadonlySet<string> = new Set(['abandon']);

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
  refuseUnavailable(plan);
  return plan;
}

function checkStages({ load: { stages } }: RunPlan): void {
  const names = new Set<string>();
  stages.forEach(({ name, shape, until }, index) => {
    const path = `load.stages[${index}]`;
    if (name === WARMUP_STAGE) throw unreadable(`${path}.name must not be "${WARMUP_STAGE}"`);
    if (names.has(name)) throw unreadable(`${path}.name is used twice: "${name}"`);
    names.add(name);
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

function refuseUnavailable(plan: RunPlan): void {
  const { backend, dataset, load, monitors, report } = plan;
  const used = plan.uses.find((feature) => !EXECUTED.has(feature));
  if (used !== undefined) throw notAvailable(used, plan.source.location);
  refuseEntry('protocol', backend.protocol, findBackend(backend.protocol), backend.options, backend.location);
  if (backend.launch !== undefined) throw notAvailable('launch', backend.location);
  if (backend.profile !== undefined) throw notAvailable('profile', backend.location);
  if (backend.tokenizer.kind === 'tiktoken') throw notAvailable('tokenizer tiktoken', backend.location);
  refuseDataset(dataset);
  for (const { shape, until, location } of load.stages)
    if (shape.kind === 'replay' || until.kind === 'dataset') throw notAvailable('replay', location);
  if (load.warmup?.until.kind === 'dataset') throw notAvailable('replay', load.warmup.location);
  for (const { source, options, location, via } of monitors) {
    refuseEntry('monitor', source, findMonitor(source), options, location);
    if (via !== undefined) throw notAvailable(`via ${via.kind}`, location);
  }
  for (const { check, location } of plan.slas)
    if (check.kind === 'regression') throw notAvailable('regression', location);
  for (const format of report.formats) refuseEntry('report', format, findReport(format), {}, plan.source.location);
  if (plan.budget !== undefined) throw notAvailable('budget', plan.source.location);
  if (plan.repeat > 1) throw notAvailable('repeat', plan.source.location);
}

function refuseDataset({ source, options, mix, location }: DatasetPlan): void {
  refuseEntry('dataset', source, findDataset(source), options, location);
  for (const part of mix ?? []) refuseDataset(part.dataset);
}

/** What the catalog does not know, or knows and marks as not available: the thing itself, or an option that the plan uses. */
function refuseEntry(
  what: string,
  id: string,
  entry: CatalogEntry | undefined,
  options: Readonly<Record<string, unknown>>,
  location: SourceLocation,
): void {
  if (entry === undefined || entry.unavailable === true) throw notAvailable(`${what} ${id}`, location);
  for (const [name, option] of Object.entries(entry.options))
    if (option.unavailable === true && options[option.planKey] !== undefined) throw notAvailable(name, location);
}

function notAvailable(feature: string, location: SourceLocation): RunError {
  return new RunError('RUN_NOT_AVAILABLE', `\`${feature}\` is not available yet.`, {
    hint: 'It compiles, but this version cannot execute it. Leave it out to run the rest.',
    location,
  });
}

function unreadable(problem: string): RunError {
  return new RunError('RUN_PLAN_UNREADABLE', `The plan cannot be used: ${problem}.`, {
    hint: 'Plans are made by Benchwright from a .bench file; was this one made by another version, or edited?',
  });
}
