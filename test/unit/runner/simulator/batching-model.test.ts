import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { createRandom } from '../../../../src/runner/platform/random.ts';
import { createBatchingModel, type BatchingOptions } from '../../../../src/runner/simulator/batching-model.ts';
import type { EngineModel, EngineRequest } from '../../../../src/runner/simulator/engine-model.ts';
import { engineRequest, type RequestShape } from '../../../helpers/engine-request.ts';

const round = (value: number): number => Math.round(value * 1e6) / 1e6;

const PLAIN: BatchingOptions = {
  stepMs: 10,
  stepPerSequenceMs: 0,
  stepPerContextTokenMs: 0,
  stepPerPromptTokenMs: 0,
  sendMs: 0,
  maxSequences: 8,
  maxBatchedTokens: 100,
  kvCacheTokens: 10_000,
  blockTokens: 10,
  hasPrefixCache: false,
};

interface Arrival extends RequestShape {
  readonly atMs?: number;
}

interface Ran {
  readonly model: EngineModel<EngineRequest>;
  readonly requests: readonly EngineRequest[];
  /** By request: when its tokens were due. */
  readonly dueMs: readonly (readonly number[])[];
}

/** Plays arrivals to a model whose owner looks in `lateMs` after something is due. */
function play(options: Partial<BatchingOptions>, arrivals: readonly Arrival[], lateMs = 0): Ran {
  const model = createBatchingModel<EngineRequest>({ ...PLAIN, ...options });
  const requests = arrivals.map((arrival, number) => engineRequest(number, arrival));
  const dueMs: number[][] = requests.map(() => []);
  const advance = (nowMs: number): void =>
    model.advance(nowMs, Number.POSITIVE_INFINITY, ({ number }, atMs) => dueMs[number]?.push(round(atMs)));
  arrivals.forEach(({ atMs = 0 }, number) => {
    while (model.nextDueMs() + lateMs < atMs) advance(model.nextDueMs() + lateMs);
    model.submit(requests[number] as EngineRequest, atMs);
  });
  while (model.nextDueMs() !== Number.POSITIVE_INFINITY) advance(model.nextDueMs() + lateMs);
  return { model, requests, dueMs };
}

const CASES: readonly {
  readonly name: string;
  readonly options: Partial<BatchingOptions>;
  readonly arrivals: readonly Arrival[];
  readonly dueMs: readonly (readonly number[])[];
}[] = [
  {
    name: 'one request: its prompt in one step, then a step for each token',
    options: { stepPerSequenceMs: 1, stepPerPromptTokenMs: 0.1 },
    arrivals: [{ inputTokens: 50, outputTokens: 3 }],
    // 10 + 1 + 50 · 0.1, then 10 + 1 each.
    dueMs: [[16, 27, 38]],
  },
  {
    name: 'a prompt longer than the token budget is computed in pieces',
    options: { stepPerSequenceMs: 1, stepPerPromptTokenMs: 0.1 },
    arrivals: [{ inputTokens: 250, outputTokens: 1 }],
    // Twice 10 + 1 + 10, then 10 + 1 + 5.
    dueMs: [[58]],
  },
  {
    name: 'a later request joins at the next step and slows the first one with its prompt',
    options: { stepPerSequenceMs: 1, stepPerPromptTokenMs: 0.1 },
    arrivals: [
      { inputTokens: 50, outputTokens: 3 },
      { inputTokens: 50, outputTokens: 2, atMs: 5 },
    ],
    // Together 10 + 2 + 5, then 10 + 2.
    dueMs: [
      [16, 33, 45],
      [33, 45],
    ],
  },
  {
    name: 'each running answer takes a token of the budget; the rest is for prompts',
    options: { maxBatchedTokens: 20, stepPerPromptTokenMs: 1 },
    arrivals: [
      { inputTokens: 10, outputTokens: 4 },
      { inputTokens: 30, outputTokens: 1, atMs: 1 },
    ],
    // 19 of the second prompt's tokens fit beside the first answer's, then the other 11.
    dueMs: [[20, 49, 70, 80], [70]],
  },
  {
    name: 'no more sequences than allowed run at once; the others wait in order',
    options: { maxSequences: 1 },
    arrivals: [{ outputTokens: 2 }, { outputTokens: 2 }, { outputTokens: 1 }],
    dueMs: [[10, 20], [30, 40], [50]],
  },
  {
    name: 'reading the context costs time',
    options: { stepPerContextTokenMs: 0.01 },
    arrivals: [{ inputTokens: 50, outputTokens: 3 }],
    // 50, 51 and 52 tokens of context.
    dueMs: [[10.5, 21.01, 31.53]],
  },
  {
    name: 'the front end sends one token after another',
    options: { sendMs: 2 },
    arrivals: [{ outputTokens: 2 }, { outputTokens: 1, atMs: 1 }],
    dueMs: [[12, 22], [24]],
  },
  {
    name: 'when blocks run out, the request scheduled last is computed again later',
    options: { kvCacheTokens: 40 },
    arrivals: [
      { inputTokens: 19, outputTokens: 5 },
      { inputTokens: 19, outputTokens: 5 },
    ],
    // At 20 the first needs a third block: the second gives its two, and gets them back when the first is over.
    dueMs: [
      [10, 20, 30, 40, 50],
      [20, 60, 70, 80, 90],
    ],
  },
  {
    name: 'a prompt that the cache knows is computed from its first unknown block on',
    options: { hasPrefixCache: true, stepPerPromptTokenMs: 0.1 },
    arrivals: [
      { inputTokens: 35, text: 7 },
      { inputTokens: 35, text: 7, atMs: 20 },
      { inputTokens: 40, text: 7, atMs: 40 },
      { inputTokens: 35, text: 8, atMs: 60 },
    ],
    // 35; then 5 after three known blocks; then 10 (at least the last token is computed); then 35 of another text.
    dueMs: [[13.5], [30.5], [51], [73.5]],
  },
  {
    name: 'the answer is in the cache too: a conversation goes on where it was',
    options: { hasPrefixCache: true, stepPerPromptTokenMs: 1 },
    arrivals: [
      { inputTokens: 15, outputTokens: 10, text: 7 },
      { inputTokens: 30, outputTokens: 1, text: 7, atMs: 200 },
    ],
    // 24 tokens were computed (nobody needed the last one's keys and values): two full blocks.
    dueMs: [[25, 35, 45, 55, 65, 75, 85, 95, 105, 115], [220]],
  },
  {
    name: 'what was not used for longest is forgotten first, ends before beginnings',
    options: { hasPrefixCache: true, kvCacheTokens: 60, stepPerPromptTokenMs: 1 },
    arrivals: [
      { inputTokens: 29, text: 1 },
      { inputTokens: 29, text: 2, atMs: 100 },
      { inputTokens: 49, text: 3, atMs: 200 },
      { inputTokens: 29, text: 2, atMs: 300 },
      { inputTokens: 29, text: 1, atMs: 400 },
    ],
    // The third needs five blocks: those of the first and the end of the second go.
    dueMs: [[39], [139], [259], [329], [439]],
  },
];

