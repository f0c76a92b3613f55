/** The metric catalogue: what each number is called, what it means, its formula and its unit. See docs/metrics.md. */
import type { Dimension } from './units.ts';

/** Statistics a sample metric can be asked for. */
export const STATISTICS = [
  'count',
  'mean',
  'min',
  'max',
  'stddev',
  'p50',
  'p75',
  'p90',
  'p95',
  'p99',
  'p99.9',
  'geomean',
  'iqr',
  'skewness',
  'kurtosis',
  'mode',
] as const;

/** `p50` … `p99.9`, also freely chosen ones such as `p97.5`: the quantile in (0, 1), or `undefined`. */
export function quantileOf(statistic: string): number | undefined {
  if (statistic === 'median') return 0.5;
  const match = /^p(\d{1,2}(?:\.\d+)?)$/.exec(statistic);
  if (match === null) return undefined;
  const quantile = Number(match[1]) / 100;
  return quantile > 0 && quantile < 1 ? quantile : undefined;
}

/**
 * Values from which on both ends of a quantile's 95 % confidence interval exist, whatever the distribution: the extreme order statistic
 * lies beyond the quantile with 97.5 %. Below, one more value could move an end anywhere.
 */
export function valuesNeeded(quantile: number): number {
  return Math.ceil(Math.log(0.025) / Math.log(Math.max(quantile, 1 - quantile)));
}

/**
 * `request`: one value per successful request. `event`: pooled over all output reads of all requests.
 * `window`: one value per measured window (rates, shares). `engine`: read from the engine's own metrics.
 */
export type MetricScope = 'request' | 'event' | 'window' | 'engine';

/** What the endpoint must offer for the metric to exist. */
export type MetricNeed = 'streaming' | 'output-tokens' | 'input-tokens' | 'reasoning' | 'price' | 'power' | 'gpus';

export interface Metric {
  /** The name in the language and in `list metrics`, e.g. `ttft`, `error-rate`. */
  readonly id: string;
  /** The key in report.json, e.g. `ttft`, `errorRate`. */
  readonly key: string;
  readonly title: string;
  readonly scope: MetricScope;
  readonly dimension: Dimension;
  /** The unit printed in report.json beside the value. */
  readonly unit: string;
  readonly better: 'lower' | 'higher' | 'neither';
  readonly doc: string;
  readonly formula: string;
  readonly needs: readonly MetricNeed[];
}

const metric = (
  id: string,
  title: string,
  scope: MetricScope,
  dimension: Dimension,
  unit: string,
  better: Metric['better'],
  formula: string,
  doc: string,
  needs: readonly MetricNeed[] = [],
): Metric => ({ id, key: camel(id), title, scope, dimension, unit, better, formula, doc, needs });

