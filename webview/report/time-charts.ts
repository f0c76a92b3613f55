/** Which curves the report shows over time, from the columns of its series. */
import { formatMeasured } from '../../src/contract/format-measured.ts';
import type { ReportPageData } from '../../src/contract/report-page.ts';
import type { ReportData, SeriesTable } from '../../src/contract/report.ts';
import { formatNumber } from '../../src/contract/units.ts';
import type { ChartLimit, ChartLine, ChartModel, ChartSpan } from '../charts/chart-model.ts';
import type { ColorName } from '../charts/theme.ts';

const PALETTE: readonly ColorName[] = ['blue', 'orange', 'purple', 'green', 'yellow', 'red', 'neutral'];
/** More lines than this in one chart cannot be told apart. */
const MOST_LINES = PALETTE.length;

export function timeCharts({ report, limits }: ReportPageData): readonly ChartModel[] {
  const { series } = report;
  const bin = binWords(series.binMs);
  const common = {
    atSeconds: series.atMs.map((atMs) => atMs / 1000),
    spans: spansOf(report),
    shortestSeconds: 1,
  };
  const line = (
    column: string,
    label: string,
    color: ColorName,
    rest: Partial<ChartLine> = {},
  ): readonly ChartLine[] => {
    const found = series.columns[column];
    return found === undefined
      ? []
      : [{ label, color, values: found.values.map((value) => value ?? Number.NaN), ...rest }];
  };
  const limitsOf = (metric: string): readonly ChartLimit[] =>
    limits.filter((each) => each.metric === metric).map(({ label, limit }) => ({ label, value: limit }));
  const inUnit = (unit: string) => (value: number) => formatMeasured(value, unit, 3);
  const charts: readonly ChartModel[] = [
    {
      ...common,
      id: 'rate',
      title: 'Request rate',
      doc: `Requests per ${bin}: asked for by the scenario, sent, and answered in full.`,
      lines: [
        ...line('asked', 'asked', 'neutral', { isReference: true }),
        ...line('sent', 'sent', 'blue'),
        ...line('succeeded', 'succeeded', 'green'),
      ],
      limits: limitsOf('request-throughput'),
      format: inUnit('req/s'),
      formatTick: (value) => formatNumber(value, 3),
    },
    {
      ...common,
      id: 'tokens',
      title: 'Output throughput',
      doc: `Output tokens per second, when they arrived, by ${bin}.`,
      lines: line('outputThroughput', 'output', 'green', { isFilled: true }),
      limits: limitsOf('output-throughput'),
      format: inUnit('tokens/s'),
      formatTick: (value) => formatNumber(value, 3),
    },
    {
      ...common,
      id: 'ttft',
      title: 'Time to first token',
      doc: `Percentiles of the answers that began in each ${bin}.`,
      lines: [
        ...line('ttftP50', 'p50', 'blue'),
        ...line('ttftP95', 'p95', 'purple'),
        ...line('ttftP99', 'p99', 'orange'),
      ],
      limits: limitsOf('ttft'),
      format: inUnit('ms'),
    },
    {
      ...common,
      id: 'itl',
      title: 'Inter-token latency',
      doc: `Percentiles of the gaps that ended in each ${bin}.`,
      lines: [...line('itlP50', 'p50', 'blue'), ...line('itlP99', 'p99', 'orange')],
      limits: limitsOf('itl'),
      format: inUnit('ms'),
    },
    {
      ...common,
      id: 'flight',
      title: 'Requests in flight',
      doc: `Mean over each ${bin}, warm-up and drain included.`,
      lines: line('inFlight', 'in flight', 'blue', { isFilled: true }),
      limits: limitsOf('concurrency'),
      format: (value) => formatNumber(value, 3),
    },
    {
      ...common,
      id: 'errors',
      title: 'Failures',
      doc: 'Requests per second that failed, and that were dropped at the in-flight limit.',
      lines: [...line('failed', 'failed', 'red', { isFilled: true }), ...line('dropped', 'dropped', 'orange')],
      limits: [],
      format: inUnit('req/s'),
      formatTick: (value) => formatNumber(value, 3),
    },
    ...otherCharts(series, common),
  ];
  return charts.filter(hasSomethingToShow);
}

/** Columns beyond those of the requests are named `<who>.<…>`: one chart for each who and unit. */
function otherCharts(
  series: SeriesTable,
  common: Pick<ChartModel, 'atSeconds' | 'spans' | 'shortestSeconds'>,
): readonly ChartModel[] {
  const groups = new Map<string, { who: string; unit: string; lines: ChartLine[] }>();
  for (const [key, { unit, values }] of Object.entries(series.columns)) {
    const dot = key.indexOf('.');
    if (dot < 0) continue;
    const who = key.slice(0, dot);
    const id = `${who} ${unit}`;
    const group = groups.get(id) ?? { who, unit, lines: [] };
    groups.set(id, group);
    const color = PALETTE[group.lines.length];
    if (color === undefined || group.lines.length === MOST_LINES) continue;
    group.lines.push({ label: key.slice(dot + 1), color, values: values.map((value) => value ?? Number.NaN) });
  }
  return [...groups].map(([id, { who, unit, lines }]) => ({
    ...common,
    id,
    title: `${who}: ${WHAT[unit] ?? lines.map(({ label }) => label).join(', ')}`,
    doc: who === 'generator' ? 'The load generator itself, worst over its workers.' : `As the monitor "${who}" saw it.`,
    lines,
    limits: [],
    ...(unit === 'ratio' ? { max: 1 } : {}),
    format: (value: number) => formatMeasured(value, unit, 3),
  }));
}

const WHAT: Readonly<Record<string, string>> = {
  ratio: 'utilization',
  B: 'memory',
  bytes: 'memory',
  'B/s': 'transfer',
  ms: 'delays',
  W: 'power',
  '°C': 'temperature',
};

function hasSomethingToShow({ id, lines }: ChartModel): boolean {
  const isShown = (value: number): boolean => (id === 'errors' ? value > 0 : Number.isFinite(value));
  return lines.some(({ values }) => values.some(isShown));
}

/** Warm-up and drain are shaded; stages are bordered and named. */
function spansOf({ stages, run }: ReportData): readonly ChartSpan[] {
  const first = stages[0];
  const last = stages.at(-1);
  if (first === undefined || last === undefined) return [];
  const borders =
    stages.length > 1 ? stages.map(({ name, startedMs }) => ({ label: name, fromSeconds: startedMs / 1000 })) : [];
  return [
    ...(first.startedMs > 0 ? [{ label: 'warm-up', fromSeconds: 0, toSeconds: first.startedMs / 1000 }] : []),
    ...borders,
    ...(run.durationMs > last.endedMs
      ? [{ label: 'drain', fromSeconds: last.endedMs / 1000, toSeconds: run.durationMs / 1000 }]
      : []),
  ];
}

function binWords(binMs: number): string {
  return binMs === 1000 ? 'second' : `${formatNumber(binMs / 1000)} seconds`;
}
