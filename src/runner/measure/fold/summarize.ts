/** From a folded window to the numbers of the report. */
import { findMetric, quantileOf } from '../../../contract/metrics.ts';
import type { Interval, MetricTable, SampleSummary, WindowValue } from '../../../contract/report.ts';
import { clusteredPercentileInterval, type Clusters } from '../statistics/clustered-interval.ts';
import { ExactSample } from '../statistics/exact-sample.ts';
import { meanInterval } from '../statistics/mean-interval.ts';
import { percentileInterval } from '../statistics/percentile-interval.ts';
import { percentile, type RankedSample } from '../statistics/ranked-sample.ts';
import { wilsonIntervalWithUnknown } from '../statistics/ratio-interval.ts';
import { shapeOf } from '../statistics/shape.ts';
import { SAMPLE_METRICS, type SampleMetric, type WindowFold } from './window-fold.ts';

/** The values of one metric in one window, and how sure its statistics are. */
export interface MeasuredSample {
  readonly metric: SampleMetric;
  readonly sample: RankedSample;
  /** Requests cut while running: they are missing from the sample, and would have been among its slowest. */
  readonly censored: number;
  /** Present for pooled gaps. */
  readonly clusters?: Clusters;
}

const PERCENTILES = { p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 } as const;

export function measuredSamples(fold: WindowFold): ReadonlyMap<SampleMetric, MeasuredSample> {
  const measured = new Map<SampleMetric, MeasuredSample>();
  for (const metric of SAMPLE_METRICS) {
    const sample = fold.samples.get(metric)?.build();
    if (sample === undefined || sample.count === 0) continue;
    const clusters = metric === 'itl' ? { clusters: fold.gapsByRequest.build() } : {};
    measured.set(metric, { metric, sample, censored: censoredOf(metric, fold), ...clusters });
  }
  return measured;
}

/** Of the requests cut while running, those that are missing from the metric's values. */
export function censoredOf(
  metric: SampleMetric,
  fold: { readonly censoredBeforeOutput: number; readonly counts: { readonly censored: number } },
): number {
  switch (metric) {
    case 'ttft':
    case 'ttft.intended':
    case 'ttfa':
    case 'ttfb':
      return fold.censoredBeforeOutput;
    case 'e2e':
    case 'e2e.intended':
    case 'tpot':
      return fold.counts.censored;
    default:
      return 0;
  }
}

export function intervalOf({ sample, censored, clusters }: MeasuredSample, quantile: number): Interval {
  return clusters === undefined
    ? percentileInterval(sample, quantile, censored)
    : clusteredPercentileInterval(sample, quantile, clusters);
}

/** A statistic by its name in the language, with its 95 % interval where there is one (`ci` absent: none is known for it). */
export function statisticOf(
  measured: MeasuredSample,
  statistic: string,
): { readonly value: number; readonly ci?: Interval } | undefined {
  const { sample } = measured;
  const quantile = quantileOf(statistic);
  if (quantile !== undefined) return { value: percentile(sample, quantile), ci: intervalOf(measured, quantile) };
  if (statistic === 'mean') return { value: sample.mean, ci: meanInterval(sample.mean, sample.stddev, sample.count) };
  const value = plainStatistic(sample, statistic);
  return value === undefined ? undefined : { value };
}

/** The value of a statistic alone. */
export function plainStatistic(sample: RankedSample, statistic: string): number | undefined {
  const quantile = quantileOf(statistic);
  if (quantile !== undefined) return percentile(sample, quantile);
  const { count, mean, min, max, stddev } = sample;
  const shape = sample instanceof ExactSample ? shapeOf(sample) : {};
  return ({ count, mean, min, max, stddev, ...shape } as Readonly<Record<string, number | undefined>>)[statistic];
}

