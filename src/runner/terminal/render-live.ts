/** The live table: state of the run in, lines out. Fits the terminal it is given: what matters least goes first. */
import type { RunPlan } from '../../contract/plan.ts';
import type { LiveQuantiles, Snapshot } from '../../contract/snapshot.ts';
import { progressBar, sparkline } from './bars.ts';
import { fit, padEnd, padStart, spread, widthOf } from './layout.ts';
import { healthRows } from './live-health.ts';
import { BLANK, fitRows, LABEL_COLUMNS, labelled, type Row, type Screen } from './live-rows.ts';
import { slaRows } from './live-slas.ts';
import { recentRates, type LiveState } from './live-state.ts';
import type { Style } from './style.ts';
import { clock, counted, quantity } from './words.ts';

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
          ...(snapshot.rateFactor === undefined
            ? []
            : [style.warning(`${quantity(snapshot.rateFactor, 'ratio')} of the plan`)]),
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
  const trendColumns = Math.min(40, columns - LABEL_COLUMNS - quantiles.length * 10 - 4);
  const cells = (of: (quantile: (typeof quantiles)[number]) => string): string =>
    quantiles.map((each) => padStart(of(each), 10)).join('');
  const trendTitle = trendColumns >= 16 ? `    p95 of the last ${trendColumns} s` : '';
  return [
    { text: style.dim(padEnd('latency', LABEL_COLUMNS) + cells((each) => each) + trendTitle), spare: 1 },
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
        text: `${padEnd(title, LABEL_COLUMNS)}${cells((each) => quantity(values?.[each], 'duration'))}${style.dim(trend)}`,
        spare: key === 'e2eMs' ? 1 : 0,
      };
    }),
  ];
}

function hint({ note, stopping, rate, snapshot }: LiveState, style: Style): string {
  if (note !== undefined) return style.bold(note);
  if (rate !== undefined && stopping === undefined && snapshot?.stage.kind !== 'drain')
    return style.dim(
      `Ctrl-C: stop and report; twice: cut.  + -: rate ${quantity(rate.factor, 'ratio')}, 0: the plan’s.`,
    );
  return style.dim(
    stopping === undefined
      ? 'Ctrl-C: stop, let running requests finish, report. Twice: cut them and report.'
      : 'Ctrl-C: cut the requests still running and report.',
  );
}
