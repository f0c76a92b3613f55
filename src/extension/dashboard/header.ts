/** What the dashboard shows of a plan before the first figure. */
import { describePlan } from '../../contract/describe-plan.ts';
import { findMetric } from '../../contract/metrics.ts';
import type { RunPlan, SlaPlan, WarmupPlan } from '../../contract/plan.ts';
import type { DashboardHeader } from '../../contract/protocol/webview.ts';
import { BASE_UNIT_LABEL } from '../../contract/units.ts';

export function dashboardHeader(plan: RunPlan): DashboardHeader {
  const { stages } = describePlan(plan);
  const { backend, dataset, load } = plan;
  return {
    benchmark: plan.benchmark,
    file: plan.source.file,
    backend: `${backend.name} (${[backend.model, backend.protocol].filter(Boolean).join(', ')})`,
    dataset: `${dataset.name} (${dataset.source})`,
    ...(load.warmup === undefined ? {} : { warmup: extentOfWarmup(load.warmup) }),
    stages: stages.map(({ name, durationMs, requests }) => ({
      name,
      ...(durationMs === undefined ? {} : { durationMs }),
      ...(requests === undefined ? {} : { requests }),
    })),
    slas: plan.slas.map(headerSla),
    monitors: plan.monitors.map((monitor) => monitor.name),
  };
}

function extentOfWarmup({ until }: WarmupPlan): NonNullable<DashboardHeader['warmup']> {
  if (until.kind === 'time') return { durationMs: until.durationMs };
  return until.kind === 'requests' ? { requests: until.requests } : {};
}

function headerSla({ text, location, check }: SlaPlan): DashboardHeader['slas'][number] {
  const isRelative = check.kind === 'regression';
  return {
    text,
    line: location.line,
    // The limit of a regression is a share of the baseline, not a value on the metric's own axis.
    metric: isRelative ? `${check.metric} regression` : check.metric,
    limit: check.limit,
    unit: isRelative ? 'ratio' : unitOf(check),
    comparison: check.comparison,
    ...('statistic' in check && check.statistic !== undefined ? { statistic: check.statistic } : {}),
  };
}

function unitOf({ metric, dimension }: SlaPlan['check']): string {
  return findMetric(metric)?.unit ?? (dimension === 'ratio' ? 'ratio' : BASE_UNIT_LABEL[dimension]);
}
