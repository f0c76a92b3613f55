import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { parseSimulatorOptions } from '../../../../src/runner/simulator/options.ts';
import { startSimulatorServer, type SimulatorServer } from '../../../../src/runner/simulator/server.ts';
import { BoundedHistogram } from '../../../../src/runner/simulator/exposition.ts';
import { parseExposition, type Exposition } from '../../../helpers/parse-exposition.ts';

let server: SimulatorServer;
before(async () => {
  const options = parseSimulatorOptions({
    engine: 'batching',
    step: '4ms',
    'step-per-prompt-token': '0ms',
    model: 'a "quoted"\\name',
  });
  server = await startSimulatorServer({ options, seed: 1 });
});
after(() => server.stop());

const prompt = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ');

async function complete(): Promise<{ usage: { prompt_tokens_details?: { cached_tokens: number } } }> {
  const body = JSON.stringify({ prompt, max_tokens: 5 });
  const response = await fetch(`${server.url}/v1/completions`, { method: 'POST', body });
  return (await response.json()) as { usage: { prompt_tokens_details?: { cached_tokens: number } } };
}

async function metrics(): Promise<Exposition> {
  const response = await fetch(`${server.url}/metrics`);
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  return parseExposition(await response.text());
}

describe('/metrics of the simulator', () => {
  it("has vLLM's names and counts what happened, in valid text format", async () => {
    await complete();
    const second = await complete();
    const { value, types } = await metrics();
    assert.equal(types.get('vllm:num_requests_running'), 'gauge');
    assert.equal(types.get('vllm:generation_tokens_total'), 'counter');
    assert.equal(types.get('vllm:time_to_first_token_seconds'), 'histogram');
    assert.deepEqual(
      [
        'vllm:num_requests_running',
        'vllm:num_requests_waiting',
        'vllm:kv_cache_usage_perc',
        'vllm:num_preemptions_total',
        'vllm:prompt_tokens_total',
        'vllm:generation_tokens_total',
        'vllm:prefix_cache_queries_total',
        'vllm:prefix_cache_hits_total',
      ].map((name) => value(name)),
      [0, 0, 0, 0, 80, 10, 80, 32],
    );
    // Two full blocks of 16 of the 40 tokens.
    assert.equal(second.usage.prompt_tokens_details?.cached_tokens, 32);
    assert.equal(value('vllm:request_success_total', { finished_reason: 'length' }), 2);
    assert.equal(value('vllm:time_to_first_token_seconds_count'), 2);
    assert.equal(value('vllm:inter_token_latency_seconds_count'), 8);
    assert.equal(value('vllm:e2e_request_latency_seconds_count'), 2);
    assert.equal(value('vllm:request_queue_time_seconds_bucket', { le: '0.3' }), 2);
    // Ten tokens in steps of at least 4 ms, one step for each.
    assert.ok(value('vllm:e2e_request_latency_seconds_sum') >= 0.04);
    assert.equal(value('vllm:iteration_tokens_total_sum'), 40 + 8 + 8);
    assert.equal(value('vllm:num_requests_running', { model_name: 'a "quoted"\\name', engine: '0' }), 0);
  });

  it('tells where prompts came from, what was asked for, and what the cache is set to', async () => {
    const { value, types } = await metrics();
    const bySource = ['local_compute', 'local_cache_hit', 'external_kv_transfer'].map((source) =>
      value('vllm:prompt_tokens_by_source_total', { source }),
    );
    assert.deepEqual(bySource, [48, 32, 0]);
    assert.equal(value('vllm:prompt_tokens_cached_total'), 32);
    assert.equal(value('vllm:num_requests_waiting_by_reason', { reason: 'capacity' }), 0);
    assert.equal(value('vllm:request_prefill_kv_computed_tokens_sum'), 48);
    assert.equal(value('vllm:request_params_max_tokens_sum'), 10);
    assert.equal(value('vllm:request_params_n_sum'), 2);
    assert.equal(value('vllm:request_max_num_generation_tokens_sum'), 10);
    assert.equal(value('vllm:request_num_preemptions_bucket', { le: '1.0' }), 2);
    assert.equal(types.get('vllm:cache_config_info'), 'gauge');
    const cache = { block_size: '16', num_gpu_blocks: '2200', enable_prefix_caching: 'True' };
    assert.equal(value('vllm:cache_config_info', cache), 1);
    // Of a request that holds 16,384 tokens at most.
    assert.equal(value('vllm:request_prompt_tokens_bucket', { le: '10000.0' }), 2);
    assert.throws(() => value('vllm:request_prompt_tokens_bucket', { le: '20000.0' }));
  });

  it('counts no request that never reached the engine', async () => {
    const finishedAfter = async (fault: string): Promise<number> => {
      const refusing = await startSimulatorServer({ options: parseSimulatorOptions({ [fault]: '1' }), seed: 1 });
      try {
        const body = JSON.stringify({ prompt: 'a', max_tokens: 1 });
        await fetch(`${refusing.url}/v1/completions`, { method: 'POST', body }).catch(() => undefined);
        const { value } = parseExposition(await (await fetch(`${refusing.url}/metrics`)).text());
        return value('vllm:request_success_total', { finished_reason: 'error' });
      } finally {
        await refusing.stop();
      }
    };
    assert.deepEqual(
      await Promise.all(['fault-429', 'fault-503', 'fault-reset', 'fault-500'].map(finishedAfter)),
      [0, 0, 0, 1],
    );
  });

  it('histograms count up to each bound, the bound included', () => {
    const histogram = new BoundedHistogram([1, 2]);
    for (const each of [0.5, 1, 1.5, 2, 99]) histogram.observe(each);
    const { value } = parseExposition(`# TYPE x histogram\n${histogram.render('x', {})}`);
    assert.deepEqual(
      ['1.0', '2.0', '+Inf'].map((le) => value('x_bucket', { le })),
      [2, 4, 5],
    );
    assert.deepEqual([value('x_sum'), value('x_count')], [104, 5]);
  });
});

describe('beside it', () => {
  it('tokenizes by words, tells its version, and refuses what is longer than its context', async () => {
    const post = (path: string, body: object): Promise<Response> =>
      fetch(server.url + path, { method: 'POST', body: JSON.stringify(body) });
    const told = (await (await post('/tokenize', { prompt: 'one two  one' })).json()) as Record<string, unknown>;
    assert.equal(told['count'], 3);
    assert.equal(told['max_model_len'], 16_384);
    const tokens = told['tokens'] as number[];
    assert.equal(tokens[0], tokens[2]);
    assert.notEqual(tokens[0], tokens[1]);
    const version = (await (await fetch(`${server.url}/version`)).json()) as { version: string };
    assert.match(version.version, /^\d/);
    const long = await post('/v1/completions', { prompt: 'word', max_tokens: 16_384 });
    assert.equal(long.status, 400);
    assert.match(await long.text(), /16384 tokens/);
  });

  it('counts lateness for each that watches, from its first question on', async () => {
    const watch = async (name: string): Promise<number> =>
      ((await (await fetch(`${server.url}/simulator/lateness/${name}`)).json()) as { tokens: number }).tokens;
    assert.equal(await watch('first'), 0);
    await complete();
    assert.equal(await watch('second'), 0);
    await complete();
    // A whole answer is one write.
    assert.deepEqual([await watch('first'), await watch('second')], [2, 1]);
  });
});
