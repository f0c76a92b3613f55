/** What a property may be: found by the block it stands in, and by the protocol or source of that block's declaration. */
import type { AstNode } from 'langium';
import { findBackend } from '../../contract/catalog/backends.ts';
import { BLOCKS, type BlockItem, type BlockKind } from '../../contract/catalog/blocks.ts';
import { findDataset } from '../../contract/catalog/datasets.ts';
import type { BackendEntry, CatalogEntry, DatasetEntry, MonitorEntry } from '../../contract/catalog/describe.ts';
import { findMonitor } from '../../contract/catalog/monitors.ts';
import {
  isBackend,
  isBackendBlock,
  isBlock,
  isBudget,
  isDataset,
  isDatasetBlock,
  isEstimate,
  isFrom,
  isMonitor,
  isMonitorBlock,
  isProfile,
  isProperty,
  isProtocol,
  type Backend,
  type BackendBlock,
  type Dataset,
  type DatasetBlock,
  type From,
  type Monitor,
  type MonitorBlock,
  type Property,
  type Protocol,
} from '../ast.ts';
import { inheritanceOf } from '../references/extends.ts';

export type PropertyType = NonNullable<BlockItem['takes']>;

export interface PropertyEntry {
  readonly type: PropertyType;
  readonly doc: string;
  readonly defaultText?: string;
  readonly required?: boolean;
  readonly unavailable?: boolean;
  /** Name in the Plan's `options`, where the property belongs to a protocol or source. */
  readonly planKey?: string;
}

/** The catalog entry of a backend's protocol; `undefined` where none is written or it is unknown. */
export function protocolOf(owner: Backend | BackendBlock): BackendEntry | undefined {
  const block = nearestBlock(owner, isBackend, isProtocol);
  const id = block === undefined ? undefined : leadingItem(block, isProtocol)?.id;
  return id === undefined ? undefined : findBackend(id);
}

export function datasetSourceOf(owner: Dataset | DatasetBlock): DatasetEntry | undefined {
  const block = nearestBlock(owner, isDataset, isFrom);
  const id = block === undefined ? undefined : leadingItem(block, isFrom)?.source;
  return id === undefined ? undefined : findDataset(id);
}

export function monitorSourceOf(owner: Monitor | MonitorBlock): MonitorEntry | undefined {
  const block = nearestBlock(owner, isMonitor, isFrom);
  const id = block === undefined ? undefined : leadingItem(block, isFrom)?.source;
  return id === undefined ? undefined : findMonitor(id);
}

type PluggedBlock = BackendBlock | DatasetBlock | MonitorBlock;
type IsItem = (item: unknown) => item is Protocol | From;

/** The block, own or inherited, that says what the declaration speaks or reads. */
function nearestBlock<Declaration extends Backend | Dataset | Monitor>(
  owner: Declaration | PluggedBlock,
  isDeclaration: (node: unknown) => node is Declaration,
  isItem: IsItem,
): PluggedBlock | undefined {
  const declaration = isDeclaration(owner) ? owner : owner.$container;
  if (!isDeclaration(declaration)) return owner as PluggedBlock;
  const blocks = inheritanceOf(declaration).flatMap((each) => each.body ?? []);
  return blocks.findLast((block) => leadingItem(block, isItem) !== undefined);
}

/** Asked for each property of the block, so it is looked for once; items of a block never change. */
function leadingItem<Item extends Protocol | From>(
  block: PluggedBlock,
  isItem: (item: unknown) => item is Item,
): Item | undefined {
  if (!leadingItems.has(block))
    leadingItems.set(
      block,
      block.items.findLast((item) => isItem(item)),
    );
  return leadingItems.get(block) as Item | undefined;
}

const leadingItems = new WeakMap<PluggedBlock, Protocol | From | undefined>();

/** Which kind of block a property stands in; `undefined` where anything may stand. */
export function blockKindOf(container: AstNode | undefined): BlockKind | undefined {
  switch (container?.$type) {
    case 'BackendBlock':
      return 'backend';
    case 'DatasetBlock':
      return 'dataset';
    case 'LoadBlock':
      return 'load';
    case 'MonitorBlock':
      return 'monitor';
    case 'Benchmark':
      return 'benchmark';
    case 'Launch':
      return 'launch';
    case 'Sweep':
      return 'sweep';
    case 'Search':
      return 'search';
    case 'Compare':
      return 'compare';
    case 'Block':
      return isBlock(container) ? kindOfBlock(container.$container) : undefined;
    default:
      return undefined;
  }
}

function kindOfBlock(owner: AstNode): BlockKind | undefined {
  if (isBudget(owner)) return 'budget';
  if (isProfile(owner)) return 'profile';
  if (isEstimate(owner)) return 'estimate';
  const type = isProperty(owner) ? findPropertyEntry(owner)?.type : undefined;
  return type?.kind === 'block' ? type.block : undefined;
}

/** The catalog entry whose options may stand in this block beside the block's own properties. */
export function catalogEntryOf(container: AstNode | undefined): CatalogEntry | undefined {
  if (isBackendBlock(container)) return protocolOf(container);
  if (isDatasetBlock(container)) return datasetSourceOf(container);
  if (isMonitorBlock(container)) return monitorSourceOf(container);
  return undefined;
}

export function findPropertyEntry(property: Property): PropertyEntry | undefined {
  return propertyEntries(property.$container).get(property.name);
}

/** Everything that may be written as `name value` in this block, by name. */
export function propertyEntries(container: AstNode | undefined): ReadonlyMap<string, PropertyEntry> {
  const kind = blockKindOf(container);
  const catalog = catalogEntryOf(container);
  const key = `${kind ?? ''} ${catalog?.id ?? ''}`;
  const known = entriesByKey.get(key);
  if (known !== undefined) return known;
  const entries = new Map<string, PropertyEntry>();
  for (const [name, item] of Object.entries(kind === undefined ? {} : BLOCKS[kind])) {
    // What has grammar of its own takes no plain value: `keep`, `launch`, `on`. Lengths of prompts are the source's option.
    if (item.takes === undefined || GRAMMAR.has(`${kind} ${name}`)) continue;
    entries.set(name, { ...item, type: item.takes });
  }
  for (const [name, option] of Object.entries(catalog?.options ?? {})) entries.set(name, option);
  entriesByKey.set(key, entries);
  return entries;
}

/** They follow from the tables alone, so each kind of block is put together once. */
const entriesByKey = new Map<string, ReadonlyMap<string, PropertyEntry>>();

const GRAMMAR: ReadonlySet<string> = new Set([
  'backend protocol',
  'backend launch',
  'dataset from',
  'dataset input',
  'dataset mix',
  'load warmup',
  'load stage',
  'load abandon',
  'monitor from',
  'benchmark on',
  'benchmark send',
  'benchmark load',
  'benchmark expect',
  'benchmark watch',
  'benchmark budget',
  'benchmark report',
  'compare baseline',
  'compare candidate',
]);
