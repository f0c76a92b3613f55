import type { Histogram } from '../measure/histogram.ts';

/** How much later than its model wanted the simulator wrote its tokens. Percentiles are absent before the first token. */
export interface Lateness {
  readonly tokens: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  readonly maxMs?: number;
}

export function readLateness(histogram: Histogram): Lateness {
  const tokens = histogram.count;
  if (tokens === 0) return { tokens };
  const at = (quantile: number): number => histogram.valueAtRank(Math.ceil(quantile * tokens));
  return { tokens, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: histogram.max };
}
