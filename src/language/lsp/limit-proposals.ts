/** Completion inside an `sla` block: metric, statistic, comparison, quantity, and the conditions of a goodput. */
import { findMetric, METRICS, STATISTICS, type Metric } from '../../contract/metrics.ts';
import type { SeriesEntry } from '../../contract/catalog/describe.ts';
import { MONITORS } from '../../contract/catalog/monitors.ts';
import type { BlockContext, Token } from './block-context.ts';
import { unitItems, type NamesInScope, type Proposal } from './proposal.ts';

const COMPARISONS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);

/** What a limit may be on, beside metrics. */
export interface MonitorsInScope {
  names(type: string): NamesInScope;
  seriesOf(monitor: string): readonly SeriesEntry[] | undefined;
}

export function limitProposals(context: BlockContext, around: MonitorsInScope): readonly Proposal[] {
  const monitors = around.names('Monitor');
  const tokens = context.frame.since;
  const last = tokens[tokens.length - 1]?.image;
  if (last === '.') return seriesProposals(tokens, around);
  const ofSeries = afterSeries(context, around);
  if (ofSeries !== undefined) return ofSeries;
  const metric = lastMetric(tokens);
  const comparedAt = lastIndexOf(tokens, (token) => COMPARISONS.has(token.image));
  const metricAt = metric?.index ?? -1;
  if (metric !== undefined && metricAt > comparedAt)
    return afterMetric(metric.metric, tokens.length - 1 - metricAt, isCondition(tokens, metricAt));
  if (last !== undefined && COMPARISONS.has(last))
    return metric === undefined || context.partial === undefined
      ? exampleValues(metric?.metric)
      : unitsFor(metric.metric, context);
  if (context.partial !== undefined && /^\d/.test(context.partial.image) && metric !== undefined)
    return unitsFor(metric.metric, context);
  if (last === 'where' || last === 'and') return METRICS.filter((each) => each.scope === 'request').map(metricProposal);
  const further: Proposal[] =
    comparedAt < 0
      ? []
      : [
          {
            label:
              metric?.metric.id === 'goodput' && !tokens.some((token) => token.image === 'where') ? 'where' : 'and',
            kind: 'keyword',
            doc: 'Limits each request must meet to count as good.',
          },
          {
            label: 'against',
            kind: 'keyword',
            doc: 'The stored report a regression is measured against.',
            snippet: 'against "${1:./baselines/main.json}"',
          },
        ];
  const named = monitors.map(({ name, importPath }): Proposal => ({
    label: name,
    kind: 'name',
    detail: importPath === undefined ? 'monitor' : `monitor from "${importPath}"`,
    ...(importPath === undefined ? {} : { importPath }),
    insert: `${name}.`,
    again: true,
  }));
  return [...further, ...METRICS.map(metricProposal), ...named];
}

function afterMetric(metric: Metric, tokensAfter: number, isInCondition: boolean): readonly Proposal[] {
  const comparisons: readonly Proposal[] = (
    metric.better === 'higher' ? ['>', '>=', '<', '<='] : ['<', '<=', '>', '>=']
  ).map((label) => ({ label, kind: 'keyword', insert: `${label} `, again: true }));
  const hasStatistics = (metric.scope === 'request' || metric.scope === 'event') && !isInCondition;
  if (!hasStatistics || tokensAfter > 0) return comparisons;
  const order = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'mean', 'max'];
  const sorted = [...order, ...STATISTICS.filter((each) => !order.includes(each))];
  return sorted.map((label) => ({
    label,
    kind: 'statistic',
    doc: `${label} of ${metric.title.toLowerCase()}`,
    insert: `${label} `,
    again: true,
  }));
}

function exampleValues(metric: Metric | undefined): readonly Proposal[] {
  return metric === undefined
    ? []
    : unitItems(metric.dimension, false).map((unit) => ({
        ...unit,
        label: `… ${unit.label}`,
        snippet: `\${1:1} ${unit.label}`,
      }));
}

function unitsFor(metric: Metric, context: BlockContext): readonly Proposal[] {
  return unitItems(metric.dimension, context.partial !== undefined && /\d$/.test(context.partial.image));
}

