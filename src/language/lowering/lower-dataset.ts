import type { OptionValue, DatasetPlan } from '../../contract/plan.ts';
import type { Distribution } from '../../contract/distribution.ts';
import {
  isDataset,
  isFrom,
  isImages,
  isKeep,
  isMix,
  type Dataset,
  type DatasetBlock,
  type DatasetItem,
  type MixPart,
} from '../ast.ts';
import { docOf } from '../documentation.ts';
import { datasetItems } from '../schema/bodies.ts';
import { datasetSourceOf } from '../schema/property-entry.ts';
import { tidy } from '../values/value.ts';
import { defined, locationOf, type Lowering } from './lowering.ts';

export function lowerDataset(owner: Dataset | DatasetBlock, name: string, lowering: Lowering): DatasetPlan | undefined {
  return lowerPart(owner, name, lowering, new Set());
}

/** `within`: datasets whose mix this one is part of; a mix that contains itself is cut, and a check reports it. */
function lowerPart(
  owner: Dataset | DatasetBlock,
  name: string,
  lowering: Lowering,
  within: ReadonlySet<Dataset | DatasetBlock>,
): DatasetPlan | undefined {
  if (within.has(owner)) return undefined;
  const items = datasetItems(owner);
  const mix = items.findLast(isMix);
  const entry = datasetSourceOf(owner);
  const settings = lowering.settings(owner, items);
  const common = { name, doc: docOf(owner), location: locationOf(owner, isDataset(owner) ? 'name' : undefined) };
  if (mix !== undefined && entry === undefined) {
    lowering.uses.add('mix');
    const parts = lowerMix(mix.parts, lowering, new Set([...within, owner]));
    if (parts === undefined) return undefined;
    return defined<DatasetPlan>({ ...common, source: 'mix', freshPrefix: true, options: {}, mix: parts, ...NOTHING });
  }
  if (entry === undefined) return undefined;
  if (entry.unavailable === true) lowering.uses.add(`dataset.${entry.id}`);
  const options = {
    ...lowerArgument(owner, items, lowering),
    ...lowering.options(entry.options, settings),
    ...lowerImages(items, lowering),
  };
  if ('sharedPrefixRatio' in options) lowering.uses.add('shared-prefix');
  if ('template' in options) lowering.uses.add('dataset.template');
  return defined<DatasetPlan>({
    ...common,
    source: entry.id,
    seed: lowering.number(settings.get('seed')),
    keep: lowerKeep(items, lowering),
    outputTokens: lowering.coerce(settings.get('output')?.value, { kind: 'distribution', dimension: 'tokens' }) as
      Distribution | undefined,
    freshPrefix:
      (lowering.coerce(settings.get('fresh-prefix')?.value, { kind: 'flag' }) as boolean | undefined) ??
      !isAboutPrefixes(entry.id, options),
    options,
    mix: undefined,
  });
}

const NOTHING = { seed: undefined, keep: undefined, outputTokens: undefined };

/** Where prefixes are the subject, a nonce in front of each prompt would destroy it. */
function isAboutPrefixes(source: string, options: Readonly<Record<string, OptionValue>>): boolean {
  return source === 'trace' || 'sharedPrefixRatio' in options || 'prefixTokens' in options;
}

function lowerMix(
  parts: readonly MixPart[],
  lowering: Lowering,
  within: ReadonlySet<Dataset | DatasetBlock>,
): DatasetPlan['mix'] {
  const weighted = parts.map((part) => {
    const weight = lowering.evaluate(part.weight);
    const dataset = part.dataset?.ref;
    const plan = dataset === undefined ? undefined : lowerPart(dataset, dataset.name, lowering, within);
    const isWeight = weight?.kind === 'number' || (weight?.kind === 'quantity' && weight.dimension === 'ratio');
    return isWeight && plan !== undefined ? { weight: weight.value, dataset: plan } : undefined;
  });
  const known = weighted.filter((part) => part !== undefined);
  const total = known.reduce((sum, part) => sum + part.weight, 0);
  if (known.length < parts.length || total <= 0) return undefined;
  return known.map(({ weight, dataset }) => ({ weightRatio: tidy(weight / total), dataset }));
}

function lowerArgument(
  owner: Dataset | DatasetBlock,
  items: readonly DatasetItem[],
  lowering: Lowering,
): Record<string, OptionValue> {
  const argument = datasetSourceOf(owner)?.argument;
  const written = items.filter(isFrom).findLast((from) => from.argument !== undefined)?.argument;
  const value = argument === undefined ? undefined : lowering.coerce(written, argument.type);
  return argument === undefined || value === undefined ? {} : { [argument.planKey]: value };
}

function lowerImages(items: readonly DatasetItem[], lowering: Lowering): Record<string, OptionValue> {
  const images = items.findLast(isImages);
  const count = lowering.coerce(images?.count, { kind: 'integer', min: 1 });
  const [widthPixels, heightPixels] = images?.size?.split('x').map((side) => Number(side.trim())) ?? [];
  if (count === undefined || widthPixels === undefined || heightPixels === undefined) return {};
  lowering.uses.add('dataset.images');
  return { images: { count, widthPixels, heightPixels } };
}

function lowerKeep(items: readonly DatasetItem[], lowering: Lowering): DatasetPlan['keep'] {
  const range = (field: string): { min: number; max: number } | undefined => {
    const keep = items.filter(isKeep).findLast((each) => each.field === field);
    return lowering.coerce(keep?.range, { kind: 'range', dimension: 'tokens' }) as
      { min: number; max: number } | undefined;
  };
  if (!items.some(isKeep)) return undefined;
  return defined<NonNullable<DatasetPlan['keep']>>({ inputTokens: range('input'), outputTokens: range('output') });
}
