/**
 * One set of live quantiles out of several intervals'. Percentiles cannot be averaged; what can be pooled are the
 * distributions, and three quantiles and a count sketch one. Good enough for a live chart, never for a verdict.
 */
import type { LiveQuantiles } from './snapshot.ts';

/** A distribution function as straight lines between known points, values ascending. */
type Sketch = readonly (readonly [value: number, share: number])[];

export function mergeQuantiles(parts: readonly (LiveQuantiles | undefined)[]): LiveQuantiles | undefined {
  const known = parts.filter((part) => part !== undefined && part.count > 0) as LiveQuantiles[];
  const first = known[0];
  if (first === undefined || known.length === 1) return first;
  const count = known.reduce((sum, part) => sum + part.count, 0);
  const weighted = known.map((part) => ({ sketch: sketchOf(part), weight: part.count / count }));
  const shareBelow = (value: number): number =>
    weighted.reduce((sum, { sketch, weight }) => sum + weight * shareOf(sketch, value), 0);
  const values = [...new Set(weighted.flatMap(({ sketch }) => sketch.map(([value]) => value)))].sort((a, b) => a - b);
  const pooled: Sketch = values.map((value) => [value, shareBelow(value)]);
  return { count, p50: quantile(pooled, 0.5), p95: quantile(pooled, 0.95), p99: quantile(pooled, 0.99) };
}

/** Below the median the spread is taken to mirror the one above it, as far as zero; the last hundredth reaches a little beyond p99. */
function sketchOf({ p50, p95, p99 }: LiveQuantiles): Sketch {
  return [
    [Math.max(0, p50 - (p95 - p50)), 0],
    [p50, 0.5],
    [p95, 0.95],
    [p99, 0.99],
    [p99 + (p99 - p95) / 4, 1],
  ];
}

function shareOf(sketch: Sketch, value: number): number {
  let below: readonly [number, number] = [-Infinity, 0];
  for (const point of sketch) {
    if (point[0] > value) {
      const width = point[0] - below[0];
      return Number.isFinite(width) ? below[1] + ((point[1] - below[1]) * (value - below[0])) / width : below[1];
    }
    below = point;
  }
  return below[1];
}

function quantile(sketch: Sketch, share: number): number {
  let below = sketch[0] ?? [0, 0];
  for (const point of sketch) {
    if (point[1] >= share) {
      const rise = point[1] - below[1];
      return rise <= 0 ? point[0] : below[0] + ((point[0] - below[0]) * (share - below[1])) / rise;
    }
    below = point;
  }
  return below[0];
}
