/** Which charts the dashboard has, and how each reads its lines from snapshots. */
import { MONITORS } from '../../src/contract/catalog/monitors.ts';
import { formatMeasured } from '../../src/contract/format-measured.ts';
import { FINEST_BIN_MS } from '../../src/contract/snapshot-history.ts';
import type { LiveQuantiles, Snapshot } from '../../src/contract/snapshot.ts';
import { formatNumber, formatQuantity } from '../../src/contract/units.ts';
import { isOver, type DashboardState } from '../store.ts';
import type { ViewChoices } from '../persist.ts';
import type { ChartLimit, ChartLine, ChartModel, ChartSpan } from './chart-model.ts';
import type { ColorName } from './theme.ts';

const SHORTEST_LIVE_SECONDS = 30;

const duration = (value: number): string => formatQuantity(value, 'duration', 3);
const perSecond = (unit: string) => (value: number) => `${formatNumber(value, 3)} ${unit}`;
const share = (value: number): string => formatQuantity(value, 'ratio', 3);
const count = (value: number): string => formatNumber(value, 3);

export function chartList(state: DashboardState, choices: ViewChoices): readonly ChartModel[] {
  const bins = closedBins(state, choices);
  const isDone = isOver(state);
  const common = {
    atSeconds: bins.map((bin) => bin.atMs / 1000),
    spans: spansOf(state, bins),
    shortestSeconds: isDone ? 1 : SHORTEST_LIVE_SECONDS,
    ...(choices.span === 'recent' && bins[0] !== undefined ? { startSeconds: bins[0].atMs / 1000 } : {}),
  };
  const rate = (counted: (bin: Snapshot) => number) => bins.map((bin) => (counted(bin) * 1000) / bin.intervalMs);
  const level = (measured: (bin: Snapshot) => number | undefined) => bins.map((bin) => measured(bin) ?? Number.NaN);
  const quantiles = (of: (bin: Snapshot) => LiveQuantiles | undefined): readonly ChartLine[] => [
    { label: 'p50', color: 'blue', values: level((bin) => of(bin)?.p50) },
    { label: 'p95', color: 'purple', values: level((bin) => of(bin)?.p95) },
    { label: 'p99', color: 'orange', values: level((bin) => of(bin)?.p99) },
  ];
  const asked: readonly ChartLine[] = bins.some((bin) => bin.askedPerSecond !== undefined)
    ? [{ label: 'asked', color: 'neutral', isReference: true, values: level((bin) => bin.askedPerSecond) }]
    : [];
  const point = 'Percentiles of the requests of each point, estimated; the report has the exact ones.';
  return [
    {
      ...common,
      id: 'rate',
      title: 'Request rate',
      doc: 'Requests sent per second, beside what the schedule asks for.',
      lines: [...asked, { label: 'sent', color: 'blue', values: rate((bin) => bin.interval.sent) }],
      limits: limitsOf(state, 'request-throughput'),
      format: perSecond('req/s'),
      formatTick: count,
    },
    {
      ...common,
      id: 'tokens',
      title: 'Output throughput',
      doc: 'Output tokens per second over all requests.',
      lines: [{ label: 'output', color: 'green', isFilled: true, values: rate((bin) => bin.interval.outputTokens) }],
      limits: limitsOf(state, 'output-throughput'),
      format: perSecond('tok/s'),
      formatTick: count,
    },
    {
      ...common,
      id: 'ttft',
      title: 'Time to first token',
      doc: point,
      lines: quantiles((bin) => bin.interval.ttftMs),
      limits: limitsOf(state, 'ttft'),
      format: duration,
    },
    {
      ...common,
      id: 'itl',
      title: 'Inter-token latency',
      doc: point,
      lines: quantiles((bin) => bin.interval.itlMs),
      limits: limitsOf(state, 'itl'),
      format: duration,
    },
    {
      ...common,
      id: 'flight',
      title: 'Requests in flight',
      doc: 'Sent and not yet answered; queued ones are due but wait in the generator for a slot.',
      lines: [
        { label: 'in flight', color: 'blue', isFilled: true, values: level((bin) => bin.inFlight) },
        { label: 'queued', color: 'orange', values: level((bin) => bin.queued) },
      ],
      limits: [],
      format: count,
    },
    {
      ...common,
      id: 'errors',
      title: 'Errors',
      doc: 'Requests that failed, and requests dropped at the in-flight limit, per second.',
      lines: [
        { label: 'failed', color: 'red', isFilled: true, values: rate((bin) => bin.interval.failed) },
        { label: 'dropped', color: 'yellow', values: rate((bin) => bin.interval.dropped) },
      ],
      limits: [],
      format: perSecond('req/s'),
      formatTick: count,
    },
    ...monitorCharts(state, bins).map((chart) => ({ ...common, ...chart })),
  ];
}

