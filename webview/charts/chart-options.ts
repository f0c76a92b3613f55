/** From a chart's model and the theme to chart.js data and options. Pure. */
import type { AnnotationOptions, ChartDataset, ChartOptions } from './chart-setup.ts';
import { formatClock, type ChartLine, type ChartModel } from './chart-model.ts';
import type { Theme } from './theme.ts';

/** Dash patterns tell lines apart where colours cannot be relied on. */
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [8, 3, 2, 3]];
const POINT_STYLES = ['circle', 'triangle', 'rect', 'rectRot'] as const;
/** A limit farther away than this would press the curves flat; it is left to the legend and the SLA table. */
const FARTHEST_LIMIT_FACTOR = 4;

/** All charts share it, so that their time axes line up. */
const Y_AXIS_WIDTH_PX = 54;
const TIME_STEPS_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200];
/** A label needs this share of the time axis to stand in. */
const LABEL_SHARE = 0.14;

export function datasetsOf(model: ChartModel, theme: Theme): ChartDataset<'line'>[] {
  return model.lines.map((line) => {
    const index = measuredIndex(model, line);
    const color = theme.colors[line.color];
    const everyNth = Math.max(1, Math.floor(model.atSeconds.length / 8));
    return {
      label: line.label,
      data: model.atSeconds.map((x, at) => ({ x, y: line.values[at] ?? Number.NaN })),
      borderColor: color,
      backgroundColor: line.isFilled === true && !theme.isHighContrast ? withAlpha(color, 0.16) : color,
      fill: line.isFilled === true && !theme.isHighContrast ? 'origin' : false,
      borderWidth: line.isReference === true ? 1.25 : 1.75,
      borderDash: [...dashOf(model, line, theme)],
      pointStyle: POINT_STYLES[index % POINT_STYLES.length] ?? 'circle',
      pointRadius: ({ dataIndex }) => {
        // A curve of one or two points would be no more than a dash.
        if (model.atSeconds.length <= 2) return 2;
        return theme.isHighContrast && line.isReference !== true && dataIndex % everyNth === 0 ? 3 : 0;
      },
      pointHoverRadius: 3.5,
      pointHitRadius: 0,
      pointBackgroundColor: color,
      pointBorderColor: color,
      order: line.isReference === true ? 1 : 0,
    };
  });
}

export function dashOf(model: ChartModel, line: ChartLine, theme: Theme): readonly number[] {
  if (line.isReference === true) return [4, 4];
  return theme.isHighContrast ? (DASHES[measuredIndex(model, line) % DASHES.length] ?? []) : [];
}

function measuredIndex(model: ChartModel, line: ChartLine): number {
  return Math.max(0, model.lines.filter((each) => each.isReference !== true).indexOf(line));
}

function timeRange(model: ChartModel): { readonly min: number; readonly max: number; readonly stepSeconds: number } {
  const start = model.startSeconds ?? 0;
  const max = Math.max(model.atSeconds.at(-1) ?? 0, start + model.shortestSeconds);
  const stepSeconds = timeStepSeconds(max - start);
  return { min: Math.floor(start / stepSeconds) * stepSeconds, max, stepSeconds };
}

export function optionsOf(model: ChartModel, theme: Theme): ChartOptions<'line'> {
  const font = { family: theme.fontFamily, size: theme.fontSizePx };
  const range = timeRange(model);
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    parsing: false,
    normalized: true,
    events: ['mousemove', 'mouseout'],
    interaction: { mode: 'index', intersect: false },
    layout: { padding: { top: 4, right: 4 } },
    scales: {
      x: {
        type: 'linear',
        min: range.min,
        max: range.max,
        border: { color: theme.gridLine },
        grid: { display: false, drawTicks: false },
        ticks: {
          color: theme.muted,
          font,
          includeBounds: false,
          stepSize: range.stepSeconds,
          maxRotation: 0,
          padding: 4,
          precision: 0,
          align: 'inner',
          callback: (value) => formatClock(Number(value)),
        },
      },
      y: {
        type: 'linear',
        min: 0,
        suggestedMax: model.max ?? suggestedMax(model),
        ...(model.max === undefined ? {} : { max: model.max }),
        afterFit: (axis) => {
          axis.width = Y_AXIS_WIDTH_PX;
        },
        border: { display: false },
        grid: { color: theme.gridLine, drawTicks: false, lineWidth: theme.isHighContrast ? 0.4 : 1 },
        ticks: {
          color: theme.muted,
          font,
          maxTicksLimit: 5,
          padding: 6,
          callback: (value) => (model.formatTick ?? model.format)(Number(value)),
        },
      },
    },
    plugins: {
      tooltip: {
        backgroundColor: theme.tooltipBackground,
        titleColor: theme.tooltipForeground,
        bodyColor: theme.tooltipForeground,
        borderColor: theme.tooltipBorder,
        borderWidth: 1,
        titleFont: { ...font, weight: 'bold' },
        bodyFont: font,
        cornerRadius: 3,
        padding: 8,
        boxWidth: 8,
        boxHeight: 8,
        usePointStyle: theme.isHighContrast,
        callbacks: {
          title: (items) => (items[0] === undefined ? '' : formatClock(items[0].parsed.x ?? 0)),
          label: (item) => ` ${item.dataset.label ?? ''}  ${model.format(item.parsed.y ?? Number.NaN)}`,
        },
      },
      annotation: { clip: true, annotations: annotationsOf(model, theme) },
    },
  };
}

