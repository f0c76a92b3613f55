/**
 * What the simulator tells at `/metrics`, under the names and with the buckets of vLLM's V1 engine (vllm/v1/metrics/loggers.py), so that
 * what reads a vLLM reads the simulator. Its own lateness stands beside them.
 */
import type { EngineProgress, EngineStats } from './engine-model.ts';
import { BoundedHistogram, renderHead, renderSamples, type Labels } from './exposition.ts';

const FIRST_TOKEN_S = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560,
];
const TOKEN_GAP_S = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80];
const REQUEST_S = [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680];
const STEP_TOKENS = [1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384];
const REQUEST_TOKENS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];
const REQUEST_PREEMPTIONS = [1, 2, 3, 4, 5, 10, 20];
const REQUEST_ANSWERS = [1, 2, 5, 10, 20];
const LATENESS_S = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5];

/** Histograms by name, with what vLLM says of them. */
const HISTOGRAMS = {
  'vllm:iteration_tokens_total': [STEP_TOKENS, 'Tokens in each engine step.'],
  'vllm:time_to_first_token_seconds': [FIRST_TOKEN_S, 'Time to first token.'],
  'vllm:inter_token_latency_seconds': [TOKEN_GAP_S, 'Time between neighbouring tokens.'],
  'vllm:request_time_per_output_token_seconds': [TOKEN_GAP_S, 'Mean time per output token of a request.'],
  'vllm:e2e_request_latency_seconds': [REQUEST_S, 'Time from arrival to the last token.'],
  'vllm:request_queue_time_seconds': [REQUEST_S, 'Time a request waited.'],
  'vllm:request_inference_time_seconds': [REQUEST_S, 'Time from leaving the queue to the last token.'],
  'vllm:request_prefill_time_seconds': [REQUEST_S, 'Time from leaving the queue to the first token.'],
  'vllm:request_decode_time_seconds': [REQUEST_S, 'Time from the first token to the last.'],
  'vllm:request_prompt_tokens': [REQUEST_TOKENS, 'Prompt tokens of a request.'],
  'vllm:request_generation_tokens': [REQUEST_TOKENS, 'Generated tokens of a request.'],
  'vllm:request_max_num_generation_tokens': [REQUEST_TOKENS, 'Generated tokens of the longest answer to a request.'],
  'vllm:request_params_max_tokens': [REQUEST_TOKENS, 'Tokens a request asked for.'],
  'vllm:request_params_n': [REQUEST_ANSWERS, 'Answers a request asked for.'],
  'vllm:request_num_preemptions': [REQUEST_PREEMPTIONS, 'How often a request lost its blocks.'],
  'vllm:request_prefill_kv_computed_tokens': [REQUEST_TOKENS, 'Prompt tokens of a request that were not cached.'],
  benchwright_simulator_token_lateness_seconds: [
    LATENESS_S,
    'How much later than its model wanted the simulator wrote a token.',
  ],
} as const satisfies Record<string, readonly [readonly number[], string]>;
type HistogramName = keyof typeof HISTOGRAMS;

const FINISH_REASONS = ['stop', 'length', 'abort', 'error', 'repetition'] as const;
export type FinishReason = (typeof FINISH_REASONS)[number];

/** What became of a request. Instants are those of writing. */
export interface FinishedRequest {
  readonly receivedMs: number;
  /** Absent: nothing was written. */
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
  readonly inputTokens: number;
  readonly generatedTokens: number;
  /** Absent: the request named no length. */
  readonly askedTokens: number | undefined;
  readonly progress: EngineProgress;
}

/** Of an engine with a KV cache, which vLLM tells as labels. */
export interface CacheConfig {
  readonly maxModelTokens: number;
  readonly kvCacheTokens: number;
  readonly blockTokens: number;
  readonly hasPrefixCache: boolean;
}

/** A value, with the labels that it has beside those of all. */
type Values = readonly (readonly [value: number, labels?: Labels])[];
type Single = readonly [name: string, type: 'counter' | 'gauge', help: string, values: Values];

export class EngineMetrics {
  readonly #cache: CacheConfig | undefined;
  readonly #histograms: ReadonlyMap<string, BoundedHistogram>;
  readonly #finished: Record<FinishReason, number> = { stop: 0, length: 0, abort: 0, error: 0, repetition: 0 };
  #generatedTokens = 0;

