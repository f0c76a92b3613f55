/** What each metric is for one request: the only place that turns stamps into values. See docs/metrics.md for the definitions. */
import { FAILURE_REASONS, type FailureClass, type RequestRecord } from '../../contract/outcome.ts';

/** Metrics with one value per successful request. */
export const REQUEST_METRICS = [
  'ttft',
  'ttft.intended',
  'ttfa',
  'ttfb',
  'tpot',
  'e2e',
  'e2e.intended',
  'queue',
  'connect',
  'input-tokens',
  'output-tokens',
  'tokens-per-read',
  'throughput-per-user',
] as const;
export type RequestMetric = (typeof REQUEST_METRICS)[number];

/** Warm-up requests are sent and recorded, and never counted in a statistic. */
export function isWarmup(record: Pick<RequestRecord, 'id' | 'stage'>): boolean {
  return record.id < 0 || record.stage === 'warmup';
}

/** Key of `byReason`: the reason, with the status where the reason alone says too little. */
export function reasonKey(record: Pick<RequestRecord, 'reason' | 'status'>): string {
  const reason = record.reason ?? 'internal';
  return reason === 'http-status' && record.status !== undefined ? `http-status ${record.status}` : reason;
}

export function failureClass(key: string): FailureClass {
  const reason = key.split(' ', 1)[0] as keyof typeof FAILURE_REASONS;
  return FAILURE_REASONS[reason]?.class ?? 'generator';
}

const between = (from: number | undefined, to: number | undefined): number | undefined =>
  from === undefined || to === undefined ? undefined : to - from;

/**
 * Value of a metric for one request, in its base unit; `undefined` where it does not exist (never 0 for "not measured").
 * The caller leaves out requests that did not succeed.
 */
export function requestValue(record: RequestRecord, metric: RequestMetric): number | undefined {
  switch (metric) {
    case 'ttft':
      return between(record.sentMs, record.firstMs);
    case 'ttft.intended':
      return between(record.dueMs, record.firstMs);
    case 'ttfa':
      return between(record.sentMs, record.firstAnswerMs);
    case 'ttfb':
      return between(record.sentMs, record.firstByteMs);
    case 'tpot':
      return timePerOutputToken(record);
    case 'e2e':
      return between(record.sentMs, record.lastMs);
    case 'e2e.intended':
      return between(record.dueMs, record.lastMs);
    case 'queue':
      return between(record.dueMs, record.sentMs);
    case 'connect':
      return record.connectMs;
    case 'input-tokens':
      return record.inputTokens;
    case 'output-tokens':
      return record.outputTokens;
    case 'tokens-per-read':
      return record.outputTokens === undefined || record.reads === undefined || record.reads === 0
        ? undefined
        : record.outputTokens / record.reads;
    case 'throughput-per-user': {
      const tpotMs = timePerOutputToken(record);
      return tpotMs === undefined || tpotMs === 0 ? undefined : 1000 / tpotMs;
    }
  }
}

/**
 * How late a request left for reasons of the generator, ms: `sent − due` without the wait for a slot (the scenario's limit) and without
 * the opening of a connection (the server's doing). `undefined` where it was never sent, or sent again.
 */
export function generatorLagMs({ dueMs, sentMs, heldMs, connectMs, resends }: RequestRecord): number | undefined {
  if (sentMs === undefined || resends !== undefined) return undefined;
  return Math.max(0, sentMs - dueMs - (heldMs ?? 0) - (connectMs ?? 0));
}

/** `(last − first) / (n − 1)`. Absent for n = 1, and where the whole answer came in one read: then nothing was seen between tokens. */
function timePerOutputToken(record: RequestRecord): number | undefined {
  const { firstMs, lastMs, outputTokens } = record;
  if (firstMs === undefined || lastMs === undefined || outputTokens === undefined || outputTokens < 2) return undefined;
  return record.reads === 1 ? undefined : (lastMs - firstMs) / (outputTokens - 1);
}
