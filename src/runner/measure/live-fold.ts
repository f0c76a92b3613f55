/** On the main thread: folds the workers' batches into what a live view shows. Constant memory, whatever the run's length. */
import type { MonitorSample } from '../../contract/record.ts';
import type { RunPlan, SlaCheck } from '../../contract/plan.ts';
import type { LiveQuantiles, LiveSla, Snapshot } from '../../contract/snapshot.ts';
import { LIVE_METRICS, type BatchCounters, type LiveMetric, type WorkerBatch } from './batch.ts';
import { zeroCounters } from './batch-builder.ts';
import { decide } from './decide.ts';
import { ClusterBuilder } from './fold/cluster-builder.ts';
import { censoredOf, statisticOf } from './fold/summarize.ts';
import { MOST_CLUSTERED_GAPS } from './fold/window-fold.ts';
import { Histogram } from './histogram.ts';
import { failureClass } from './request-value.ts';
import { Moments } from './statistics/moments.ts';
import { percentile } from './statistics/ranked-sample.ts';
import { wilsonIntervalWithUnknown } from './statistics/ratio-interval.ts';

export type SnapshotPart = Pick<Snapshot, 'interval' | 'total' | 'sla'>;

export interface LiveFold {
  /** Takes what a worker handed over. The batch's buffers are not kept. */
  merge(batch: WorkerBatch): void;
  /** Takes a monitor's sample of the measured window, for SLAs on monitors. */
  monitor(sample: MonitorSample): void;
  /**
   * Closes the interval and returns its part of the next Snapshot. `interval` counts everything since the last call, warm-up too;
   * `total` and `sla` are of the measured requests only.
   *
   * @param measuredMs Time of the measured window so far (0 during the warm-up): what live throughputs are divided by.
   */
  snapshotPart(measuredMs: number): SnapshotPart;
  /** Warm-up requests so far. */
  readonly warmup: Readonly<BatchCounters>;
}

type Reading = { readonly actual: number; readonly verdict: LiveSla['verdict'] } | undefined;

export function createLiveFold(plan: Pick<RunPlan, 'slas' | 'backend'>): LiveFold {
  const totals = Object.fromEntries(LIVE_METRICS.map((metric) => [metric, new Histogram()])) as Record<
    LiveMetric,
    Histogram
  >;
  const recent = { ttft: new Histogram(), itl: new Histogram(), e2e: new Histogram() };
  /** By monitor and series, and then by device. */
  const monitors = new Map<string, Map<string, Moments>>();
  const gapsByRequest = new ClusterBuilder(MOST_CLUSTERED_GAPS);
  let censoredBeforeOutput = 0;
  const total = zeroCounters();
  const warmup = zeroCounters();
  const byReason: Record<string, number> = {};
  const goodputIndexes = plan.slas.flatMap(({ check }, index) => (check.kind === 'goodput' ? [index] : []));
  const good = new Map(goodputIndexes.map((index) => [index, 0]));
  let interval = zeroCounters();

  const read = (check: SlaCheck, index: number, measuredMs: number): Reading => {
    const judged = (actual: number, ci?: { lower?: number; upper?: number }): Reading => ({
      actual,
      verdict: decide(actual, ci, check.comparison, check.limit),
    });
    switch (check.kind) {
      case 'statistic': {
        const histogram = totals[check.metric as LiveMetric] as Histogram | undefined;
        if (histogram === undefined || histogram.count === 0) return undefined;
        const metric = check.metric as LiveMetric;
        const found = statisticOf(
          {
            metric,
            sample: histogram,
            censored: censoredOf(metric, { censoredBeforeOutput, counts: total }),
            ...(metric === 'itl' ? { clusters: gapsByRequest.build() } : {}),
          },
          check.statistic,
        );
        return found === undefined ? undefined : judged(found.value, found.ci);
      }
      case 'goodput': {
        const measured = total.ok + total.failed + total.dropped + total.censored;
        const within = good.get(index) ?? 0;
        if (measured === 0) return undefined;
        const ci = wilsonIntervalWithUnknown(within, measured - total.censored, total.censored);
        return judged(within / measured, ci);
      }
      case 'window': {
        const value = windowValue(check.metric, total, byReason, measuredMs);
        if (value === undefined) return undefined;
        const actual = check.perGpu === true ? value.actual / (plan.backend.gpus ?? 1) : value.actual;
        return judged(actual, value.ci);
      }
      case 'monitor': {
        const devices = monitors.get(`${check.monitor}.${seriesOf(check.metric, check.monitor)}`)?.values() ?? [];
        const values = Array.from(devices, (moments) => momentOf(moments, check.statistic)).filter(
          (value) => value !== undefined,
        );
        if (values.length === 0) return undefined;
        const isUpperLimit = check.comparison === '<' || check.comparison === '<=';
        // The worst device decides.
        return judged(isUpperLimit ? Math.max(...values) : Math.min(...values));
      }
      case 'regression':
        return undefined;
    }
  };

  return {
    merge(batch) {
      for (const key of Object.keys(total) as (keyof BatchCounters)[]) {
        total[key] += batch.counters[key];
        warmup[key] += batch.warmup[key];
        interval[key] += batch.counters[key] + batch.warmup[key];
      }
      for (const [key, count] of Object.entries(batch.byReason)) byReason[key] = (byReason[key] ?? 0) + count;
      censoredBeforeOutput += batch.censoredBeforeOutput;
      let from = 0;
      for (const gaps of batch.gapsPerRequest) {
        gapsByRequest.add(batch.values.itl.subarray(from, from + gaps));
        from += gaps;
      }
      batch.goodBySla.forEach((count, order) => {
        const index = goodputIndexes[order];
        if (index !== undefined) good.set(index, (good.get(index) ?? 0) + count);
      });
      for (const metric of LIVE_METRICS) {
        const values = batch.values[metric];
        const shown = metric === 'ttft' || metric === 'itl' || metric === 'e2e' ? recent[metric] : undefined;
        for (const value of values) {
          totals[metric].record(value);
          shown?.record(value);
        }
      }
    },
    monitor(sample) {
      for (const [series, value] of Object.entries(sample.values)) {
        const key = `${sample.monitor}.${series}`;
        let devices = monitors.get(key);
        if (devices === undefined) monitors.set(key, (devices = new Map()));
        let moments = devices.get(sample.device);
        if (moments === undefined) devices.set(sample.device, (moments = new Moments()));
        moments.add(value);
      }
    },
    snapshotPart(measuredMs) {
      const { due, sent, ok, failed, dropped, outputTokens, inputTokens } = interval;
      const part: SnapshotPart = {
        interval: {
          due,
          sent,
          ok,
          failed,
          dropped,
          outputTokens,
          inputTokens,
          ...quantiles({ ttftMs: recent.ttft, itlMs: recent.itl, e2eMs: recent.e2e }),
        },
        total: {
          ...total,
          byReason: { ...byReason },
          ...quantiles({ ttftMs: totals.ttft, itlMs: totals.itl, tpotMs: totals.tpot, e2eMs: totals.e2e }),
        },
        sla: plan.slas.map(({ check }, index) => ({
          index,
          ...(read(check, index, measuredMs) ?? { verdict: 'unmeasured' as const }),
        })),
      };
      interval = zeroCounters();
      for (const histogram of Object.values(recent)) histogram.reset();
      return part;
    },
    warmup,
  };
}

