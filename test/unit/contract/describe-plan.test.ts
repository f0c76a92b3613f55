import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describePlan } from '../../../src/contract/describe-plan.ts';
import { makePlan } from '../../helpers/make-plan.ts';

test('an open stage keeps rate × time per request in flight, where the backend declares its pace', () => {
  const description = describePlan(makePlan());
  // 120 ms to the first of 80 tokens, 79 gaps of 20 ms.
  assert.equal(Math.round(description.requestMsMean ?? 0), 1_700);
  assert.equal(Math.round(description.stages[0]?.concurrency ?? 0), 85);
});

test('expected concurrency is unknown for a server whose pace nobody declared', () => {
  const plan = makePlan();
  const description = describePlan({ ...plan, backend: { ...plan.backend, options: {} } });
  assert.equal(description.requestMsMean, undefined);
  assert.equal(description.stages[0]?.concurrency, undefined);
});

test('expected concurrency never exceeds the in-flight limit, and is the users of a closed loop', () => {
  const plan = makePlan();
  const limited = describePlan({ ...plan, load: { ...plan.load, inFlightLimit: 40 } });
  assert.equal(limited.stages[0]?.concurrency, 40);
  const users = describePlan({
    ...plan,
    load: {
      ...plan.load,
      stages: plan.load.stages.map((stage) => ({ ...stage, shape: { kind: 'closed', users: 7 } })),
    },
  });
  assert.equal(users.stages[0]?.concurrency, 7);
});

test('totals add up over the plan: requests, tokens, time', () => {
  const description = describePlan(makePlan());
  assert.equal(description.requests, 1_000);
  assert.equal(description.durationMs, 20_000);
  assert.equal(description.inputTokensTotal, 512_000);
  assert.equal(description.outputTokensTotal, 80_000);
});

test('a price gives an expected cost, and one that is not exceeded', () => {
  const plan = makePlan();
  const priced = (price: NonNullable<typeof plan.backend.price>): ReturnType<typeof describePlan> =>
    describePlan({ ...plan, backend: { ...plan.backend, price, gpus: 2 } });
  const byToken = priced({ usdPerInputToken: 1e-6, usdPerOutputToken: 2e-6 });
  assert.ok(Math.abs((byToken.costUsd ?? 0) - (0.512 + 0.16)) < 1e-9);
  assert.ok(Math.abs((byToken.costCeilingUsd ?? 0) - (0.512 + 0.256)) < 1e-9, 'every answer has 128 tokens');
  const byHour = priced({ usdPerGpuHour: 3.6 });
  assert.ok(Math.abs((byHour.costUsd ?? 0) - 0.04) < 1e-9);
  assert.ok(Math.abs((byHour.costCeilingUsd ?? 0) - 0.1) < 1e-9, '20 s and a drain of 30 s');
});

test('stages begin where those before them end, the warm-up included', () => {
  const plan = makePlan();
  const [steady] = plan.load.stages;
  assert.ok(steady);
  const { warmup } = plan.load;
  assert.ok(warmup);
  const stages = [steady, { ...steady, name: 'again' }, { ...steady, name: 'last' }];
  const startsOf = (changed: typeof warmup): (number | undefined)[] =>
    describePlan({ ...plan, load: { ...plan.load, warmup: changed, stages } }).stages.map(({ startMs }) => startMs);
  assert.deepEqual(startsOf({ ...warmup, until: { kind: 'time', durationMs: 5_000 } }), [5_000, 25_000, 45_000]);
  // 10 requests at the first stage's 50 per second.
  assert.deepEqual(startsOf({ ...warmup, until: { kind: 'requests', requests: 10 } }), [200, 20_200, 40_200]);
});

test('connections are those of the largest stage, with three standard deviations for chance', () => {
  const plan = makePlan();
  assert.deepEqual(describePlan(plan).connections, { expected: 85, high: 85 + 28 });
  assert.deepEqual(describePlan({ ...plan, load: { ...plan.load, inFlightLimit: 100 } }).connections, {
    expected: 85,
    high: 100,
  });
  assert.equal(describePlan({ ...plan, backend: { ...plan.backend, options: {} } }).connections, undefined);
});

test('without a declared pace, a limit on the mean time of a request tells what to reckon with', () => {
  const plan = makePlan();
  const [sla] = plan.slas;
  assert.ok(sla);
  const check = {
    kind: 'statistic',
    metric: 'e2e',
    statistic: 'p50',
    dimension: 'duration',
    comparison: '<',
    limit: 2_000,
  } as const;
  const description = describePlan({
    ...plan,
    backend: { ...plan.backend, options: {} },
    slas: [{ ...sla, text: 'e2e p50 < 2 s', check }],
  });
  assert.deepEqual(description.requestMsAllowed, { ms: 2_000, text: 'e2e p50 < 2 s' });
  assert.equal(description.stages[0]?.concurrency, 100);
});

test('tokens and cost are told for each stage', () => {
  const plan = makePlan();
  const priced = { ...plan, backend: { ...plan.backend, price: { usdPerInputToken: 1e-6, usdPerOutputToken: 2e-6 } } };
  const [stage] = describePlan(priced).stages;
  assert.equal(stage?.inputTokens, 512_000);
  assert.equal(stage.outputTokens, 80_000);
  assert.ok(Math.abs((stage.costUsd ?? 0) - 0.672) < 1e-9);
});