/** A step people count time in, for at most five labels. */
function timeStepSeconds(rangeSeconds: number): number {
  const step = TIME_STEPS_SECONDS.find((each) => rangeSeconds / each <= 5);
  return step ?? Math.ceil(rangeSeconds / 5 / 86_400) * 86_400;
}

/** Whether the limit is near enough to the curves to be drawn among them. */
export function isWithinReach(model: ChartModel, limit: number): boolean {
  const highest = highestOf(model);
  return highest === 0 || limit <= highest * FARTHEST_LIMIT_FACTOR;
}

function suggestedMax(model: ChartModel): number {
  const limits = model.limits.map((limit) => limit.value).filter((value) => isWithinReach(model, value));
  return Math.max(highestOf(model), ...limits) * 1.08 || 1;
}

function highestOf(model: ChartModel): number {
  let highest = 0;
  for (const line of model.lines) for (const value of line.values) if (value > highest) highest = value;
  return highest;
}

function annotationsOf(model: ChartModel, theme: Theme): Record<string, AnnotationOptions> {
  const annotations: Record<string, AnnotationOptions> = {};
  model.limits.forEach((limit, index) => {
    if (!isWithinReach(model, limit.value)) return;
    annotations[`limit${index}`] = {
      type: 'line',
      yMin: limit.value,
      yMax: limit.value,
      adjustScaleRange: false,
      borderColor: theme.colors.red,
      borderWidth: 1,
      borderDash: [5, 4],
      label: {
        display: true,
        content: limit.label,
        position: 'end',
        yAdjust: -8,
        padding: { x: 3, y: 1 },
        backgroundColor: withAlpha(theme.background, 0.7),
        color: theme.foreground,
        font: { family: theme.fontFamily, size: theme.fontSizePx - 1, weight: 'normal' },
      },
    };
  });
  const range = timeRange(model);
  model.spans.forEach((span, index) => {
    const untilSeconds = span.toSeconds ?? model.spans[index + 1]?.fromSeconds ?? range.max;
    const label = {
      display: untilSeconds - span.fromSeconds > (range.max - range.min) * LABEL_SHARE,
      content: span.label,
      color: theme.muted,
      font: { family: theme.fontFamily, size: theme.fontSizePx - 1, weight: 'normal' as const },
    };
    annotations[`span${index}`] =
      span.toSeconds === undefined
        ? {
            type: 'line',
            xMin: span.fromSeconds,
            xMax: span.fromSeconds,
            borderColor: theme.muted,
            borderWidth: 1,
            borderDash: [2, 3],
            label: { ...label, position: 'end', backgroundColor: withAlpha(theme.background, 0.8), padding: 2 },
          }
        : {
            type: 'box',
            xMin: span.fromSeconds,
            xMax: span.toSeconds,
            adjustScaleRange: false,
            drawTime: 'beforeDatasetsDraw',
            backgroundColor: withAlpha(theme.muted, 0.12),
            borderWidth: theme.isHighContrast ? 1 : 0,
            borderColor: theme.muted,
            label: { ...label, position: { x: 'start', y: 'start' }, padding: 3 },
          };
  });
  return annotations;
}

/** Colours of a theme come as `#rrggbb`, `#rrggbbaa` or `rgb(…)`; the browser mixes them all. */
function withAlpha(color: string, alpha: number): string {
  return /^#[0-9a-f]{6}/i.test(color)
    ? color.slice(0, 7) +
        Math.round(alpha * 255)
          .toString(16)
          .padStart(2, '0')
    : color.replace(/^rgba?\(([^,)]+,[^,)]+,[^,)]+).*\)$/, `rgba($1, ${alpha})`);
}
