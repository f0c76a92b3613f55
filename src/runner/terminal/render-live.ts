/** The live table: state of the run in, lines out. Fits the terminal it is given: what matters least goes first. */
import type { RunPlan, SlaPlan } from '../../contract/plan.ts';
import type { LiveSla, LiveQuantiles, Snapshot } from '../../contract/snapshot.ts';
import { findMonitor } from '../../contract/catalog/monitors.ts';
import type { Dimension } from '../../contract/units.ts';
import { progressBar, sparkline } from './bars.ts';
import { fit, padEnd, padStart, spread, widthOf } from './layout.ts';
import { recentRates, type LiveState } from './live-state.ts';
import { clock, counted, metricDimension, quantity, reasonList, validityPaint, VERDICT_MARKS } from './words.ts';
import type { Style } from './style.ts';

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
}

/** A line and how soon it may be left out where the terminal is low: 0 never, 3 first. */
interface Row {
  readonly text: string;
  readonly spare: 0 | 1 | 2 | 3;
}

const LABEL = 11;
const BLANK: Row = { text: '', spare: 3 };

export function renderLive(state: LiveState, screen: Screen): readonly string[] {
  const { plan, snapshot } = state;
  if (plan === undefined) return [];
  if (snapshot === undefined) return [heading(plan, undefined, screen), screen.style.dim('getting ready …')];
  const rows: Row[] = [
    { text: heading(plan, snapshot, screen), spare: 0 },
    { text: progress(snapshot, screen), spare: 0 },
    BLANK,
    ...loadRows(state, snapshot, screen),
    BLANK,
    ...latencyRows(state, snapshot, screen),
    BLANK,
    ...healthRows(plan, snapshot, screen),
    BLANK,
  ];
  const end: Row[] = [
    BLANK,
    ...state.notices.slice(-1).map((text): Row => ({ text: screen.style.warning(`! ${text}`), spare: 2 })),
    ...(state.stopping === undefined ? [] : [{ text: screen.style.warning(state.stopping), spare: 0 } as const]),
    { text: hint(state, screen.style), spare: state.note === undefined ? 2 : 0 },
  ];
  const taken = [...rows, ...end].filter((row) => row.spare === 0).length;
  const room = Math.max(1, Math.min(plan.slas.length, screen.rows - 1 - taken));
  rows.push(...slaRows(plan.slas, snapshot.sla, room, screen), ...end);
  return fitRows(rows, screen.rows - 1).map((row) => fit(row.text, screen.columns).trimEnd());
}

function heading(plan: RunPlan, snapshot: Snapshot | undefined, { columns, style }: Screen): string {
  const about = `on ${plan.backend.name} (${plan.backend.protocol}) with ${plan.dataset.name}`;
  const left = `${style.bold(style.accent(plan.benchmark))}  ${style.dim(about)}`;
  if (snapshot === undefined) return fit(left, columns);
  const { name, index, count, kind } = snapshot.stage;
  const stage =
    kind === 'warmup' ? 'warm-up' : kind === 'drain' ? 'draining' : `stage ${index + 1} of ${count}: ${name}`;
  return spread(left, style.bold(stage), columns);
}

function progress(snapshot: Snapshot, { columns, style }: Screen): string {
  const { elapsedMs, durationMs, requestsDone, requestsTotal } = snapshot.stage;
  const share = `${String(Math.floor(snapshot.progressRatio * 100)).padStart(3)} %`;
  const stage =
    durationMs !== undefined
      ? `${clock(elapsedMs)} of ${clock(durationMs)}`
      : requestsTotal !== undefined
        ? `${requestsDone} of ${counted(requestsTotal, 'request')}`
        : clock(elapsedMs);
  const tail = `${share}  ${stage}`;
  const bar = progressBar(snapshot.progressRatio, Math.max(4, columns - widthOf(tail) - 2));
  return `${style.accent(bar.filled)}${style.dim(bar.rest)}  ${tail}`;
}

