/** What a load worker hands to the main thread a few times a second: record lines ready for the disk, and the values the live view folds. */

/** Sample metrics followed live. Order is the order in `WorkerBatch.values`. */
export const LIVE_METRICS = [
  'ttft',
  'ttft.intended',
  'ttfa',
  'ttfb',
  'tpot',
  'itl',
  'e2e',
  'e2e.intended',
  'queue',
] as const;
export type LiveMetric = (typeof LIVE_METRICS)[number];

export interface BatchCounters {
  due: number;
  sent: number;
  ok: number;
  failed: number;
  dropped: number;
  censored: number;
  abandoned: number;
  inputTokens: number;
  outputTokens: number;
}

export interface WorkerBatch {
  /** requests.jsonl lines, whole ones. */
  readonly lines: Uint8Array;
  /** Measured requests only. */
  readonly values: Readonly<Record<LiveMetric, Float64Array>>;
  /** How many of the gaps in `values.itl` each answer had, in their order. */
  readonly gapsPerRequest: Float64Array;
  /** Of the measured requests that were cut, those without any output yet. */
  readonly censoredBeforeOutput: number;
  readonly counters: Readonly<BatchCounters>;
  readonly warmup: Readonly<BatchCounters>;
  readonly byReason: Readonly<Record<string, number>>;
  /** For each SLA of the plan that is a goodput: requests of this batch within every limit. */
  readonly goodBySla: readonly number[];
}
