import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { checkPlan } from '../../../../src/runner/run/check-plan.ts';
import { timeBudget } from '../../../../src/runner/run/shared-budget.ts';
import type { FakeAnswer } from '../../../helpers/fake-load.ts';
import { flat, forTime, makeLoad, makeStage, makeWarmup, users } from '../../../helpers/make-load.ts';
import { makePlan } from '../../../helpers/make-plan.ts';
import { watchLoad, type WatchedLoad } from '../../../helpers/watch-load.ts';

const ten = (): FakeAnswer => ({ tookMs: 200, inputTokens: 6, outputTokens: 4 });

/** As the main thread does it: once the budget is spent, every worker is told. */
async function untilSpent(run: WatchedLoad): Promise<void> {
  while (run.budget?.isSpent !== true) await run.clock.advanceAsync(10);
  run.stop();
  await run.finish();
}

describe('a budget of requests', () => {
  const cases = [
    ['an open loop', makeLoad([makeStage('steady', flat(100), forTime(60_000))])],
    ['users', makeLoad([makeStage('users', users(8), forTime(60_000))])],
    [
      'a warm-up too',
      makeLoad([makeStage('steady', flat(100), forTime(60_000))], { warmup: makeWarmup(forTime(100)) }),
    ],
    ['a limit on flight', makeLoad([makeStage('steady', flat(100), forTime(60_000))], { inFlightLimit: 3 })],
  ] as const;
  for (const [name, load] of cases)
    it(`${name}: exactly as many are sent, over all workers, and those in flight finish`, async () => {
      for (const workers of [1, 2, 8]) {
        const run = watchLoad(load, ten, { workers, budget: { requests: 25 } });
        await untilSpent(run);
        assert.equal(run.sent().length, 25);
        assert.equal(run.budget?.spent?.kind, 'requests');
        assert.equal(run.records.filter(({ outcome }) => outcome === 'ok').length, 25);
        assert.ok(run.records.every(({ outcome, sentMs }) => outcome === 'ok' || sentMs === undefined));
        assert.equal(run.shared.inFlight, 0);
      }
    });
});

describe('a budget of tokens', () => {
  const load = makeLoad([makeStage('steady', flat(100), forTime(60_000))]);

  it('ends the load when the answers reach it; those in flight come on top', async () => {
    for (const workers of [1, 4]) {
      const run = watchLoad(load, ten, { workers, budget: { tokens: 300 } });
      await untilSpent(run);
      assert.equal(run.budget?.spent?.kind, 'tokens');
      // Thirty answers of ten tokens are over after half a second; the twenty or so in flight then finish.
      assert.ok(run.sent().length >= 48 && run.sent().length <= 52, `${run.sent().length}`);
      assert.ok(run.records.every(({ outcome }) => outcome === 'ok'));
    }
  });

  it('estimates what a server does not tell', async () => {
    // "prompt 17": nine characters, three tokens by estimate; two reads.
    const run = watchLoad(load, () => ({ tookMs: 10, reads: 2 }), { budget: { tokens: 100 } });
    await untilSpent(run);
    assert.ok(run.sent().length >= 20 && run.sent().length <= 23, `${run.sent().length}`);
  });

  it('cost is that of tokens', async () => {
    const price = { usdPerInputToken: 0.01, usdPerOutputToken: 0.02 };
    const run = watchLoad(load, ten, { budget: { costUsd: 1.4 }, price });
    await untilSpent(run);
    assert.equal(run.budget?.spent?.kind, 'cost');
    assert.ok(run.sent().length >= 28 && run.sent().length <= 32, `${run.sent().length}`);
  });
});

describe('a budget of time', () => {
  const { backend } = makePlan();
  it('is what is declared, or what the money lasts for', () => {
    const hourly = { ...backend, gpus: 2, price: { usdPerGpuHour: 3 } };
    assert.deepEqual(timeBudget({ budget: { timeMs: 5_000 }, backend }), { kind: 'time', ms: 5_000 });
    assert.deepEqual(timeBudget({ budget: { costUsd: 12 }, backend: hourly }), { kind: 'cost', ms: 7_200_000 });
    assert.deepEqual(timeBudget({ budget: { costUsd: 12, timeMs: 9 }, backend: hourly }), { kind: 'time', ms: 9 });
    assert.equal(timeBudget({ budget: { costUsd: 12 }, backend }), undefined);
    assert.equal(timeBudget({ backend: hourly }), undefined);
  });

  it('of money needs a price', () => {
    const { price: _, ...unpriced } = makePlan().backend;
    assert.throws(() => checkPlan(makePlan({ budget: { costUsd: 5 }, backend: unpriced })), /has no price/);
  });
});
