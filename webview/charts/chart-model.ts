/** What one chart shows, as plain data: made from the state by chart-list.ts, drawn by bench-chart.ts, told by chart-table.ts. */
import type { ColorName } from './theme.ts';

export interface ChartLine {
  readonly label: string;
  readonly color: ColorName;
  /** Asked-for values are dashed in every theme; measured lines only where colour must not carry meaning (high contrast). */
  readonly isReference?: boolean;
  readonly isFilled?: boolean;
  /** One value per entry of `atSeconds`; NaN where there is none. */
  readonly values: readonly number[];
}

/** A horizontal line: an SLA's limit. */
export interface ChartLimit {
  readonly label: string;
  readonly value: number;
}

/** A stretch of the run that does not count (warm-up, drain), or the border between two stages. */
export interface ChartSpan {
  readonly label: string;
  readonly fromSeconds: number;
  /** Absent: only a border. */
  readonly toSeconds?: number;
}

export interface ChartModel {
  readonly id: string;
  readonly title: string;
  /** One sentence: what a point is. */
  readonly doc: string;
  readonly atSeconds: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly limits: readonly ChartLimit[];
  readonly spans: readonly ChartSpan[];
  /** Upper end of the axis, where it is known (1 for shares). */
  readonly max?: number;
  /** A value with its unit. */
  readonly format: (value: number) => string;
  /** A value on the axis; absent: as `format`. */
  readonly formatTick?: (value: number) => string;
  /** The time axis is at least this long, so that the first points of a run do not race across it. */
  readonly shortestSeconds: number;
  /** Where the time axis begins, about; absent: with the run. */
  readonly startSeconds?: number;
}

export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const padded = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`;
}

/** The newest value of a line that is one. */
export function newest(line: ChartLine): number | undefined {
  return line.values.findLast((value) => Number.isFinite(value));
}

export function describeChart(model: ChartModel): string {
  const values = model.lines.map((line) => {
    const value = newest(line);
    return `${line.label} ${value === undefined ? 'no value' : model.format(value)}`;
  });
  const limits = model.limits.map((limit) => `limit ${limit.label}`);
  const last = model.atSeconds.at(-1);
  const when = last === undefined ? 'no values yet' : `newest values at ${formatClock(last)}`;
  return `Chart: ${model.title}; ${when}: ${[...values, ...limits].join(', ')}`;
}
