/** Datasets and monitors: sources, their arguments, mixes, and what is kept or alarmed about. */
import type { AstNode } from 'langium';
import { DATASETS, findDataset } from '../../contract/catalog/datasets.ts';
import type { OptionType } from '../../contract/catalog/describe.ts';
import { MONITORS, findMonitor } from '../../contract/catalog/monitors.ts';
import { nearest } from '../../contract/nearest.ts';
import {
  isDataset,
  isDatasetBlock,
  isFrom,
  isMix,
  isMonitor,
  isMonitorBlock,
  type Alert,
  type Dataset,
  type DatasetBlock,
  type From,
  type Images,
  type Keep,
  type Mix,
  type Monitor,
  type MonitorBlock,
} from '../ast.ts';
import { datasetItems, monitorItems } from '../schema/bodies.ts';
import { monitorSourceOf } from '../schema/property-entry.ts';
import { coerce, describeType } from '../values/coerce.ts';
import { evaluate } from '../values/evaluate.ts';
import { listed } from '../values/wording.ts';
import type { Check, CheckContext } from './check.ts';
import { mayHaveGaps } from './gaps.ts';

export const checkSource: Check<From> = (node, context) => {
  const { report } = context;
  const id = node.source;
  if (id === undefined) return;
  if (node.$container.items.find(isFrom) !== node) report('BENCH4006', { node }, { name: 'from' });
  const isOfDataset = isDatasetBlock(node.$container);
  const entry = isOfDataset ? findDataset(id) : findMonitor(id);
  const place = { node, property: 'source' };
  if (entry === undefined) {
    const ids = (isOfDataset ? DATASETS : MONITORS).map((each) => each.id);
    report(isOfDataset ? 'BENCH4002' : 'BENCH4003', place, { name: id, suggestion: nearest(id, ids) });
    return;
  }
  if (entry.unavailable === true) report('BENCH4011', place, { what: `Source \`${id}\`` });
  checkArgument(node, id, entry.argument, context);
};

function checkArgument(
  node: From,
  source: string,
  argument: { readonly type: OptionType; readonly doc: string } | undefined,
  { report, environment }: CheckContext,
): void {
  const written = node.argument;
  if (argument === undefined) {
    if (written !== undefined) report('BENCH4010', { node: written }, { source });
  } else if (written === undefined) {
    report('BENCH4009', { node, property: 'source' }, { source, what: describeType(argument.type) });
  } else {
    coerce(evaluate(written, environment, report), argument.type, written, report);
  }
}

/** Does it neither read nor mix anything, by itself or by inheritance? One that others extend may leave that to them. */
export function lacksSource(owner: Dataset | DatasetBlock): boolean {
  return !datasetItems(owner).some((item) => isFrom(item) || isMix(item));
}

export function lacksMonitorSource(owner: Monitor | MonitorBlock): boolean {
  return !monitorItems(owner).some(isFrom);
}

export const checkDatasetSource: Check<DatasetBlock> = (block, { report }) => {
  const container = block.$container;
  const owner = isDataset(container) ? container : block;
  const place = isDataset(container) ? { node: container, property: 'name' } : { node: container, keyword: 'send' };
  if (lacksSource(owner) && !(isDataset(container) && mayHaveGaps(container)))
    report('BENCH4005', place, { what: 'A dataset', name: 'from' });
  const mix = block.items.find(isMix);
  if (mix !== undefined && datasetItems(owner).some(isFrom)) report('BENCH4014', { node: mix, keyword: 'mix' }, {});
};

export const checkMonitorSource: Check<MonitorBlock> = (block, { report }) => {
  const container = block.$container;
  const owner = isMonitor(container) ? container : block;
  if (!lacksMonitorSource(owner) || (isMonitor(container) && mayHaveGaps(container))) return;
  const place = isMonitor(container) ? { node: container, property: 'name' } : { node: container, keyword: 'watch' };
  report('BENCH4005', place, { what: 'A monitor', name: 'from' });
};