  constructor(cache?: CacheConfig) {
    this.#cache = cache;
    this.#histograms = new Map(
      Object.entries(HISTOGRAMS).map(([name, [bounds]]) => [name, new BoundedHistogram(reachable(bounds, cache))]),
    );
  }

  step(tokens: number): void {
    this.#observe('vllm:iteration_tokens_total', tokens);
  }

  /** A token was written: `gapMs` after the one before it, `lateMs` after the model wanted it. */
  token(gapMs: number | undefined, lateMs: number): void {
    this.#generatedTokens += 1;
    if (gapMs !== undefined) this.#observe('vllm:inter_token_latency_seconds', gapMs / 1000);
    this.#observe('benchwright_simulator_token_lateness_seconds', Math.max(0, lateMs) / 1000);
  }

  firstToken(afterMs: number): void {
    this.#observe('vllm:time_to_first_token_seconds', afterMs / 1000);
  }

  finished(reason: FinishReason, request: FinishedRequest): void {
    this.#finished[reason] += 1;
    const { receivedMs, firstMs, lastMs, inputTokens, generatedTokens, askedTokens, progress } = request;
    const { scheduledMs, cachedTokens, preemptions } = progress;
    if (firstMs === undefined || lastMs === undefined || scheduledMs === undefined) return;
    this.#observe('vllm:e2e_request_latency_seconds', (lastMs - receivedMs) / 1000);
    this.#observe('vllm:request_queue_time_seconds', (scheduledMs - receivedMs) / 1000);
    this.#observe('vllm:request_inference_time_seconds', (lastMs - scheduledMs) / 1000);
    this.#observe('vllm:request_prefill_time_seconds', (firstMs - scheduledMs) / 1000);
    this.#observe('vllm:request_decode_time_seconds', (lastMs - firstMs) / 1000);
    this.#observe('vllm:request_prompt_tokens', inputTokens);
    this.#observe('vllm:request_generation_tokens', generatedTokens);
    this.#observe('vllm:request_max_num_generation_tokens', generatedTokens);
    this.#observe('vllm:request_params_n', 1);
    this.#observe('vllm:request_num_preemptions', preemptions);
    this.#observe('vllm:request_prefill_kv_computed_tokens', inputTokens - cachedTokens);
    if (askedTokens !== undefined) this.#observe('vllm:request_params_max_tokens', askedTokens);
    if (generatedTokens > 1)
      this.#observe('vllm:request_time_per_output_token_seconds', (lastMs - firstMs) / 1000 / (generatedTokens - 1));
  }

  /** The whole page. */
  render(stats: EngineStats, model: string): string {
    const labels: Labels = { engine: '0', model_name: model };
    const metric = (name: string, type: 'counter' | 'gauge', help: string, values: Values): string =>
      renderHead(name, type, help) +
      renderSamples(
        name,
        values.map(([value, more]) => ({ labels: { ...labels, ...more }, value })),
      );
    const histograms = Object.entries(HISTOGRAMS).map(
      ([name, [, help]]) =>
        renderHead(name, 'histogram', help) + (this.#histograms.get(name) as BoundedHistogram).render(name, labels),
    );
    return [...this.#singles(stats).map((each) => metric(...each)), this.#renderCache(), ...histograms].join('');
  }

  #singles(stats: EngineStats): readonly Single[] {
    const { running, waiting, kvUsageRatio, prefixQueries, prefixHits, promptTokens, cachedPromptTokens } = stats;
    return [
      ['vllm:num_requests_running', 'gauge', 'Requests in the running batch.', [[running]]],
      ['vllm:num_requests_waiting', 'gauge', 'Requests waiting to be processed.', [[waiting]]],
      [
        'vllm:num_requests_waiting_by_reason',
        'gauge',
        'Requests waiting, by what they wait for.',
        [
          [waiting, { reason: 'capacity' }],
          [0, { reason: 'deferred' }],
        ],
      ],
      ['vllm:kv_cache_usage_perc', 'gauge', 'KV-cache usage, 1 is full.', [[kvUsageRatio]]],
      ['vllm:prefix_cache_queries_total', 'counter', 'Tokens looked for in the prefix cache.', [[prefixQueries]]],
      ['vllm:prefix_cache_hits_total', 'counter', 'Tokens found in the prefix cache.', [[prefixHits]]],
      ['vllm:num_preemptions_total', 'counter', 'Preemptions so far.', [[stats.preemptions]]],
      ['vllm:prompt_tokens_total', 'counter', 'Prompt tokens processed.', [[promptTokens]]],
      [
        'vllm:prompt_tokens_by_source_total',
        'counter',
        'Prompt tokens processed, by where they came from.',
        [
          [promptTokens - cachedPromptTokens, { source: 'local_compute' }],
          [cachedPromptTokens, { source: 'local_cache_hit' }],
          [0, { source: 'external_kv_transfer' }],
        ],
      ],
      [
        'vllm:prompt_tokens_cached_total',
        'counter',
        'Prompt tokens taken from the prefix cache.',
        [[cachedPromptTokens]],
      ],
      ['vllm:generation_tokens_total', 'counter', 'Tokens generated.', [[this.#generatedTokens]]],
      [
        'vllm:request_success_total',
        'counter',
        'Finished requests.',
        FINISH_REASONS.map((reason) => [this.#finished[reason], { finished_reason: reason }]),
      ],
    ];
  }

  #renderCache(): string {
    if (this.#cache === undefined) return '';
    const { kvCacheTokens, blockTokens, hasPrefixCache } = this.#cache;
    const labels: Labels = {
      engine: '0',
      block_size: String(blockTokens),
      num_gpu_blocks: String(Math.floor(kvCacheTokens / blockTokens)),
      enable_prefix_caching: hasPrefixCache ? 'True' : 'False',
    };
    const name = 'vllm:cache_config_info';
    return renderHead(name, 'gauge', 'What the KV cache is set to.') + renderSamples(name, [{ labels, value: 1 }]);
  }

  #observe(name: HistogramName, value: number): void {
    (this.#histograms.get(name) as BoundedHistogram).observe(value);
  }
}

/** vLLM leaves out bounds that no request reaches. */
function reachable(bounds: readonly number[], cache: CacheConfig | undefined): readonly number[] {
  if (bounds !== REQUEST_TOKENS || cache === undefined) return bounds;
  return bounds.filter((bound) => bound <= cache.maxModelTokens);
}