describe('the batching model, by hand', () => {
  for (const { name, options, arrivals, dueMs } of CASES)
    it(name, () => assert.deepEqual(play(options, arrivals).dueMs, dueMs));

  it('is not moved by an owner who looks in late', () => {
    for (const { name, options, arrivals, dueMs } of CASES)
      assert.deepEqual(play(options, arrivals, 37).dueMs, dueMs, name);
  });

  it('tells what it did: preemptions, the cache, the queue', () => {
    const crowded = play({ kvCacheTokens: 40 }, [
      { inputTokens: 19, outputTokens: 5 },
      { inputTokens: 19, outputTokens: 5 },
    ]);
    assert.equal(crowded.model.stats().preemptions, 1);
    assert.deepEqual(crowded.requests[1]?.progress, { cachedTokens: 0, preemptions: 1, scheduledMs: 10 });
    const cached = play({ hasPrefixCache: true }, [
      { inputTokens: 35, text: 7 },
      { inputTokens: 35, text: 7, atMs: 20 },
    ]);
    const { prefixQueries, prefixHits, promptTokens, kvUsageRatio, running, waiting } = cached.model.stats();
    assert.deepEqual([prefixQueries, prefixHits, promptTokens], [70, 30, 70]);
    assert.deepEqual([kvUsageRatio, running, waiting], [0, 0, 0]);
    assert.equal(cached.requests[1]?.progress.cachedTokens, 30);
  });

  it('hands over no more tokens than asked, and the rest the next time', () => {
    const model = createBatchingModel<EngineRequest>(PLAIN);
    for (let number = 0; number < 5; number += 1) model.submit(engineRequest(number), 0);
    const seen: number[] = [];
    const take = (most: number): void => model.advance(30, most, ({ number }) => seen.push(number));
    take(2);
    assert.deepEqual(seen, [0, 1]);
    assert.ok(model.nextDueMs() <= 30);
    take(100);
    assert.deepEqual(seen, [0, 1, 2, 3, 4]);
    assert.equal(model.nextDueMs(), Number.POSITIVE_INFINITY);
  });

  it('forgets a client that is gone, running, waiting or with a token on its way', () => {
    const model = createBatchingModel<EngineRequest>({ ...PLAIN, maxSequences: 2 });
    const requests = [0, 1, 2, 3].map((number) => engineRequest(number, { outputTokens: number === 3 ? 1 : 3 }));
    const [first, second, third] = requests as [EngineRequest, EngineRequest, EngineRequest];
    for (const request of requests) model.submit(request, 0);
    const seen: string[] = [];
    const advance = (): void =>
      model.advance(model.nextDueMs(), 100, ({ number }, dueMs) => seen.push(`${number} at ${dueMs}`));
    advance();
    model.cancel(third);
    model.cancel(first);
    assert.deepEqual([model.stats().running, model.stats().waiting], [1, 1]);
    while (model.nextDueMs() !== Number.POSITIVE_INFINITY) advance();
    model.cancel(second);
    assert.deepEqual(seen, ['0 at 10', '1 at 20', '1 at 30', '3 at 30', '1 at 40']);
    assert.deepEqual([model.stats().running, model.stats().waiting, model.stats().kvUsageRatio], [0, 0, 0]);
  });

  it('takes an empty prompt for one token', () => {
    assert.deepEqual(play({}, [{ inputTokens: 0, outputTokens: 2 }]).dueMs, [[10, 20]]);
  });
});