export const checkKeep: Check<Keep> = (keep, { report, environment }) => {
  const fields = ['input', 'output'];
  const { field, range } = keep;
  if (field !== undefined && !fields.includes(field))
    report(
      'BENCH3010',
      { node: keep, property: 'field' },
      { name: field, choices: listed(fields), suggestion: nearest(field, fields) },
    );
  if (range !== undefined)
    coerce(evaluate(range, environment, report), { kind: 'range', dimension: 'tokens' }, range, report);
};

export const checkImages: Check<Images> = (images, { report, environment }) => {
  const { count } = images;
  report('BENCH4011', { node: images, keyword: 'images' }, { what: '`images`' });
  if (count !== undefined) coerce(evaluate(count, environment, report), { kind: 'integer', min: 1 }, count, report);
};

export const checkMix: Check<Mix> = (mix, { report, environment }) => {
  const weights = mix.parts.map(({ weight }) => {
    const value = evaluate(weight, environment, report);
    if (weight === undefined || value === undefined) return undefined;
    const isShare = value.kind === 'quantity' && value.dimension === 'ratio';
    const type: OptionType = isShare ? { kind: 'quantity', dimension: 'ratio', min: 0 } : { kind: 'number', min: 0 };
    const number = coerce(value, type, weight, report);
    return typeof number === 'number' ? { number, isShare } : undefined;
  });
  for (const part of mix.parts) {
    const dataset = part.dataset?.ref;
    if (dataset !== undefined && lacksSource(dataset))
      report('BENCH4005', { node: part, property: 'dataset' }, { what: `\`${dataset.name}\``, name: 'from' });
  }
  if (mix.parts.length === 0) report('BENCH4005', { node: mix, keyword: 'mix' }, { what: '`mix`', name: 'a dataset' });
  const known = weights.filter((weight) => weight !== undefined);
  const total = known.reduce((sum, { number }) => sum + number, 0);
  if (known.length > 0 && known.length === mix.parts.length && total <= 0)
    report('BENCH3004', { node: mix, keyword: 'mix' }, { value: 'The sum of the weights', bound: 'above zero' });
  else if (
    known.length > 0 &&
    known.length === mix.parts.length &&
    known.every(({ isShare }) => isShare) &&
    Math.abs(total - 1) > 1e-6
  )
    report('BENCH4016', { node: mix, keyword: 'mix' }, { total: `${Number((total * 100).toPrecision(6))} %` });
};

export const checkMixCycle: Check<Dataset> = (dataset, { report }) => {
  if (reaches(dataset, dataset, new Set()))
    report('BENCH4015', { node: dataset, property: 'name' }, { name: dataset.name });
};

function reaches(from: Dataset, goal: Dataset, seen: Set<Dataset>): boolean {
  const parts = datasetItems(from)
    .filter(isMix)
    .flatMap((mix) => mix.parts.flatMap((part) => part.dataset?.ref ?? []));
  return parts.some((part) => {
    if (part === goal) return true;
    if (seen.has(part)) return false;
    seen.add(part);
    return reaches(part, goal, seen);
  });
}

export const checkAlert: Check<Alert> = (alert, { report, environment }) => {
  const block: AstNode = alert.$container;
  const entry = isMonitorBlock(block)
    ? monitorSourceOf(isMonitor(block.$container) ? block.$container : block)
    : undefined;
  const series = entry?.series.find((each) => each.id === alert.series);
  if (entry !== undefined && series === undefined && !entry.openSeries && alert.series !== undefined)
    report(
      'BENCH6007',
      { node: alert, property: 'series' },
      {
        name: alert.series,
        monitor: entry.id,
        suggestion: nearest(
          alert.series,
          entry.series.map((each) => each.id),
        ),
      },
    );
  const { limit, duration } = alert;
  const value = evaluate(limit, environment, report);
  if (limit !== undefined && series !== undefined)
    coerce(value, { kind: 'quantity', dimension: series.dimension }, limit, report);
  if (duration !== undefined)
    coerce(evaluate(duration, environment, report), { kind: 'quantity', dimension: 'duration' }, duration, report);
};
