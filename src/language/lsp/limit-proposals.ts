/** Completion inside an `sla` block: metric, statistic, comparison, quantity, and the conditions of a goodput. */
import { findMetric, METRICS, STATISTICS, type Metric } from '../../contract/metrics.ts';
import { MONITORS } from '../../contract/catalog/monitors.ts';
import type { BlockContext, Token } from './block-context.ts';
import { unitItems, type NamesInScope, type Proposal } from './proposal.ts';

const COMPARISONS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);

export function limitProposals(context: BlockContext, monitors: NamesInScope): readonly Proposal[] {
  const tokens = context.frame.since;
  const last = tokens[tokens.length - 1]?.image;
  if (last === '.') return seriesProposals(tokens, monitors);
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
  const named = monitors.map(({ name }): Proposal => ({
    label: name,
    kind: 'name',
    detail: 'monitor',
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

function seriesProposals(tokens: readonly Token[], monitors: NamesInScope): readonly Proposal[] {
  const owner = tokens[tokens.length - 2]?.image ?? '';
  if (!monitors.some(({ name }) => name === owner)) {
    return METRICS.filter((each) => each.id.startsWith(`${owner}.`)).map((each) => ({
      label: each.id.slice(owner.length + 1),
      kind: 'metric',
      doc: each.doc,
    }));
  }
  const known = new Map(MONITORS.flatMap((monitor) => monitor.series).map((series) => [series.id, series]));
  return [...known.values()].map((series) => ({ label: series.id, kind: 'metric', doc: series.doc }));
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