export const METRICS: readonly Metric[] = [
  metric(
    'ttft',
    'Time to first token',
    'request',
    'duration',
    'ms',
    'lower',
    'first − sent',
    'From handing the request to a ready socket to the first network read that carries non-empty output (text, reasoning or a tool call).',
    ['streaming'],
  ),
  metric(
    'ttft.intended',
    'Time to first token from due',
    'request',
    'duration',
    'ms',
    'lower',
    'first − due',
    'What a user on the schedule felt: counted from when the request was due, so a generator that falls behind cannot hide it.',
    ['streaming'],
  ),
  metric(
    'ttfa',
    'Time to first answer token',
    'request',
    'duration',
    'ms',
    'lower',
    'firstAnswer − sent',
    'Like `ttft`, without reasoning text.',
    ['streaming'],
  ),
  metric(
    'ttfb',
    'Time to first byte',
    'request',
    'duration',
    'ms',
    'lower',
    'firstByte − sent',
    'First byte of the response body, whatever it carries.',
  ),
  metric(
    'tpot',
    'Time per output token',
    'request',
    'duration',
    'ms',
    'lower',
    '(last − first) / (n − 1)',
    'Mean time between output tokens of one request; `n` is its number of output tokens. Absent for n = 1. Never contains TTFT.',
    ['streaming', 'output-tokens'],
  ),
  metric(
    'itl',
    'Inter-token latency',
    'event',
    'duration',
    'ms',
    'lower',
    'chunk[i] − chunk[i−1]',
    'Gaps between neighbouring network reads that carry output, pooled over all requests. Never contains TTFT.',
    ['streaming'],
  ),
  metric(
    'e2e',
    'End-to-end latency',
    'request',
    'duration',
    'ms',
    'lower',
    'last − sent',
    'From sending to the last output.',
  ),
  metric(
    'e2e.intended',
    'End-to-end latency from due',
    'request',
    'duration',
    'ms',
    'lower',
    'last − due',
    'Like `e2e`, from when the request was due.',
  ),
  metric(
    'queue',
    'Time in the generator',
    'request',
    'duration',
    'ms',
    'lower',
    'sent − due',
    'How long a request waited in the load generator before it was sent.',
  ),
  metric(
    'connect',
    'Connection set-up',
    'request',
    'duration',
    'ms',
    'lower',
    'DNS + TCP + TLS',
    'Measured apart, for requests that had to open a connection.',
  ),
  metric(
    'input-tokens',
    'Input tokens per request',
    'request',
    'tokens',
    'tokens',
    'neither',
    'prompt tokens',
    'As the server reports it, else counted with the declared tokenizer.',
    ['input-tokens'],
  ),
  metric(
    'output-tokens',
    'Output tokens per request',
    'request',
    'tokens',
    'tokens',
    'neither',
    'n',
    'As the server reports it, else counted with the declared tokenizer.',
    ['output-tokens'],
  ),
  metric(
    'tokens-per-read',
    'Output tokens per network read',
    'request',
    'count',
    'tokens',
    'neither',
    'n / reads',
    'Above 1 the server sends several tokens at a time: `itl` is then a gap between chunks, not between tokens.',
    ['streaming', 'output-tokens'],
  ),
  metric(
    'throughput-per-user',
    'Output speed per request',
    'request',
    'throughput',
    'tokens/s',
    'higher',
    '1000 / tpot',
    'What one reader sees while the answer streams.',
    ['streaming', 'output-tokens'],
  ),
  metric(
    'request-throughput',
    'Request throughput',
    'window',
    'rate',
    'req/s',
    'higher',
    'successful requests / window',
    'Successful requests per second of the measured window.',
  ),
  metric(
    'output-throughput',
    'Output throughput',
    'window',
    'throughput',
    'tokens/s',
    'higher',
    'Σ output tokens / window',
    'Output tokens of successful requests per second of the measured window.',
    ['output-tokens'],
  ),
  metric(
    'input-throughput',
    'Input throughput',
    'window',
    'throughput',
    'tokens/s',
    'higher',
    'Σ input tokens / window',
    'Input tokens of successful requests per second of the measured window.',
    ['input-tokens'],
  ),
  metric(
    'total-throughput',
    'Total throughput',
    'window',
    'throughput',
    'tokens/s',
    'higher',
    'Σ (input + output) tokens / window',
    'Both directions together.',
    ['input-tokens', 'output-tokens'],
  ),
  metric(
    'goodput',
    'Goodput',
    'window',
    'ratio',
    'ratio',
    'higher',
    'requests within every limit / measured requests',
    'Share of measured requests that meet every per-request limit at once; failures count against it.',
  ),
  metric(
    'error-rate',
    'Error rate',
    'window',
    'ratio',
    'ratio',
    'lower',
    '(failed + timed out) / measured requests',
    'Share of measured requests that did not succeed, timeouts included; abandoned ones count in neither.',
  ),
  metric(
    'timeout-rate',
    'Timeout rate',
    'window',
    'ratio',
    'ratio',
    'lower',
    'timed out / measured requests',
    'Share of measured requests ended by one of the four timeouts.',
  ),
  metric(
    'abnormal-rate',
    'Abnormal answers',
    'window',
    'ratio',
    'ratio',
    'lower',
    'malformed or empty / measured requests',
    'Answered, but malformed or empty.',
  ),
  metric(
    'availability',
    'Availability',
    'window',
    'ratio',
    'ratio',
    'higher',
    'seconds not wholly failed / seconds with load',
    'Share of one-second bins with at least one request due in which not all failed.',
  ),
  metric(
    'concurrency',
    'Concurrency',
    'window',
    'count',
    'requests',
    'neither',
    '∫ in flight dt / window',
    'Time-weighted number of requests in flight.',
  ),
];

const byId: ReadonlyMap<string, Metric> = new Map(METRICS.map((each) => [each.id, each]));

export function findMetric(id: string): Metric | undefined {
  return byId.get(id);
}

function camel(id: string): string {
  return id.replace(/[-.](\w)/g, (_, letter: string) => letter.toUpperCase());
}
