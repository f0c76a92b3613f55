/** How much worse a metric is than in a stored report, as a share of the stored value. */
import { findMetric } from '../../contract/metrics.ts';
import { isSample, type Interval, type MetricTable } from '../../contract/report.ts';

export type Worsening =
  { readonly actual: number; readonly ci?: Interval; readonly caveat?: string } | { readonly missing: string };

/**
 * Relative worsening: positive is worse, whichever direction is better for the metric. Its interval takes both runs' intervals at
 * their extremes: wider than 95 %, never narrower.
 */
export function worsening(
  metricId: string,
  statistic: string | undefined,
  now: MetricTable,
  before: MetricTable,
): Worsening {
  const metric = findMetric(metricId);
  const key = metric?.key ?? metricId;
  const [current, stored] = [valueOf(now, key, statistic), valueOf(before, key, statistic)];
  const name = statistic === undefined ? metricId : `${metricId} ${statistic}`;
  if (current === undefined) return { missing: `This run has no ${name}.` };
  if (stored === undefined || !(stored.value > 0)) return { missing: `The baseline has no ${name} to compare with.` };
  const sign = metric?.better === 'higher' ? -1 : 1;
  const change = (value: number, base: number): number => sign * (value / base - 1);
  const { ci } = current;
  const caveat = `${name} was ${stored.value} in the baseline.`;
  const actual = change(current.value, stored.value);
  if (ci === undefined) return { actual, caveat };
  const base = stored.ci ?? { lower: stored.value, upper: stored.value };
  const high = ratio(ci.upper, base.lower, change);
  const low = ratio(ci.lower, base.upper, change);
  const [lower, upper] = sign > 0 ? [low, high] : [high, low];
  return {
    actual,
    ci: { ...(lower === undefined ? {} : { lower }), ...(upper === undefined ? {} : { upper }) },
    caveat,
  };
}

function ratio(
  value: number | undefined,
  base: number | undefined,
  change: (value: number, base: number) => number,
): number | undefined {
  return value === undefined || base === undefined || !(base > 0) ? undefined : change(value, base);
}

function valueOf(
  table: MetricTable,
  key: string,
  statistic: string | undefined,
): { readonly value: number; readonly ci?: Interval } | undefined {
  const entry = table[key];
  if (entry === undefined) return undefined;
  if (!isSample(entry)) return { value: entry.value, ...(entry.ci === undefined ? {} : { ci: entry.ci }) };
  if (statistic === undefined) return undefined;
  const name = statistic.replace('.', '');
  const value = (entry as unknown as Readonly<Record<string, unknown>>)[name];
  if (typeof value !== 'number') return undefined;
  const ci = entry.ci[name];
  return { value, ...(ci === undefined ? {} : { ci }) };
}
