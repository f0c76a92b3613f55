/** Judges the plan's SLAs on what was measured: met, breached, undecided or unmeasured, and why. */
import { findMetric, quantileOf, valuesNeeded } from '../../contract/metrics.ts';
import type { RunPlan, SlaCheck, SlaPlan } from '../../contract/plan.ts';
import { isSample, type Interval, type ReportData, type SlaResult } from '../../contract/report.ts';
import { decide } from './decide.ts';
import { unitOf, type MonitorSeries } from './fold/monitor-fold.ts';
import { answerableCount, goodputOf, plainStatistic, statisticOf, type MeasuredSample } from './fold/summarize.ts';
import type { SampleMetric, WindowFold } from './fold/window-fold.ts';
import { worsening } from './regression.ts';
import { seriesOf } from './live-fold.ts';
import { slaNote } from './sla-note.ts';

export interface Measured {
  readonly fold: WindowFold;
  readonly samples: ReadonlyMap<SampleMetric, MeasuredSample>;
  readonly metrics: ReportData['metrics'];
  readonly windowMs: number;
  readonly monitors: readonly MonitorSeries[];
  /** The stored report of a regression's baseline; `undefined` where it cannot be read. */
  readonly baseline: (path: string) => ReportData | undefined;
}

/** What stands against the limit, or why nothing does. */
type Finding =
  | { readonly actual: number; readonly ci?: Interval | undefined; readonly caveat?: string; readonly needed?: Needed }
  | { readonly missing: string };
interface Needed {
  readonly have: number;
  readonly want: number;
  readonly what: string;
}

export function judgeSlas(plan: RunPlan, measured: Measured): readonly SlaResult[] {
  let goodputs = 0;
  return plan.slas.map((sla) =>
    judge(sla, look(sla.check, plan, measured, sla.check.kind === 'goodput' ? goodputs++ : 0)),
  );
}

function judge({ set, text, location, check }: SlaPlan, found: Finding): SlaResult {
  const unit = unitOfCheck(check);
  const { file, line, column, endLine, endColumn } = location;
  const { comparison, limit } = check;
  const head = { set, text, file, line, column, endLine, endColumn, unit, limit, comparison };
  if ('missing' in found) return { ...head, verdict: 'unmeasured', note: found.missing };
  const { actual, ci, caveat, needed } = found;
  const verdict = decide(actual, ci, comparison, limit);
  const note = slaNote({ verdict, actual, ci, unit, comparison, limit }, needed);
  return {
    ...head,
    actual,
    ...(ci === undefined ? {} : { ci }),
    verdict,
    note: caveat === undefined ? note : `${note} ${caveat}`,
  };
}

function look(check: SlaCheck, plan: RunPlan, measured: Measured, goodputIndex: number): Finding {
  switch (check.kind) {
    case 'statistic':
      return lookAtStatistic(check.metric, check.statistic, measured);
    case 'window':
      return lookAtWindow(check.metric, check.perGpu === true ? (plan.backend.gpus ?? Number.NaN) : 1, measured);
    case 'goodput':
      return lookAtGoodput(check.where, goodputIndex, measured);
    case 'monitor':
      return lookAtMonitor(check, measured.monitors);
    case 'regression': {
      const baseline = measured.baseline(check.baseline);
      if (baseline === undefined) return { missing: `There is no report to compare with in ${check.baseline}.` };
      return worsening(check.metric, check.statistic, measured.metrics, baseline.metrics);
    }
  }
}

function lookAtStatistic(metric: string, statistic: string, { samples, fold }: Measured): Finding {
  const sample = samples.get(metric as SampleMetric);
  const title = findMetric(metric)?.title ?? metric;
  if (sample === undefined) return { missing: noValues(title, fold) };
  const found = statisticOf(sample, statistic);
  if (found === undefined)
    return {
      missing: `${title} has no ${statistic} here: there are too few values, or too many to keep them all.`,
    };
  const quantile = quantileOf(statistic);
  return {
    actual: found.value,
    ci: found.ci,
    ...(quantile === undefined ? {} : { needed: neededFor(quantile, sample) }),
    ...(sample.clusters === undefined || found.ci === undefined || quantile === undefined
      ? {}
      : { caveat: 'The interval allows for gaps of one answer being alike.' }),
  };
}

