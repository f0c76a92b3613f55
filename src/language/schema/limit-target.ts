/** What a limit of an SLA is on, and in which dimension its value is. */
import { findMetric, quantileOf, STATISTICS, type Metric } from '../../contract/metrics.ts';
import type { Dimension } from '../../contract/units.ts';
import type { Limit, MetricRef } from '../ast.ts';
import { monitorSourceOf } from './property-entry.ts';

export type LimitTarget =
  | { readonly kind: 'metric'; readonly metric: Metric }
  | {
      readonly kind: 'monitor';
      readonly monitor: string;
      readonly series: string;
      /** Unknown where a monitor's series are not known beforehand. */
      readonly dimension: Dimension | undefined;
    };

/** A catalog metric with a dot in its name goes before a monitor of that name. */
export function targetOf(subject: MetricRef | undefined): LimitTarget | undefined {
  const metric = findMetric(metricName(subject));
  if (metric !== undefined) return { kind: 'metric', metric };
  const monitor = subject?.monitor?.ref;
  if (monitor === undefined || subject?.series === undefined) return undefined;
  const series = monitorSourceOf(monitor)?.series.find((each) => each.id === subject.series);
  return { kind: 'monitor', monitor: monitor.name, series: subject.series, dimension: series?.dimension };
}

/** `ttft`, `ttft.intended`, `gpu.memory`. */
export function metricName(subject: MetricRef | undefined): string {
  if (subject?.monitor === undefined) return subject?.metric ?? '';
  return `${subject.monitor.$refText}.${subject.series ?? ''}`;
}

/** The dimension of a limit's value; `undefined` where the value itself tells. */
export function limitDimension(limit: Limit, target: LimitTarget): Dimension | undefined {
  if (limit.regression) return 'ratio';
  const own = target.kind === 'metric' ? target.metric.dimension : target.dimension;
  return limit.statistic !== undefined && PURE_NUMBERS.has(limit.statistic) ? 'count' : own;
}

const PURE_NUMBERS: ReadonlySet<string> = new Set(['count', 'skewness', 'kurtosis']);

export function canonicalStatistic(statistic: string | undefined): string | undefined {
  return statistic === 'median' ? 'p50' : statistic;
}

export function isStatistic(statistic: string): boolean {
  return (STATISTICS as readonly string[]).includes(statistic) || quantileOf(statistic) !== undefined;
}
