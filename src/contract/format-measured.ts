/** Measured values and limits as people read them, from the unit names of report.json (`ms`, `ratio`, `tokens/s` …). */
import { formatNumber, formatQuantity, type Dimension } from './units.ts';

const DIMENSION_OF_UNIT: Readonly<Record<string, Dimension>> = {
  ms: 'duration',
  ratio: 'ratio',
  '%': 'ratio',
  'req/s': 'rate',
  rps: 'rate',
  'tokens/s': 'throughput',
  bytes: 'bytes',
  B: 'bytes',
  'B/s': 'bandwidth',
};

/** `formatMeasured(0.012, 'ratio')` is `1.2 %`; a unit without scales of its own is written behind the number. */
export function formatMeasured(value: number, unit: string, digits = 4): string {
  if (!Number.isFinite(value)) return '–';
  const dimension = DIMENSION_OF_UNIT[unit];
  if (dimension === 'rate') return `${formatNumber(value, digits)} req/s`;
  if (dimension !== undefined) return formatQuantity(value, dimension, digits);
  return unit === '' ? formatNumber(value, digits) : `${formatNumber(value, digits)} ${unit}`;
}
