/** What may be written at a place: from the catalog, the metrics, the units and the names in scope. Knows nothing of LSP. */
import { BACKENDS } from '../../contract/catalog/backends.ts';
import { BLOCKS, DISTRIBUTIONS, type BlockItem } from '../../contract/catalog/blocks.ts';
import { DATASETS } from '../../contract/catalog/datasets.ts';
import type { CatalogEntry, DatasetEntry, OptionType, SeriesEntry } from '../../contract/catalog/describe.ts';
import { MONITORS } from '../../contract/catalog/monitors.ts';
import { REPORTS } from '../../contract/catalog/reports.ts';
import { unitsOf, type Dimension } from '../../contract/units.ts';
import { awaitsValue, itemsOf, type BlockContext } from './block-context.ts';
import { limitProposals } from './limit-proposals.ts';
import { unitItems, type NamesInScope, type Proposal } from './proposal.ts';
import { studyProposals } from './study-proposals.ts';

export interface Surroundings {
  /** Declarations visible here, by type of the syntax tree (`Backend`); then those that an import would make visible. */
  names(type: string): NamesInScope;
  /** What the monitor of that name measures; `undefined` where it is not known, empty where that is not known beforehand. */
  seriesOf(monitor: string): readonly SeriesEntry[] | undefined;
  /** A way to ask the backend at the cursor for its models, where the client can. */
  askForModels(): Proposal | undefined;
  /** What is typed so far inside an open string. */
  readonly openText: string | undefined;
  /** Entries of a folder, relative to the file. */
  listFolder(folder: string): Promise<readonly { name: string; isFolder: boolean }[]>;
}

