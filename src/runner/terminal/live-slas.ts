/** The limits of a run in the live table, with their state so far. */
import type { SlaPlan } from '../../contract/plan.ts';
import type { LiveSla } from '../../contract/snapshot.ts';
import { spread } from './layout.ts';
import type { Row, Screen } from './live-rows.ts';
import { counted, metricDimension, quantity, VERDICT_MARKS } from './words.ts';

/** Breached limits first, then undecided ones; what does not fit is counted. */
export function slaRows(slas: readonly SlaPlan[], live: readonly LiveSla[], room: number, screen: Screen): Row[] {
  const order = ['breached', 'undecided', 'unmeasured', 'met'];
  const states = slas.map((sla, index) => ({ sla, live: live.find((each) => each.index === index) }));
  const shown =
    states.length <= room
      ? states
      : states
          .toSorted(
            (left, right) =>
              order.indexOf(left.live?.verdict ?? 'unmeasured') - order.indexOf(right.live?.verdict ?? 'unmeasured'),
          )
          .slice(0, Math.max(1, room - 1));
  const rows = shown.map(({ sla, live: now }): Row => ({ text: slaLine(sla, now, screen), spare: 0 }));
  const hidden = states.length - shown.length;
  if (hidden > 0) rows.push({ text: screen.style.dim(`… and ${counted(hidden, 'more limit')}`), spare: 0 });
  return rows;
}

function slaLine(sla: SlaPlan, live: LiveSla | undefined, { columns, style }: Screen): string {
  const { mark, paint } = VERDICT_MARKS[live?.verdict ?? 'unmeasured'];
  const dimension =
    sla.check.kind === 'monitor' || sla.check.kind === 'regression'
      ? sla.check.dimension
      : metricDimension(sla.check.metric);
  const room = Math.min(columns, 72);
  return spread(`${style[paint](mark)} ${sla.text}`, style[paint](quantity(live?.actual, dimension)), room);
}
