/** Limits of SLAs, one by one: metric, statistic, side and value. What they mean together is in limit-conflicts.ts. */
import { METRICS, findMetric, STATISTICS, type Metric } from '../../contract/metrics.ts';
import { nearest } from '../../contract/nearest.ts';
import { isSla, type Condition, type Limit, type SlaBlock } from '../ast.ts';
import { isStatistic, limitDimension, metricName, targetOf } from '../schema/limit-target.ts';
import { monitorSourceOf } from '../schema/property-entry.ts';
import { coerce } from '../values/coerce.ts';
import { evaluate } from '../values/evaluate.ts';
import type { Check, CheckContext } from './check.ts';
import { isExtended } from './gaps.ts';

export const checkSlaBlock: Check<SlaBlock> = (block, { report }) => {
  const { $container: container } = block;
  if (block.limits.length > 0 || (isSla(container) && (container.base !== undefined || isExtended(container)))) return;
  report(
    'BENCH6015',
    isSla(container) ? { node: container, property: 'name' } : { node: container, keyword: 'expect' },
    {},
  );
};

export const checkLimit: Check<Limit> = (limit, context) => {
  const { report, environment } = context;
  const { subject, value } = limit;
  if (subject === undefined) return;
  const target = targetOf(subject);
  if (target === undefined) {
    // A monitor that does not exist is reported as a name without a declaration.
    if (subject.monitor === undefined && subject.metric !== undefined)
      report('BENCH6001', { node: subject }, { name: subject.metric, suggestion: suggestMetric(subject.metric) });
    return;
  }
  const isKnown = limit.statistic === undefined || checkStatisticName(limit, limit.statistic, context);
  if (target.kind === 'metric') checkMetricLimit(limit, target.metric, context);
  else checkMonitorLimit(limit, context);
  const dimension = isKnown ? limitDimension(limit, target) : undefined;
  const result = evaluate(value, environment, report);
  if (value !== undefined && dimension !== undefined) {
    const bounds = dimension === 'ratio' && !limit.regression ? { min: 0, max: 1 } : {};
    coerce(result, { kind: 'quantity', dimension, ...bounds }, value, report);
  }
};

function suggestMetric(name: string): string | undefined {
  return (
    SYNONYMS[name.toLowerCase()] ??
    nearest(
      name,
      METRICS.map((metric) => metric.id),
    )
  );
}

/** What other tools call them. */
const SYNONYMS: Readonly<Record<string, string>> = {
  latency: 'e2e',
  e2el: 'e2e',
  'request-latency': 'e2e',
  'time-to-first-token': 'ttft',
  'inter-token-latency': 'itl',
  tps: 'output-throughput',
  throughput: 'output-throughput',
  rps: 'request-throughput',
  errors: 'error-rate',
  'success-rate': 'error-rate',
};

function checkStatisticName(limit: Limit, name: string, { report }: CheckContext): boolean {
  if (isStatistic(name)) return true;
  const known = [...STATISTICS, 'median'];
  const suggestion = STATISTIC_SYNONYMS[name.toLowerCase()] ?? nearest(name, known);
  report('BENCH6002', { node: limit, property: 'statistic' }, { name, suggestion });
  return false;
}

const STATISTIC_SYNONYMS: Readonly<Record<string, string>> = {
  avg: 'mean',
  average: 'mean',
  std: 'stddev',
  maximum: 'max',
  minimum: 'min',
  p999: 'p99.9',
};

function checkMetricLimit(limit: Limit, metric: Metric, { report }: CheckContext): void {
  const isSingle = metric.scope === 'window' || metric.scope === 'engine';
  const { statistic } = limit;
  if (!isSingle && statistic === undefined)
    report('BENCH6003', { node: limit, property: 'subject' }, { metric: metric.id });
  if (isSingle && statistic !== undefined)
    report('BENCH6004', { node: limit, property: 'statistic' }, { metric: metric.id, statistic });
  checkWords(limit, metric, report);
  const { comparison } = limit;
  const isFromAbove = comparison?.startsWith('<') === true;
  const isCount = statistic !== undefined && ['count', 'skewness', 'kurtosis', 'min', 'stddev'].includes(statistic);
  const isWrongSide = metric.better !== 'neither' && isFromAbove !== (metric.better === 'lower');
  if (comparison !== undefined && isWrongSide && !limit.regression && !isCount)
    report(
      'BENCH6010',
      { node: limit, property: 'comparison' },
      { metric: metric.id, better: metric.better, comparison },
    );
}

/** `per gpu`, `where`, `regression`, `against`: each belongs to some limits only. */
function checkWords(limit: Limit, metric: Metric, report: CheckContext['report']): void {
  const isThroughput = metric.scope === 'window' && (metric.dimension === 'throughput' || metric.dimension === 'rate');
  if (limit.per !== undefined && !(limit.per === 'gpu' && isThroughput))
    report('BENCH6014', { node: limit, property: 'per' }, { word: `per ${limit.per}`, metric: metric.id });
  if (metric.id === 'goodput' && limit.where.length === 0 && !limit.regression)
    report('BENCH6012', { node: limit, property: 'subject' }, {});
  if (metric.id !== 'goodput' && limit.where.length > 0)
    report('BENCH6014', { node: limit, keyword: 'where' }, { word: 'where', metric: metric.id });
  if (limit.regression && limit.baseline === undefined)
    report('BENCH6013', { node: limit, property: 'regression' }, {});
  if (!limit.regression && limit.baseline !== undefined)
    report('BENCH6014', { node: limit, keyword: 'against' }, { word: 'against', metric: metric.id });
}

function checkMonitorLimit(limit: Limit, { report }: CheckContext): void {
  const { subject } = limit;
  const monitor = subject?.monitor?.ref;
  const entry = monitor === undefined ? undefined : monitorSourceOf(monitor);
  const name = metricName(subject);
  if (limit.statistic === undefined) report('BENCH6003', { node: limit, property: 'subject' }, { metric: name });
  const words = { where: limit.where.length > 0, regression: limit.regression, per: limit.per !== undefined };
  for (const [word, isWritten] of Object.entries(words))
    if (isWritten) report('BENCH6014', { node: limit, keyword: word }, { word, metric: name });
  if (entry === undefined || entry.openSeries || subject?.series === undefined) return;
  const known = entry.series.map((each) => each.id);
  if (!known.includes(subject.series))
    report(
      'BENCH6007',
      { node: subject, property: 'series' },
      { name: subject.series, monitor: subject.monitor?.$refText ?? '', suggestion: nearest(subject.series, known) },
    );
}

export const checkCondition: Check<Condition> = (condition, { report, environment }) => {
  const { metric: name, value } = condition;
  const result = evaluate(value, environment, report);
  if (name === undefined) return;
  const metric = findMetric(name);
  if (metric === undefined)
    report('BENCH6001', { node: condition, property: 'metric' }, { name, suggestion: suggestMetric(name) });
  else if (metric.scope !== 'request') report('BENCH6011', { node: condition, property: 'metric' }, { metric: name });
  else if (value !== undefined) coerce(result, { kind: 'quantity', dimension: metric.dimension }, value, report);
};