/** The bin that still grows would dangle at the end of each curve; so would a last one that is only a sliver. */
function closedBins(state: DashboardState, choices: ViewChoices): readonly Snapshot[] {
  const { whole, recent, binMs } = state.history;
  const [bins, widthMs] = choices.span === 'recent' ? [recent, FINEST_BIN_MS] : [whole, binMs];
  const last = bins.at(-1);
  const isWhole = isOver(state) && last !== undefined && (bins.length === 1 || last.intervalMs > widthMs / 2);
  return isWhole ? bins : bins.slice(0, -1);
}

function limitsOf(state: DashboardState, metric: string): readonly ChartLimit[] {
  return (state.header?.slas ?? [])
    .filter((sla) => sla.metric === metric)
    .map((sla) => ({
      label: [sla.statistic, sla.comparison, formatMeasured(sla.limit, sla.unit)].filter(Boolean).join(' '),
      value: sla.limit,
    }));
}

function spansOf(state: DashboardState, bins: readonly Snapshot[]): readonly ChartSpan[] {
  const last = bins.at(-1);
  if (last === undefined) return [];
  const endSeconds = last.atMs / 1000;
  return state.marks.flatMap((mark, index): readonly ChartSpan[] => {
    const fromSeconds = mark.atMs / 1000;
    if (fromSeconds >= endSeconds) return [];
    const next = state.marks[index + 1];
    const toSeconds = Math.min(endSeconds, next === undefined ? endSeconds : next.atMs / 1000);
    if (mark.kind !== 'measured')
      return [{ label: mark.kind === 'warmup' ? 'warm-up' : 'drain', fromSeconds, toSeconds }];
    // The end of a shaded stretch is border enough.
    return state.marks[index - 1]?.kind === 'measured' ? [{ label: mark.name, fromSeconds }] : [];
  });
}

/** One chart per monitor, of the series that are a share of a whole. Keys are `<monitor>.<device>.<series>`. */
function monitorCharts(
  state: DashboardState,
  bins: readonly Snapshot[],
): readonly Omit<ChartModel, 'atSeconds' | 'spans' | 'shortestSeconds' | 'startSeconds'>[] {
  const keys = [...new Set(bins.flatMap((bin) => Object.keys(bin.monitors)))];
  const colors: readonly ColorName[] = ['blue', 'purple', 'green', 'orange', 'yellow', 'red'];
  return (state.header?.monitors ?? []).flatMap((monitor) => {
    const shown = keys.filter((key) => key.startsWith(`${monitor}.`) && SHOWN_SHARES.has(seriesOf(key))).sort();
    if (shown.length === 0) return [];
    return [
      {
        id: `monitor-${monitor}`,
        title: `${monitor[0]?.toUpperCase() ?? ''}${monitor.slice(1)} load`,
        doc: `Measured by the monitor ${monitor}.`,
        lines: shown.map((key, index) => ({
          label: labelOf(key),
          color: colors[index % colors.length] ?? 'blue',
          values: bins.map((bin) => bin.monitors[key] ?? Number.NaN),
        })),
        limits: [],
        max: 1,
        format: share,
      },
    ];
  });
}

const SHOWN_SHARES: ReadonlySet<string> = new Set(
  MONITORS.flatMap((monitor) => monitor.series)
    .filter((series) => series.dimension === 'ratio' && series.id !== 'io-wait')
    .map((series) => series.id),
);

function seriesOf(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1);
}

function labelOf(key: string): string {
  const [, device, series] = key.split('.');
  const name = series === 'cpu' ? 'CPU' : (series ?? key);
  return device === undefined || device === '' || device === series ? name : `${device} ${name}`;
}
