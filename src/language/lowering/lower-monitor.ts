import type { Comparison, MonitorPlan, OptionValue } from '../../contract/plan.ts';
import { isAlert, isFrom, isMonitor, type Alert, type Monitor, type MonitorBlock } from '../ast.ts';
import { monitorItems } from '../schema/bodies.ts';
import { monitorSourceOf } from '../schema/property-entry.ts';
import { defined, locationOf, type Lowering } from './lowering.ts';

export function lowerMonitor(owner: Monitor | MonitorBlock, name: string, lowering: Lowering): MonitorPlan | undefined {
  const entry = monitorSourceOf(owner);
  if (entry === undefined) return undefined;
  if (entry.unavailable === true) lowering.uses.add(`monitor.${entry.id}`);
  const items = monitorItems(owner);
  const settings = lowering.settings(owner, items);
  const via = lowering.evaluate(settings.get('via')?.value);
  if (via !== undefined) lowering.uses.add('monitor.via');
  const alerts = items.filter(isAlert).flatMap((alert) => lowerAlert(alert, owner, lowering) ?? []);
  if (alerts.length > 0) lowering.uses.add('monitor.alert');
  const argument = items.findLast(isFrom)?.argument;
  const read = entry.argument === undefined ? undefined : lowering.coerce(argument, entry.argument.type);
  const options: Record<string, OptionValue> = {
    ...(entry.argument === undefined || read === undefined ? {} : { [entry.argument.planKey]: read }),
    ...lowering.options(entry.options, settings),
  };
  return defined<MonitorPlan>({
    name,
    location: locationOf(owner, isMonitor(owner) ? 'name' : undefined),
    source: entry.id,
    everyMs: lowering.quantity(settings.get('every')?.value, 'duration') ?? entry.defaultEveryMs,
    via: via?.kind === 'labelled' ? { kind: via.label, target: via.text } : undefined,
    alerts,
    options,
  });
}

function lowerAlert(
  alert: Alert,
  owner: Monitor | MonitorBlock,
  lowering: Lowering,
): MonitorPlan['alerts'][number] | undefined {
  const series = monitorSourceOf(owner)?.series.find((each) => each.id === alert.series);
  const value = lowering.evaluate(alert.limit);
  const dimension = series?.dimension ?? (value?.kind === 'quantity' ? value.dimension : 'count');
  const limit = lowering.quantity(alert.limit, dimension);
  if (alert.series === undefined || alert.comparison === undefined || limit === undefined) return undefined;
  return {
    series: alert.series,
    comparison: alert.comparison as Comparison,
    limit,
    forMs: lowering.quantity(alert.duration, 'duration') ?? 0,
    text: (alert.$cstNode?.text ?? '').replaceAll(/\s+/g, ' '),
  };
}