export function summarizeSample(measured: MeasuredSample): SampleSummary {
  const { sample, metric } = measured;
  const entries = Object.entries(PERCENTILES);
  return {
    unit: findMetric(metric)?.unit ?? '',
    count: sample.count,
    mean: sample.mean,
    min: sample.min,
    max: sample.max,
    ...(sample.stddev === undefined ? {} : { stddev: sample.stddev }),
    ...(Object.fromEntries(entries.map(([key, quantile]) => [key, percentile(sample, quantile)])) as Record<
      keyof typeof PERCENTILES,
      number
    >),
    ...(sample instanceof ExactSample ? shapeOf(sample) : {}),
    ci: {
      ...Object.fromEntries(entries.map(([key, quantile]) => [key, intervalOf(measured, quantile)])),
      mean: meanInterval(sample.mean, sample.stddev, sample.count),
    },
    method: sample.method,
  };
}

/** Requests that ended by themselves: what rates of failure are shares of. */
export function endedCount({ counts }: WindowFold): number {
  return counts.succeeded + counts.failed + counts.timedOut;
}

/** Requests that goodput is a share of: all that were due, but those the scenario itself hung up on. */
export function answerableCount({ counts }: WindowFold): number {
  return counts.due - counts.abandoned;
}

/** Goodput of one of the plan's limits. Dropped and cut requests were not served well: they count in the denominator. */
export function goodputOf(fold: WindowFold, index: number, windowMs: number): WindowValue | undefined {
  const [good, count] = [fold.good[index], answerableCount(fold)];
  if (good === undefined || count === 0) return undefined;
  const ci = wilsonIntervalWithUnknown(good, count - fold.counts.censored, fold.counts.censored);
  return { unit: 'ratio', value: good / count, ci, ...(windowMs > 0 ? { perSecond: (good * 1000) / windowMs } : {}) };
}

/** Values of the window, by metric key. Absent where there is nothing to measure, never 0 instead. */
export function summarizeWindow(fold: WindowFold, windowMs: number, concurrencyMean: number): MetricTable {
  const { counts, tokens } = fold;
  const table: Record<string, WindowValue> = {};
  const throughput = (key: string, unit: string, amount: number): void => {
    if (windowMs > 0 && counts.sent > 0) table[key] = { unit, value: (amount * 1000) / windowMs };
  };
  const share = (key: string, hits: number): void => {
    const ended = endedCount(fold);
    if (ended > 0)
      table[key] = { unit: 'ratio', value: hits / ended, ci: wilsonIntervalWithUnknown(hits, ended, counts.censored) };
  };
  throughput('requestThroughput', 'req/s', counts.succeeded);
  const [hasInput, hasOutput] = [tokens.inputKnown > 0, tokens.outputKnown > 0];
  if (hasOutput) throughput('outputThroughput', 'tokens/s', tokens.output);
  if (hasInput) throughput('inputThroughput', 'tokens/s', tokens.input);
  if (hasInput && hasOutput) throughput('totalThroughput', 'tokens/s', tokens.input + tokens.output);
  const goodput = goodputOf(fold, 0, windowMs);
  if (goodput !== undefined) table['goodput'] = goodput;
  share('errorRate', counts.failed + counts.timedOut);
  share('timeoutRate', counts.timedOut);
  share('abnormalRate', fold.abnormal);
  const { seconds, available } = fold.availability;
  if (seconds > 0) table['availability'] = { unit: 'ratio', value: available / seconds };
  table['concurrency'] = { unit: 'requests', value: concurrencyMean };
  return table;
}

export function summarizeMetrics(
  fold: WindowFold,
  samples: ReadonlyMap<SampleMetric, MeasuredSample>,
  windowMs: number,
  concurrencyMean: number,
): MetricTable {
  const table: Record<string, SampleSummary | WindowValue> = {};
  for (const [metric, measured] of samples) table[findMetric(metric)?.key ?? metric] = summarizeSample(measured);
  return { ...table, ...summarizeWindow(fold, windowMs, concurrencyMean) };
}
