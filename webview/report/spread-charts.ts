/** How the values of a metric are spread: a histogram, and over it the share of values up to each point. */
import { formatMeasured } from '../../src/contract/format-measured.ts';
import { METRICS } from '../../src/contract/metrics.ts';
import type { ReportPageData } from '../../src/contract/report-page.ts';
import { isSample, type DistributionTable, type SampleSummary } from '../../src/contract/report.ts';
import { formatNumber } from '../../src/contract/units.ts';
import type { ChartConfiguration, ChartOptions } from '../charts/chart-setup.ts';
import type { Theme } from '../charts/theme.ts';

export interface SpreadModel {
  readonly id: string;
  readonly title: string;
  readonly doc: string;
  readonly table: DistributionTable;
  readonly summary: SampleSummary;
  readonly limits: readonly { readonly label: string; readonly value: number }[];
}

export function spreadModels({ report, limits }: ReportPageData): readonly SpreadModel[] {
  return Object.entries(report.distributions ?? {}).flatMap(([key, table]) => {
    const metric = METRICS.find((each) => each.key === key);
    const summary = report.metrics[key];
    if (metric === undefined || !isSample(summary)) return [];
    const above =
      table.above === 0
        ? ''
        : ` ${formatNumber(table.above)} values lie beyond the right edge, up to ${formatMeasured(summary.max, table.unit, 3)}.`;
    return [
      {
        id: key,
        title: metric.title,
        doc: `${formatNumber(summary.count, 12)} values in bins of ${formatMeasured(table.binWidth, table.unit)}; the line is the share of values up to each point.${above}`,
        table,
        summary,
        limits: limits.filter((each) => each.metric === metric.id).map(({ label, limit }) => ({ label, value: limit })),
      },
    ];
  });
}

const MARKED = ['p50', 'p95', 'p99'] as const;

export function spreadConfiguration(model: SpreadModel, theme: Theme): ChartConfiguration<'bar' | 'line'> {
  const { table, summary } = model;
  const edge = (bin: number): number => table.binStart + bin * table.binWidth;
  const right = edge(table.counts.length);
  const bars = table.counts.map((count, bin) => ({ x: edge(bin) + table.binWidth / 2, y: count }));
  const shares = [
    { x: summary.min, y: 0 },
    ...table.values.map((value, index) => ({ x: value, y: table.quantiles[index] ?? 0 })),
  ].filter(({ x }) => x <= right);
  return {
    type: 'bar',
    data: {
      datasets: [
        {
          type: 'line',
          label: 'share',
          data: shares,
          yAxisID: 'share',
          borderColor: theme.colors.orange,
          borderWidth: 1.75,
          pointRadius: 0,
          pointHitRadius: 6,
          stepped: false,
        },
        {
          type: 'bar',
          label: 'values',
          data: bars,
          yAxisID: 'count',
          backgroundColor: `${theme.colors.blue}99`,
          hoverBackgroundColor: theme.colors.blue,
          barPercentage: 1,
          categoryPercentage: 1,
          grouped: false,
        },
      ],
    },
    options: spreadOptions(model, theme, right),
  };
}

function spreadOptions(
  { table, summary, limits }: SpreadModel,
  theme: Theme,
  right: number,
): ChartOptions<'bar' | 'line'> {
  const font = { family: theme.fontFamily, size: theme.fontSizePx };
  const ticks = { color: theme.muted, font, padding: 5, maxRotation: 0 };
  const marks = Object.fromEntries(
    MARKED.filter((key) => summary[key] <= right).map((key, index) => [
      key,
      {
        type: 'line' as const,
        xMin: summary[key],
        xMax: summary[key],
        borderColor: theme.muted,
        borderWidth: 1,
        borderDash: [3, 3],
        label: {
          display: true,
          content: key,
          position: 'end' as const,
          yAdjust: index * 15,
          padding: 2,
          color: theme.foreground,
          backgroundColor: theme.background,
          font: { ...font, size: 10, weight: 'normal' as const },
        },
      },
    ]),
  );
  const limitLines = Object.fromEntries(
    limits
      .filter(({ value }) => value <= right)
      .map(({ value, label }, index) => [
        `limit${index}`,
        {
          type: 'line' as const,
          xMin: value,
          xMax: value,
          borderColor: theme.colors.red,
          borderWidth: 1.25,
          label: {
            display: true,
            content: label,
            position: 'center' as const,
            yAdjust: index * 16,
            padding: 2,
            color: theme.foreground,
            backgroundColor: theme.background,
            font: { ...font, size: 10, weight: 'normal' as const },
          },
        },
      ]),
  );
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    events: ['mousemove', 'mouseout'],
    interaction: { mode: 'nearest', axis: 'x', intersect: false },
    scales: {
      x: {
        type: 'linear',
        min: table.binStart,
        max: right,
        offset: false,
        grid: { display: false },
        border: { color: theme.gridLine },
        ticks: {
          ...ticks,
          maxTicksLimit: 7,
          includeBounds: false,
          align: 'inner',
          callback: (value) => formatMeasured(Number(value), table.unit, 3),
        },
      },
      count: {
        type: 'linear',
        position: 'left',
        min: 0,
        border: { display: false },
        grid: { color: theme.gridLine, drawTicks: false },
        ticks: { ...ticks, maxTicksLimit: 5, precision: 0, callback: (value) => formatNumber(Number(value), 3) },
      },
      share: {
        type: 'linear',
        position: 'right',
        min: 0,
        max: 1,
        border: { display: false },
        grid: { display: false },
        ticks: { ...ticks, stepSize: 0.25, callback: (value) => formatMeasured(Number(value), 'ratio', 3) },
      },
    },
    plugins: {
      tooltip: {
        backgroundColor: theme.tooltipBackground,
        titleColor: theme.tooltipForeground,
        bodyColor: theme.tooltipForeground,
        borderColor: theme.tooltipBorder,
        borderWidth: 1,
        bodyFont: font,
        titleFont: { ...font, weight: 'bold' },
        cornerRadius: 3,
        padding: 8,
        displayColors: false,
        callbacks: {
          title: () => '',
          label: ({ dataset, parsed }) => {
            const [x, y] = [parsed.x ?? 0, parsed.y ?? 0];
            if (dataset.label === 'share')
              return `${formatMeasured(y, 'ratio', 3)} up to ${formatMeasured(x, table.unit, 4)}`;
            const half = table.binWidth / 2;
            return `${formatNumber(y, 12)} from ${formatMeasured(x - half, table.unit)} to ${formatMeasured(x + half, table.unit)}`;
          },
        },
      },
      annotation: { clip: true, annotations: { ...marks, ...limitLines } },
    },
  };
}