describe('the batching model, by law', () => {
  const poisson = (ratePerSecond: number, count: number): Arrival[] => {
    const random = createRandom(1, 'arrivals', ratePerSecond);
    let atMs = 0;
    return Array.from({ length: count }, () => {
      atMs -= (Math.log(1 - random()) / ratePerSecond) * 1_000;
      return { atMs, inputTokens: 20, outputTokens: 1 + Math.floor(random() * 39) };
    });
  };
  const ENGINE: Partial<BatchingOptions> = {
    stepMs: 20,
    stepPerSequenceMs: 0.5,
    maxSequences: 64,
    maxBatchedTokens: 2_048,
    kvCacheTokens: 100_000,
  };

  it('makes, when saturated, as many tokens per second as sequences in a step by the time of a step', () => {
    const { dueMs } = play(
      ENGINE,
      Array.from({ length: 64 * 20 }, () => ({ inputTokens: 1, outputTokens: 50 })),
    );
    const endMs = Math.max(...dueMs.map((each) => each.at(-1) as number));
    const tokensPerMs = (64 * 20 * 50) / endMs;
    assert.ok(Math.abs(tokensPerMs / (64 / (20 + 64 * 0.5)) - 1) < 0.01, `${tokensPerMs * 1_000} tokens/s`);
  });

  it("holds as many requests on average as arrive per second times how long they stay (Little's law)", () => {
    const arrivals = poisson(40, 8_000);
    const model = createBatchingModel<EngineRequest>({ ...PLAIN, ...ENGINE });
    const stayedMs: number[] = [];
    let present = 0;
    let looks = 0;
    const onToken = ({ number, outputTokens }: EngineRequest, dueMs: number): void => {
      remaining[number] = (remaining[number] ?? outputTokens) - 1;
      if (remaining[number] === 0) stayedMs.push(dueMs - (arrivals[number]?.atMs as number));
    };
    const remaining: number[] = [];
    let next = 0;
    const endMs = arrivals.at(-1)?.atMs as number;
    for (let nowMs = 0; nowMs < endMs; nowMs += 5) {
      for (; (arrivals[next]?.atMs ?? Number.POSITIVE_INFINITY) <= nowMs; next += 1) {
        const atMs = arrivals[next]?.atMs as number;
        model.advance(atMs, Number.POSITIVE_INFINITY, onToken);
        model.submit(engineRequest(next, arrivals[next]), atMs);
      }
      model.advance(nowMs, Number.POSITIVE_INFINITY, onToken);
      const { running, waiting } = model.stats();
      present += running + waiting;
      looks += 1;
    }
    const meanStayMs = stayedMs.reduce((sum, value) => sum + value, 0) / stayedMs.length;
    const expected = (arrivals.length / endMs) * meanStayMs;
    assert.ok(Math.abs(present / looks / expected - 1) < 0.01, `${present / looks} present, ${expected} expected`);
    assert.ok(expected > 10);
  });

  it('keeps its promises below saturation and breaks nearly all of them above', () => {
    // 64 sequences of 20.5 tokens on average: 60 requests per second at most.
    const goodput = (ratePerSecond: number): number => {
      const arrivals = poisson(ratePerSecond, 3_000);
      const { dueMs } = play(ENGINE, arrivals);
      const good = dueMs.filter((each, number) => (each[0] as number) - (arrivals[number]?.atMs as number) < 500);
      return good.length / arrivals.length;
    };
    assert.equal(goodput(30), 1);
    assert.ok(goodput(50) > 0.95, `${goodput(50)}`);
    assert.ok(goodput(90) < 0.15, `${goodput(90)}`);
  });

  it('gives first tokens sooner, and takes more load, where prompts share their beginning', () => {
    const arrivals = (text: (number: number) => number): Arrival[] =>
      Array.from({ length: 200 }, (_, number) => ({
        atMs: number * 50,
        inputTokens: 400,
        outputTokens: 5,
        text: text(number),
      }));
    const slow: Partial<BatchingOptions> = { ...ENGINE, stepPerPromptTokenMs: 0.12, hasPrefixCache: true };
    const firstMs = (ran: Ran, all: readonly Arrival[]): number =>
      ran.dueMs.reduce((sum, each, number) => sum + (each[0] as number) - (all[number]?.atMs as number), 0) /
      all.length;
    const shared = arrivals((number) => number % 4);
    const own = arrivals((number) => number);
    const [sharedMs, ownMs] = [firstMs(play(slow, shared), shared), firstMs(play(slow, own), own)];
    assert.ok(sharedMs < 50, `${sharedMs}`);
    assert.ok(ownMs > 10 * sharedMs, `${ownMs} against ${sharedMs}`);
  });
});
