/** What may stand in the way of a run, in the live table: errors, the machines watched, the generator itself. */
import { findMonitor } from '../../contract/catalog/monitors.ts';
import type { RunPlan } from '../../contract/plan.ts';
import type { Snapshot } from '../../contract/snapshot.ts';
import type { Dimension } from '../../contract/units.ts';
import { labelled, type Row, type Screen } from './live-rows.ts';
import { quantity, reasonList, validityPaint } from './words.ts';

export function healthRows(plan: RunPlan, snapshot: Snapshot, screen: Screen): Row[] {
  const { style } = screen;
  const reasons = reasonList(snapshot.total.byReason);
  const generator = snapshot.generator;
  return [
    {
      text: labelled('errors', screen, reasons.length === 0 ? ['none'] : reasons.map(style.bad)),
      spare: reasons.length === 0 ? 2 : 0,
    },
    ...monitorRows(plan, snapshot, screen),
    {
      text: labelled('generator', screen, [
        validityPaint(style, snapshot.validity)(snapshot.validity),
        `schedule lag ${quantity(generator.scheduleLagMs, 'duration')}`,
        `cpu ${quantity(generator.cpuRatio, 'ratio')}`,
        `loop lag ${quantity(generator.loopLagMs, 'duration')}`,
        `memory ${quantity(generator.memoryBytes, 'bytes')}`,
      ]),
      spare: snapshot.validity === 'valid' ? 1 : 0,
    },
  ];
}

/** One line per monitored device, without what is idle; shares above 90 % stand out. */
function monitorRows(plan: RunPlan, snapshot: Snapshot, screen: Screen): Row[] {
  const byDevice = new Map<string, string[]>();
  const readings = Object.entries(snapshot.monitors)
    .filter(([, value]) => value !== 0)
    .map(([path, value]) => ({ ...seriesAt(path, plan), value }));
  for (const { label, series, dimension, value } of readings.toSorted((left, right) => left.order - right.order)) {
    const text = `${series} ${quantity(value, dimension)}`;
    byDevice.set(label, [
      ...(byDevice.get(label) ?? []),
      dimension === 'ratio' && value > 0.9 ? screen.style.warning(text) : text,
    ]);
  }
  return [...byDevice].map(([label, values]) => ({ text: labelled(label, screen, values), spare: 1 }));
}

/** What `monitor.device.series` is: series stand in the order of their catalog entry, the telling ones first. */
function seriesAt(
  path: string,
  plan: RunPlan,
): { readonly label: string; readonly series: string; readonly dimension: Dimension; readonly order: number } {
  const [monitor = '', ...rest] = path.split('.');
  const series = rest.pop() ?? '';
  const known = findMonitor(plan.monitors.find((each) => each.name === monitor)?.source ?? '')?.series ?? [];
  const order = known.findIndex((each) => each.id === series);
  return {
    label: [monitor, ...rest].filter((part) => part !== '').join(' '),
    series,
    dimension: known[order]?.dimension ?? 'count',
    order: order < 0 ? known.length : order,
  };
}