function neededFor(quantile: number, { sample, metric }: MeasuredSample): Needed {
  return { have: sample.count, want: valuesNeeded(quantile), what: metric === 'itl' ? 'gaps' : 'successful requests' };
}

function noValues(title: string, { counts }: WindowFold): string {
  if (counts.due === 0) return 'No request was due in the measured window.';
  if (counts.succeeded === 0) return 'No request succeeded.';
  return `None of the ${counts.succeeded} successful requests has a value for "${title}".`;
}

function lookAtWindow(metric: string, gpus: number, { metrics, fold }: Measured): Finding {
  const known = findMetric(metric);
  const value = metrics[known?.key ?? metric];
  if (value === undefined || isSample(value)) return { missing: noValues(known?.title ?? metric, fold) };
  if (!(gpus > 0)) return { missing: 'The backend does not say how many GPUs it has (`gpus`).' };
  const perGpu = (bound: number | undefined): number | undefined => (bound === undefined ? undefined : bound / gpus);
  const ci = value.ci && defined({ lower: perGpu(value.ci.lower), upper: perGpu(value.ci.upper) });
  return {
    actual: value.value / gpus,
    ci,
    ...(ci === undefined ? { caveat: 'One window gives no interval for it; repeated runs do.' } : {}),
  };
}

function lookAtGoodput(where: readonly { metric: string }[], index: number, measured: Measured): Finding {
  const { fold, samples, windowMs } = measured;
  const unknown = where.find(({ metric }) => !samples.has(metric as SampleMetric));
  const isMeasurable = unknown === undefined || fold.counts.succeeded === 0;
  const goodput = goodputOf(fold, index, windowMs);
  if (goodput === undefined) return { missing: noValues('Goodput', fold) };
  if (!isMeasurable) return { missing: noValues(findMetric(unknown.metric)?.title ?? unknown.metric, fold) };
  return {
    actual: goodput.value,
    ci: goodput.ci,
    caveat: `${fold.good[index] ?? 0} of ${answerableCount(fold)} requests were within every limit.`,
  };
}

function lookAtMonitor(check: Extract<SlaCheck, { kind: 'monitor' }>, monitors: readonly MonitorSeries[]): Finding {
  const { monitor, statistic, comparison } = check;
  const series = seriesOf(check.metric, monitor);
  const found = monitors.filter((each) => each.monitor === monitor && each.series === series && each.sample.count > 0);
  if (found.length === 0)
    return { missing: `The monitor "${monitor}" gave no value of "${series}" in the measured window.` };
  const values = found.flatMap(({ sample, device }) => {
    const value = plainStatistic(sample, statistic);
    return value === undefined ? [] : [{ value, device }];
  });
  const isUpperLimit = comparison === '<' || comparison === '<=';
  const worst = values.toSorted((left, right) =>
    isUpperLimit ? right.value - left.value : left.value - right.value,
  )[0];
  if (worst === undefined) return { missing: `"${statistic}" is not known of a monitor's series.` };
  return {
    actual: worst.value,
    ...(found.length > 1 ? { caveat: `The worst of ${found.length} devices: ${worst.device}.` } : {}),
  };
}

/** Statistics that are a number of values, or a shape, in whatever unit the values are. */
const UNITLESS: ReadonlySet<string> = new Set(['count', 'outliers', 'skewness', 'kurtosis']);

function unitOfCheck(check: SlaCheck): string {
  if (check.kind === 'regression') return 'ratio';
  if (check.kind === 'monitor') return unitOf(check.dimension);
  if (check.kind === 'statistic' && UNITLESS.has(check.statistic)) return '';
  return findMetric(check.metric)?.unit ?? unitOf(check.dimension);
}

function defined({ lower, upper }: { lower: number | undefined; upper: number | undefined }): Interval {
  return { ...(lower === undefined ? {} : { lower }), ...(upper === undefined ? {} : { upper }) };
}
