/** How values are said in a terminal: the same marks, clocks and figures in the live table, the plain lines and the summary. */
import { findMetric, METRICS } from '../../contract/metrics.ts';
import { formatMeasured } from '../../contract/format-measured.ts';
import { formatQuantity, type Dimension } from '../../contract/units.ts';
import type { Interval, SlaVerdict, ValidityVerdict } from '../../contract/report.ts';
import type { Paint, Style } from './style.ts';

/** Significant digits that people compare at a glance. */
const DIGITS = 3;

export function quantity(value: number | undefined, dimension: Dimension): string {
  return value === undefined ? '–' : formatQuantity(value, dimension, DIGITS);
}

/** A value of report.json beside its unit (`ms`, `ratio`, `tokens/s`), as people read it. */
export function inUnit(value: number | undefined, unit: string): string {
  return value === undefined ? '–' : formatMeasured(value, unit, DIGITS);
}

/** `9 … 12 ms`; a bound the sample cannot give is `?`. */
export function interval(ci: Interval, unit: string): string {
  const bound = (value: number | undefined): string => (value === undefined ? '?' : inUnit(value, unit));
  return `${bound(ci.lower)} … ${bound(ci.upper)}`;
}

/** `0:07`, `12:30`, `1:02:03`. */
export function clock(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1_000));
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (part: number): string => String(part).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** `1 request`, `3 requests`. */
export function counted(count: number, noun: string): string {
  return `${formatQuantity(count, 'count', 12)} ${noun}${count === 1 ? '' : 's'}`;
}

export const VERDICT_MARKS: Readonly<Record<SlaVerdict, { readonly mark: string; readonly paint: keyof Style }>> = {
  met: { mark: '✓', paint: 'good' },
  breached: { mark: '✗', paint: 'bad' },
  undecided: { mark: '?', paint: 'warning' },
  unmeasured: { mark: '–', paint: 'warning' },
};

export function validityPaint(style: Style, verdict: ValidityVerdict): Paint {
  return verdict === 'valid' ? style.good : verdict === 'suspect' ? style.warning : style.bad;
}

/** `http-status 503 ×12 · first-token-timeout ×3`, most frequent first. */
export function reasonList(byReason: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(byReason)
    .filter(([, count]) => count > 0)
    .sort(([, left], [, right]) => right - left)
    .map(([reason, count]) => `${reason} ×${count}`);
}

const metricByKey = new Map(METRICS.map((each) => [each.key, each]));

/** Dimension of a metric by its id in the language or its key in report.json. */
export function metricDimension(idOrKey: string): Dimension {
  return (findMetric(idOrKey) ?? metricByKey.get(idOrKey))?.dimension ?? 'count';
}
