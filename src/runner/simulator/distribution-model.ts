/**
 * An engine whose latencies are drawn from distributions whatever the load: each due time follows from the request's arrival and its own
 * draws, so lateness in writing one token never moves the next. Request number n gets the same draws in every run with the same seed.
 */
import type { Distribution } from '../../contract/distribution.ts';
import { createRandom, sampleDistribution, type Random } from '../platform/random.ts';
import { popTop, push, sinkTop } from './due-heap.ts';
import type { EngineModel, EngineRequest } from './engine-model.ts';

export interface DistributionModelOptions {
  readonly seed: number;
  readonly firstTokenMs: Distribution;
  readonly interTokenMs: Distribution;
}

interface Generation<Request> {
  readonly request: Request;
  readonly random: Random;
  dueMs: number;
  tokensLeft: number;
}

export function createDistributionModel<Request extends EngineRequest>(
  options: DistributionModelOptions,
): EngineModel<Request> {
  const heap: Generation<Request>[] = [];
  const generations = new Map<Request, Generation<Request>>();
  let promptTokens = 0;
  const draw = (distribution: Distribution, random: Random): number =>
    Math.max(0, sampleDistribution(distribution, random));

  const step = (generation: Generation<Request>): void => {
    if (generation.tokensLeft === generation.request.outputTokens) promptTokens += generation.request.inputTokens;
    generation.tokensLeft -= 1;
    if (generation.tokensLeft > 0) {
      generation.dueMs += draw(options.interTokenMs, generation.random);
      sinkTop(heap, generation);
    } else {
      generations.delete(generation.request);
      popTop(heap);
    }
  };

  return {
    submit(request, nowMs) {
      const random = createRandom(options.seed, 'latency', request.number);
      const dueMs = nowMs + draw(options.firstTokenMs, random);
      const generation = { request, random, dueMs, tokensLeft: request.outputTokens };
      request.progress.scheduledMs = nowMs;
      generations.set(request, generation);
      push(heap, generation);
    },
    cancel(request) {
      const generation = generations.get(request);
      // It stays in the heap until it is due and is passed over then.
      if (generation !== undefined) generation.tokensLeft = 0;
      generations.delete(request);
    },
    nextDueMs: () => heap[0]?.dueMs ?? Number.POSITIVE_INFINITY,
    advance(nowMs, most, onToken) {
      let left = most;
      for (let top = heap[0]; left > 0 && top !== undefined && top.dueMs <= nowMs; top = heap[0]) {
        if (top.tokensLeft === 0) {
          popTop(heap);
          continue;
        }
        const dueMs = top.dueMs;
        const { request } = top;
        step(top);
        left -= 1;
        onToken(request, dueMs);
      }
    },
    stats: () => ({
      running: generations.size,
      waiting: 0,
      kvUsageRatio: 0,
      prefixQueries: 0,
      prefixHits: 0,
      preemptions: 0,
      promptTokens,
      cachedPromptTokens: 0,
    }),
  };
}