function loadRows(state: LiveState, snapshot: Snapshot, screen: Screen): Row[] {
  const { style } = screen;
  const rates = recentRates(state);
  const { total } = snapshot;
  const asked =
    snapshot.stage.kind === 'drain'
      ? ['no new requests']
      : [
          snapshot.users === undefined
            ? `asked ${quantity(snapshot.askedPerSecond, 'rate')}`
            : counted(snapshot.users, 'user'),
          `sent ${quantity(rates.sentPerSecond, 'rate')}`,
        ];
  const count = (value: number, noun: string, paint = style.bad): string =>
    value === 0 ? `0 ${noun}` : paint(`${quantity(value, 'count')} ${noun}`);
  return [
    {
      text: labelled('load', screen, [
        ...asked,
        `${quantity(snapshot.inFlight, 'count')} in flight`,
        ...(snapshot.queued > 0 ? [style.warning(`${quantity(snapshot.queued, 'count')} waiting`)] : []),
      ]),
      spare: 0,
    },
    {
      text: labelled('requests', screen, [
        `${quantity(total.ok, 'count')} ok`,
        count(total.failed, 'failed'),
        count(total.dropped, 'dropped', style.warning),
        ...(total.abandoned > 0 ? [`${quantity(total.abandoned, 'count')} abandoned`] : []),
        ...(total.censored > 0 ? [style.warning(`${quantity(total.censored, 'count')} cut`)] : []),
      ]),
      spare: 0,
    },
    {
      text: labelled('tokens', screen, [
        `out ${quantity(rates.outputTokensPerSecond, 'throughput')}`,
        `in ${quantity(rates.inputTokensPerSecond, 'throughput')}`,
      ]),
      spare: 1,
    },
  ];
}

const LATENCIES = [
  { title: 'TTFT', key: 'ttftMs' },
  { title: 'ITL', key: 'itlMs' },
  { title: 'E2E', key: 'e2eMs' },
] as const;

function latencyRows(state: LiveState, snapshot: Snapshot, { columns, style }: Screen): Row[] {
  const quantiles = columns >= 44 ? (['p50', 'p95', 'p99'] as const) : (['p50', 'p99'] as const);
  const trendColumns = Math.min(40, columns - LABEL - quantiles.length * 10 - 4);
  const cells = (of: (quantile: (typeof quantiles)[number]) => string): string =>
    quantiles.map((each) => padStart(of(each), 10)).join('');
  const trendTitle = trendColumns >= 16 ? `    p95 of the last ${trendColumns} s` : '';
  return [
    { text: style.dim(padEnd('latency', LABEL) + cells((each) => each) + trendTitle), spare: 1 },
    ...LATENCIES.map(({ title, key }): Row => {
      const values: LiveQuantiles | undefined = snapshot.total[key];
      const trend =
        trendColumns >= 16
          ? `    ${sparkline(
              state.history.recent.map((each) => each.interval[key]?.p95),
              trendColumns,
            )}`
          : '';
      return {
        text: `${padEnd(title, LABEL)}${cells((each) => quantity(values?.[each], 'duration'))}${style.dim(trend)}`,
        spare: key === 'e2eMs' ? 1 : 0,
      };
    }),
  ];
}

function healthRows(plan: RunPlan, snapshot: Snapshot, screen: Screen): Row[] {
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

/** Breached limits first, then undecided ones; what does not fit is counted. */
function slaRows(slas: readonly SlaPlan[], live: readonly LiveSla[], room: number, screen: Screen): Row[] {
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

function hint({ note, stopping }: LiveState, style: Style): string {
  if (note !== undefined) return style.bold(note);
  return style.dim(
    stopping === undefined
      ? 'Ctrl-C: stop, let running requests finish, report. Twice: cut them and report.'
      : 'Ctrl-C: cut the requests still running and report.',
  );
}

/** A label and as many parts as fit beside it. */
function labelled(label: string, { columns, style }: Screen, parts: readonly string[]): string {
  let line = style.dim(padEnd(label, LABEL - 1)) + ' ';
  for (const [index, part] of parts.entries()) {
    const next = index === 0 ? part : `   ${part}`;
    if (index > 0 && widthOf(line) + widthOf(next) > columns) break;
    line += next;
  }
  return line;
}

/** Leaves out the most spare rows, last ones first, until the rest fits. */
function fitRows(rows: readonly Row[], height: number): readonly Row[] {
  const kept = [...rows];
  for (const spare of [3, 2, 1, 0] as const) {
    for (let index = kept.length - 1; index >= 0 && kept.length > height; index--) {
      if (kept[index]?.spare === spare) kept.splice(index, 1);
    }
  }
  return kept;
}