function metricProposal(metric: Metric): Proposal {
  return {
    label: metric.id,
    kind: 'metric',
    detail: metric.title,
    doc: `\`${metric.formula}\` (${metric.unit})\n\n${metric.doc}`,
    insert: `${metric.id} `,
    again: true,
  };
}

function seriesProposals(tokens: readonly Token[], around: MonitorsInScope): readonly Proposal[] {
  const owner = tokens[tokens.length - 2]?.image ?? '';
  if (!around.names('Monitor').some(({ name }) => name === owner)) {
    return METRICS.filter((each) => each.id.startsWith(`${owner}.`)).map((each) => ({
      label: each.id.slice(owner.length + 1),
      kind: 'metric',
      doc: each.doc,
    }));
  }
  const own = around.seriesOf(owner);
  // One without a known source may become any.
  const known = own ?? [...new Map(MONITORS.flatMap(({ series }) => series).map((each) => [each.id, each])).values()];
  return known.map((series) => ({
    label: series.id,
    kind: 'metric',
    doc: series.doc,
    insert: `${series.id} `,
    again: true,
  }));
}

const SERIES_STATISTICS = ['max', 'mean', 'min', 'p50', 'p95', 'p99'];

/** Behind `gpu.memory`: a statistic, a comparison, and a value in the series' own units. `undefined` where no series was written. */
function afterSeries({ frame, partial }: BlockContext, around: MonitorsInScope): readonly Proposal[] | undefined {
  const tokens = frame.since;
  const dot = lastIndexOf(tokens, ({ image }) => image === '.');
  const owner = tokens[dot - 1]?.image ?? '';
  const written = tokens.slice(dot + 1);
  const isMonitor = dot > 0 && around.names('Monitor').some(({ name }) => name === owner);
  const isEnded = written.some(({ tokenType }) => tokenType.name === 'QUANTITY');
  if (!isMonitor || isEnded || findMetric(`${owner}.${written[0]?.image ?? ''}`) !== undefined) return undefined;
  const compared = written.findIndex(({ image }) => COMPARISONS.has(image));
  const series = around.seriesOf(owner)?.find(({ id }) => id === written[0]?.image);
  if (compared >= 0) {
    const dimension = series?.dimension;
    if (dimension === undefined) return [];
    const isNumber =
      written.at(-1)?.tokenType.name === 'NUMBER' || (partial !== undefined && /^\d/.test(partial.image));
    return isNumber
      ? unitItems(dimension, partial !== undefined && /\d$/.test(partial.image))
      : unitItems(dimension, false).map((unit) => ({
          ...unit,
          label: `… ${unit.label}`,
          snippet: `\${1:1} ${unit.label}`,
        }));
  }
  if (written.length >= 2)
    return ['<', '<=', '>', '>='].map((label) => ({ label, kind: 'keyword', insert: `${label} `, again: true }));
  return SERIES_STATISTICS.map((label) => ({
    label,
    kind: 'statistic',
    doc: `${label} of ${series?.doc ?? 'its values'}`,
    insert: `${label} `,
    again: true,
  }));
}

function lastMetric(tokens: readonly Token[]): { metric: Metric; index: number } | undefined {
  for (let index = tokens.length - 1; index >= 0; index--) {
    const dotted =
      tokens[index - 1]?.image === '.' ? `${tokens[index - 2]?.image ?? ''}.${tokens[index]?.image ?? ''}` : undefined;
    const metric = (dotted === undefined ? undefined : findMetric(dotted)) ?? findMetric(tokens[index]?.image ?? '');
    if (metric !== undefined) return { metric, index };
  }
  return undefined;
}

function isCondition(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1]?.image === '.' ? tokens[index - 3]?.image : tokens[index - 1]?.image;
  return before === 'where' || before === 'and';
}

function lastIndexOf(tokens: readonly Token[], test: (token: Token) => boolean): number {
  for (let index = tokens.length - 1; index >= 0; index--) {
    const token = tokens[index];
    if (token !== undefined && test(token)) return index;
  }
  return -1;
}
