/** Explains one word of the language in Markdown, from the same tables that check it. */
import { findBackend } from '../../contract/catalog/backends.ts';
import { BLOCKS, DISTRIBUTIONS, type BlockItem } from '../../contract/catalog/blocks.ts';
import { findDataset } from '../../contract/catalog/datasets.ts';
import type { CatalogEntry } from '../../contract/catalog/describe.ts';
import { findMonitor } from '../../contract/catalog/monitors.ts';
import { findReport } from '../../contract/catalog/reports.ts';
import { findMetric, quantileOf, type Metric } from '../../contract/metrics.ts';
import { BASE_UNIT_LABEL, findUnit, formatQuantity, unitsOf, type Dimension } from '../../contract/units.ts';
import { itemsOf, type BlockContext, type Token } from './block-context.ts';

/** `name` is the whole dotted name the token belongs to. */
export function explainWord(context: BlockContext, token: Token, name: string): string | undefined {
  const { frame } = context;
  if (token.tokenType.name === 'QUANTITY') return explainQuantity(token.image);
  if (token.tokenType.name === 'TRAILING_UNIT') return explainUnit(token.image);
  const metric = findMetric(name) ?? findMetric(token.image);
  if (frame.block === 'sla') return metric === undefined ? explainStatistic(token.image) : explainMetric(metric);
  const distribution = Object.hasOwn(DISTRIBUTIONS, token.image) ? DISTRIBUTIONS[token.image] : undefined;
  if (distribution !== undefined) return `\`${distribution.signature}\`\n\n${distribution.doc}`;
  const takes = frame.word === undefined || frame.since.length > 0 ? undefined : itemsOf(frame)[frame.word]?.takes;
  if (takes?.kind === 'id-of')
    return explainEntry(findBackend(name) ?? findDataset(name) ?? findMonitor(name) ?? findReport(name));
  if (takes?.kind === 'choice' && takes.choices[token.image] !== undefined) return takes.choices[token.image];
  const item = frame.block === 'file' ? BLOCKS.file[token.image] : itemsOf(frame)[token.image];
  return item === undefined ? undefined : explainItem(token.image, item);
}

export function explainMetric(metric: Metric): string {
  const better = metric.better === 'neither' ? '' : ` · ${metric.better} is better`;
  const over = {
    request: 'one value per successful request',
    event: 'pooled over all network reads of all requests',
    window: 'one value per measured window',
    engine: 'from the engine’s own metrics',
  }[metric.scope];
  return [
    `**${metric.title}** \`${metric.id}\` (${metric.unit}${better})`,
    `\`${metric.id} = ${metric.formula}\` — ${over}`,
    metric.doc,
  ].join('\n\n');
}

function explainItem(name: string, item: BlockItem): string {
  const type = item.takes === undefined ? undefined : typeName(item.takes);
  const facts = [
    type === undefined ? undefined : `Takes ${type}.`,
    item.defaultText === undefined ? undefined : `Default: \`${item.defaultText}\`.`,
  ].filter((each) => each !== undefined);
  return [`**${name}** — ${item.doc}`, ...(facts.length === 0 ? [] : [facts.join(' ')])].join('\n\n');
}

function explainEntry(entry: CatalogEntry | undefined): string | undefined {
  if (entry === undefined) return undefined;
  const options = Object.entries(entry.options).map(
    ([name, option]) =>
      `- \`${name}\` — ${option.doc}${option.defaultText === undefined ? '' : ` Default: \`${option.defaultText}\`.`}`,
  );
  const note = entry.unavailable === true ? ['*Compiles, but cannot be run yet.*'] : [];
  return [`**${entry.id}** — ${entry.doc}`, ...note, ...(options.length === 0 ? [] : [options.join('\n')])].join(
    '\n\n',
  );
}

function explainStatistic(word: string): string | undefined {
  const quantile = quantileOf(word);
  if (quantile !== undefined)
    return `**${word}** — ${(quantile * 100).toString()} % of values are at most this (nearest rank).`;
  return STATISTIC_DOCS[word];
}

const STATISTIC_DOCS: Readonly<Record<string, string>> = {
  mean: '**mean** — arithmetic mean.',
  min: '**min** — smallest value.',
  max: '**max** — largest value.',
  count: '**count** — number of values.',
  stddev: '**stddev** — sample standard deviation (n − 1).',
  geomean: '**geomean** — geometric mean.',
  iqr: '**iqr** — interquartile range, p75 − p25.',
  skewness: '**skewness** — sample skewness.',
  kurtosis: '**kurtosis** — excess sample kurtosis.',
  mode: '**mode** — most frequent value.',
};

function explainQuantity(text: string): string | undefined {
  const match = /^([\d_.eE+-]+?)\s*([^\d\s_.].*)$/.exec(text);
  const unit = findUnit(match?.[2] ?? '');
  if (match === null || unit === undefined) return undefined;
  const value = Number(match[1]?.replaceAll('_', '')) * unit.factor;
  const base = BASE_UNIT_LABEL[unit.dimension];
  const inBase = unit.dimension === 'ratio' ? '' : unit.symbol === base ? '' : ` = ${value} ${base}`;
  const shown = formatQuantity(value, unit.dimension);
  return `\`${text}\`${inBase} — ${dimensionName(unit.dimension)}${shown.replace(' ', '') === text.replace(/\s+/, '') ? '' : `, ${shown}`}`;
}

function explainUnit(symbol: string): string | undefined {
  const unit = findUnit(symbol);
  return unit === undefined ? undefined : `**${symbol}** — ${unit.doc} (${dimensionName(unit.dimension)})`;
}

function typeName(type: NonNullable<BlockItem['takes']>): string {
  switch (type.kind) {
    case 'quantity':
      return `a ${dimensionName(type.dimension)} (${unitNames(type.dimension)})`;
    case 'distribution':
      return `a ${dimensionName(type.dimension)} or a distribution of it (${unitNames(type.dimension)})`;
    case 'range':
      return `a range of ${dimensionName(type.dimension)}s`;
    case 'choice':
      return Object.keys(type.choices)
        .map((each) => `\`${each}\``)
        .join(' or ');
    case 'list':
      return `${typeName(type.of)}, or a list`;
    case 'any-of':
      return type.of.map(typeName).join(' or ');
    case 'flag':
      return '`on` or `off`';
    case 'name-of':
      return `the name of a ${type.declaration}`;
    case 'id-of':
      return type.catalog === 'backends' ? 'a protocol' : type.catalog === 'reports' ? 'formats' : 'a source';
    case 'block':
      return 'a block';
    case 'secret':
      return '`secret("NAME")`';
    case 'integer':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'text':
      return 'a text';
    case 'url':
      return 'an address';
    case 'file':
      return 'a file, relative to this one';
    case 'jsonpath':
      return 'a field name or JSONPath';
  }
}

function unitNames(dimension: Dimension): string {
  return (
    unitsOf(dimension)
      .map((each) => each.symbol)
      .join(', ') || 'no unit'
  );
}

function dimensionName(dimension: Dimension): string {
  return (
    {
      ratio: 'share',
      'price-per-token': 'price per token',
      'price-per-hour': 'price per hour',
      count: 'number',
      tokens: 'number of tokens',
      bytes: 'size',
      requests: 'number of requests',
      throughput: 'token rate',
    }[dimension as string] ?? dimension
  );
}