/** `gpu.memory` and `memory` both name the series `memory` of the monitor `gpu`. */
export function seriesOf(metric: string, monitor: string): string {
  return metric.startsWith(`${monitor}.`) ? metric.slice(monitor.length + 1) : metric;
}

function quantiles<Key extends string>(named: Record<Key, Histogram>): { [Name in Key]?: LiveQuantiles } {
  return Object.fromEntries(
    Object.entries<Histogram>(named)
      .filter(([, histogram]) => histogram.count > 0)
      .map(([key, histogram]) => [
        key,
        {
          count: histogram.count,
          p50: percentile(histogram, 0.5),
          p95: percentile(histogram, 0.95),
          p99: percentile(histogram, 0.99),
        },
      ]),
  ) as { [Name in Key]?: LiveQuantiles };
}

function momentOf(
  values: Pick<Histogram, 'count' | 'mean' | 'min' | 'max' | 'stddev'>,
  statistic: string,
): number | undefined {
  if (values.count === 0) return undefined;
  switch (statistic) {
    case 'count':
    case 'mean':
    case 'min':
    case 'max':
    case 'stddev':
      return values[statistic];
    default:
      return undefined;
  }
}

function windowValue(
  metric: string,
  total: BatchCounters,
  byReason: Readonly<Record<string, number>>,
  measuredMs: number,
): { actual: number; ci?: { lower?: number; upper?: number } } | undefined {
  const ended = total.ok + total.failed;
  const share = (hits: number) =>
    ended === 0 ? undefined : { actual: hits / ended, ci: wilsonIntervalWithUnknown(hits, ended, total.censored) };
  const ofClass = (wanted: string): number =>
    Object.entries(byReason).reduce((sum, [key, count]) => (failureClass(key) === wanted ? sum + count : sum), 0);
  const perSecond = (amount: number) => (measuredMs > 0 ? { actual: (amount * 1000) / measuredMs } : undefined);
  switch (metric) {
    case 'error-rate':
      return share(total.failed);
    case 'timeout-rate':
      return share(ofClass('timeout'));
    case 'abnormal-rate':
      return share(ofClass('abnormal'));
    case 'request-throughput':
      return perSecond(total.ok);
    case 'output-throughput':
      return perSecond(total.outputTokens);
    case 'input-throughput':
      return perSecond(total.inputTokens);
    case 'total-throughput':
      return perSecond(total.inputTokens + total.outputTokens);
    default:
      return undefined;
  }
}