export async function proposalsFor(context: BlockContext, around: Surroundings): Promise<readonly Proposal[]> {
  const { frame } = context;
  const item = frame.word === undefined ? undefined : itemsOf(frame)[frame.word];
  if (around.openText !== undefined)
    return /\$\{[\w-]*$/.test(around.openText)
      ? placeholderProposals(item, around)
      : fileProposals(fileTypeOf(context, item), around);
  if (context.call !== undefined) return argumentProposals(context, item, around);
  const unit = unitProposals(context, item);
  if (unit.length > 0) return unit;
  if (frame.block === 'file') return fileLevelProposals(context, around);
  if (frame.block === 'sla') return limitProposals(context, around);
  if (frame.block === 'mix') return frame.since.at(-1)?.tokenType.name === 'QUANTITY' ? named(around, 'Dataset') : [];
  const ofStudy = studyProposals(frame, (type) => named(around, type));
  if (ofStudy !== undefined) return ofStudy;
  const isInList =
    frame.since.at(-1)?.image === ',' && (item?.takes?.kind === 'name-of' || item?.takes?.kind === 'id-of');
  if ((awaitsValue(frame) || isInList) && item?.takes !== undefined)
    return [...valueProposals(item.takes, around), ...askedProposals(frame, around)];
  const next = nextWords(context, item);
  return frame.block === 'stage' && next.length > 0 ? next : [...next, ...itemProposals(context)];
}

function fileLevelProposals(context: BlockContext, around: Surroundings): readonly Proposal[] {
  const previous = context.frame.since[context.frame.since.length - 1]?.image;
  const { word } = context.frame;
  if (word !== undefined && previous === 'extends') return named(around, capitalised(word));
  if (word !== undefined && previous === 'of') return named(around, 'Benchmark');
  if (word !== undefined && context.frame.since.length === 0) return [];
  if (word === 'param' && previous === '=') return named(around, 'Param');
  const declarations = Object.entries(BLOCKS.file).map(([label, each]): Proposal => ({
    label,
    kind: 'keyword',
    ...described(each),
  }));
  const extendable = ['backend', 'dataset', 'load', 'sla', 'monitor', 'benchmark'];
  const header = word !== undefined && extendable.includes(word) && context.frame.since.length === 1;
  return header
    ? [
        {
          label: 'extends',
          kind: 'keyword',
          doc: 'Begins with everything of another one.',
          again: true,
          insert: 'extends ',
        },
      ]
    : declarations;
}

function itemProposals(context: BlockContext): readonly Proposal[] {
  return Object.entries(itemsOf(context.frame)).map(([label, item]) => ({
    label,
    kind: 'property',
    ...described(item),
    again: item.snippet === undefined && item.takes !== undefined,
    ...(item.snippet === undefined && item.takes !== undefined ? { insert: `${label} ` } : {}),
  }));
}

/** Words such as `poisson` and `for` that go on with the item; once written they are not proposed again. */
function nextWords(context: BlockContext, item: BlockItem | undefined): readonly Proposal[] {
  const items = itemsOf(context.frame);
  const words = [
    ...(item?.then ?? []),
    ...(context.frame.block === 'stage' && item?.then === undefined ? ['for'] : []),
  ];
  return words
    .filter((word) => !context.frame.words.has(word))
    .map((label) => ({
      label,
      kind: 'keyword',
      insert: `${label} `,
      again: true,
      ...described(items[label] ?? { doc: '' }),
    }));
}

function described(item: BlockItem): Pick<Proposal, 'doc' | 'detail' | 'snippet'> {
  const text = item.defaultText === undefined ? item.doc : `${item.doc}\n\nDefault: \`${item.defaultText}\``;
  return {
    doc: text,
    ...(item.defaultText === undefined ? {} : { detail: `default ${item.defaultText}` }),
    ...(item.snippet === undefined ? {} : { snippet: item.snippet }),
  };
}

function valueProposals(type: NonNullable<BlockItem['takes']>, around: Surroundings): readonly Proposal[] {
  switch (type.kind) {
    case 'id-of':
      return CATALOGS[type.catalog].map((entry) => ({
        label: entry.id,
        kind: 'value',
        doc: entry.doc,
        ...(entry.unavailable === true ? { detail: 'not available to run yet' } : {}),
      }));
    case 'name-of':
      return [...named(around, capitalised(type.declaration)), ...inlineBlock(type.declaration)];
    case 'secret':
      return [
        {
          label: 'secret("…")',
          kind: 'function',
          snippet: 'secret("${1:API_KEY}")',
          doc: 'The name of a secret; its value is looked up when the run starts.',
        },
      ];
    case 'block':
      return [{ label: '{ … }', kind: 'keyword', snippet: '{ $0 }' }];
    case 'choice':
      return Object.entries(type.choices).map(([label, doc]) => ({ label, kind: 'value', doc }));
    case 'flag':
      return [
        { label: 'on', kind: 'value' },
        { label: 'off', kind: 'value' },
      ];
    case 'distribution':
      return [...distributionProposals(type.dimension), ...params(around, type)];
    case 'any-of':
      return type.of.flatMap((each) => valueProposals(each, around));
    case 'file':
    case 'text':
    case 'url':
    case 'jsonpath':
      return [{ label: '"…"', kind: 'value', snippet: '"$1"', again: type.kind === 'file' }, ...params(around, type)];
    default:
      return params(around, type);
  }
}

const CATALOGS: Readonly<Record<'backends' | 'datasets' | 'monitors' | 'reports', readonly CatalogEntry[]>> = {
  backends: BACKENDS,
  datasets: DATASETS,
  monitors: MONITORS,
  reports: REPORTS,
};

function distributionProposals(dimension: Dimension): readonly Proposal[] {
  const unit = unitsOf(dimension)[0]?.symbol ?? '';
  const suffix = dimension === 'tokens' ? ' tokens' : '';
  return Object.entries(DISTRIBUTIONS).map(([label, each]) => ({
    label,
    kind: 'function',
    detail: each.signature,
    doc: `${each.doc}${
      unit === ''
        ? ''
        : `\n\nIn ${unitsOf(dimension)
            .map((one) => one.symbol)
            .join(', ')}.`
    }`,
    snippet: each.snippet + suffix,
  }));
}

function argumentProposals(
  context: BlockContext,
  item: BlockItem | undefined,
  around: Surroundings,
): readonly Proposal[] {
  const keywords =
    context.call?.name === 'lognormal'
      ? ['mean', 'p99', 'stddev'].map((label): Proposal => ({ label, kind: 'keyword', insert: `${label} ` }))
      : [];
  const units = unitProposals(context, item);
  return units.length > 0 ? units : [...keywords, ...named(around, 'Param')];
}

/** After a number: the units that fit. */
function unitProposals(context: BlockContext, item: BlockItem | undefined): readonly Proposal[] {
  const { partial, frame, call } = context;
  const previous = (call ?? frame).since.at(-1);
  const behindNumber = previous?.tokenType.name === 'NUMBER';
  const afterNumber =
    partial === undefined
      ? behindNumber
      : /^\d[\d_.]*[A-Za-zµ%°/]*$/.test(partial.image) || (behindNumber && /^[A-Za-zµ%°]/.test(partial.image));
  if (!afterNumber || frame.block === 'sla') return [];
  return dimensionsOf(item?.takes).flatMap((dimension) =>
    unitItems(dimension, partial !== undefined && /\d$/.test(partial.image)),
  );
}

export function dimensionsOf(type: BlockItem['takes']): readonly Dimension[] {
  if (type === undefined) return [];
  if (type.kind === 'quantity' || type.kind === 'distribution' || type.kind === 'range') return [type.dimension];
  return type.kind === 'any-of' ? type.of.flatMap((each) => dimensionsOf(each)) : [];
}

function fileTypeOf(context: BlockContext, item: BlockItem | undefined): OptionType | undefined {
  if (context.frame.word === 'import') return { kind: 'file', extensions: ['bench'] };
  if (context.frame.word === 'tokenizer') return { kind: 'file', extensions: ['json'] };
  const { entry } = context.frame;
  if (context.frame.word === 'from' && entry !== undefined && 'argument' in entry)
    return (entry as DatasetEntry).argument?.type;
  const takes = item?.takes;
  return takes?.kind === 'file' ? takes : undefined;
}

async function fileProposals(type: OptionType | undefined, around: Surroundings): Promise<readonly Proposal[]> {
  if (type?.kind !== 'file') return [];
  const typed = around.openText ?? '';
  const folder = typed.includes('/') ? typed.slice(0, typed.lastIndexOf('/') + 1) : './';
  const rest = typed.slice(typed.lastIndexOf('/') + 1);
  const fits = (name: string): boolean =>
    type.extensions.length === 0 || type.extensions.some((extension) => name.endsWith(`.${extension}`));
  const entries = await around.listFolder(folder);
  return entries
    .filter(
      (entry) =>
        !entry.name.startsWith('.') &&
        (entry.isFolder ? !entry.name.endsWith('.results') && entry.name !== 'node_modules' : fits(entry.name)),
    )
    .map((entry) => ({
      label: entry.isFolder ? `${entry.name}/` : entry.name,
      kind: 'file',
      replace: rest.length,
      insert: `${typed.includes('/') ? '' : './'}${entry.name}${entry.isFolder ? '/' : ''}`,
      again: entry.isFolder,
    }));
}

/** Params that stand for something of this type. */
function params(around: Surroundings, type: OptionType): readonly Proposal[] {
  return proposed(around.names('Param').filter(({ fits }) => fits(type)));
}

function named(around: Surroundings, type: string): readonly Proposal[] {
  return proposed(around.names(type));
}

function proposed(names: NamesInScope): readonly Proposal[] {
  return names.map(({ name, detail, importPath }) => ({
    label: name,
    kind: 'name',
    detail: importPath === undefined ? detail : `${detail} from "${importPath}"`,
    ...(importPath === undefined ? {} : { importPath }),
  }));
}

/** What would be declared, written in place. */
function inlineBlock(declaration: string): readonly Proposal[] {
  const snippet = BLOCKS.file[declaration]?.snippet?.replace(/^\w+ \$\{1:\w+\} /, '');
  return snippet === undefined || declaration === 'benchmark'
    ? []
    : [{ label: '{ … }', kind: 'keyword', detail: `a ${declaration}, written here`, snippet }];
}

/** Inside `${…}`: params, and what the run fills in. */
function placeholderProposals(item: BlockItem | undefined, around: Surroundings): readonly Proposal[] {
  const takes = item?.takes;
  const placeholders = takes?.kind === 'text' ? Object.entries(takes.placeholders ?? {}) : [];
  return [
    ...placeholders.map(([label, doc]): Proposal => ({ label, kind: 'value', doc })),
    ...named(around, 'Param'),
  ].map((each) => ({ ...each, replace: wordLength(around.openText) }));
}

function wordLength(text: string | undefined): number {
  return /[\w-]*$/.exec(text ?? '')?.[0].length ?? 0;
}

function askedProposals(frame: BlockContext['frame'], around: Surroundings): readonly Proposal[] {
  const asked = frame.block === 'backend' && frame.word === 'model' ? around.askForModels() : undefined;
  return asked === undefined ? [] : [asked];
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
