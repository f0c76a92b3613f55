import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import type { FakeAnswer } from '../../../helpers/fake-load.ts';
import { flat, forRequests, forTime, makeLoad, makeStage, makeWarmup, users } from '../../../helpers/make-load.ts';
import { watchLoad as watch } from '../../../helpers/watch-load.ts';

const after = (tookMs: number) => (): FakeAnswer => ({ tookMs });
const byId = (left: { id: number }, right: { id: number }): number => left.id - right.id;

describe('open loop', () => {
  it('sends each request when it is due, whatever the server does', async () => {
    const load = makeLoad([makeStage('steady', flat(10), forTime(1_000))]);
    const run = watch(load, after(5_000));
    const endedMs = await run.finish();
    assert.deepEqual(
      run.sent().map(({ dueMs }) => Math.round(dueMs)),
      [50, 150, 250, 350, 450, 550, 650, 750, 850, 950],
    );
    assert.ok(run.sent().every(({ dueMs, sentMs }) => sentMs - dueMs < 1e-9));
    assert.deepEqual(
      run.records.map(({ outcome }) => outcome),
      Array.from({ length: 10 }, () => 'ok'),
    );
    assert.ok(endedMs >= 5_950 && endedMs < 6_100, `ended at ${endedMs}`);
  });

  it('makes requests ready before they are due', async () => {
    const load = makeLoad([makeStage('steady', flat(10), forTime(1_000))]);
    const run = watch(load, after(10));
    await run.clock.advanceAsync(40);
    assert.ok(run.prepared().length > 1, `${run.prepared().length} prepared`);
    assert.equal(run.sent().length, 0);
    await run.finish();
    assert.deepEqual(
      [...run.prepared()].sort(),
      Array.from({ length: 10 }, (_, number) => `prompt ${number}`),
    );
  });

  it('gives the same arrivals for 1, 2 and 8 workers', async () => {
    const load = makeLoad([
      makeStage('first', flat(200, 'poisson'), forTime(2_000)),
      makeStage('second', flat(50, 'poisson'), forRequests(60)),
      makeStage('third', flat(100), forTime(500)),
    ]);
    const schedules = await Promise.all(
      [1, 2, 8].map(async (workers) => {
        const run = watch(load, after(20), { workers, seed: 9 });
        await run.finish();
        return run
          .sent()
          .toSorted(byId)
          .map(({ id, stage, dueMs }) => ({ id, stage, dueMs }));
      }),
    );
    assert.ok((schedules[0]?.length ?? 0) > 450);
    assert.deepEqual(
      schedules[0]?.map(({ id }) => id),
      schedules[0]?.map((_, index) => index),
    );
    assert.deepEqual(schedules[1], schedules[0]);
    assert.deepEqual(schedules[2], schedules[0]);
  });

  it('runs ten minutes of a ramp in no time', async () => {
    const ramp = { kind: 'ramp', fromPerSecond: 1, toPerSecond: 9 } as const;
    const load = makeLoad([
      makeStage('ramp', { kind: 'open', arrivals: { kind: 'constant' }, rate: ramp }, forTime(600_000)),
    ]);
    const run = watch(load, after(50));
    await run.finish(60_000);
    assert.equal(run.records.length, 3_000);
  });
});

describe('the limit on flight', () => {
  const stage = [makeStage('burst', flat(100), forTime(1_000))];

  it('queue: never above it, requests wait in the order they were due, over all workers', async () => {
    for (const workers of [1, 3]) {
      const run = watch(makeLoad(stage, { inFlightLimit: 5 }), after(100), { workers });
      await run.finish();
      assert.equal(run.mostInFlight(), 5);
      assert.equal(run.records.filter(({ outcome }) => outcome === 'ok').length, 100);
      const order = run.sent().map(({ dueMs }) => dueMs);
      assert.deepEqual(
        order,
        order.toSorted((left, right) => left - right),
      );
      assert.ok(
        run.sent().some(({ dueMs, sentMs }) => sentMs - dueMs > 900),
        'somebody waited',
      );
    }
  });

  it('drop: never above it, and what is not sent is recorded as dropped', async () => {
    const run = watch(makeLoad(stage, { inFlightLimit: 5, overload: 'drop' }), after(100));
    await run.finish();
    assert.equal(run.mostInFlight(), 5);
    const dropped = run.records.filter(({ outcome }) => outcome === 'dropped');
    assert.equal(run.records.length, 100);
    assert.ok(dropped.length > 40);
    assert.ok(dropped.every(({ sentMs }) => sentMs === undefined));
  });

  it('holds for users too: 8 users with 3 slots', async () => {
    const load = makeLoad([makeStage('users', users(8), forRequests(40))], { inFlightLimit: 3 });
    const run = watch(load, after(50), { workers: 2 });
    await run.finish();
    assert.equal(run.mostInFlight(), 3);
    assert.equal(run.records.length, 40);
  });

  it('drop with users does not spin', async () => {
    const load = makeLoad([makeStage('users', users(8), forTime(1_000))], { inFlightLimit: 3, overload: 'drop' });
    const run = watch(load, after(50));
    await run.finish();
    assert.ok(run.records.length < 200, `${run.records.length} requests`);
  });
});

describe('closed loop', () => {
  it('each user sends again when the answer is there and the think time is over', async () => {
    const run = watch(makeLoad([makeStage('users', users(2, 30), forTime(300))]), after(70));
    await run.finish();
    assert.deepEqual(
      run.sent().map(({ dueMs, sentMs }) => [dueMs, sentMs]),
      [0, 100, 200].flatMap((atMs) => [
        [atMs, atMs],
        [atMs, atMs],
      ]),
    );
  });

  it('a count is shared by all workers, and the stage ends when its last request is over', async () => {
    const load = makeLoad([makeStage('count', users(4), forRequests(10)), makeStage('next', flat(100), forTime(50))]);
    for (const workers of [1, 2]) {
      const run = watch(load, after(100), { workers });
      await run.finish();
      const sent = run.sent();
      assert.equal(sent.filter(({ stage }) => stage === 'count').length, 10);
      assert.deepEqual(
        sent.map(({ id }) => id).toSorted((left, right) => left - right),
        sent.map((_, index) => index),
      );
      assert.equal(run.shared.startOf(1), 300);
      assert.deepEqual(
        sent.filter(({ stage }) => stage === 'next').map(({ dueMs }) => dueMs),
        [305, 315, 325, 335, 345],
      );
    }
  });

  it('users go on from stage to stage: none starts anew, more join, fewer stay', async () => {
    const load = makeLoad([
      makeStage('two', users(2), forTime(250)),
      makeStage('four', users(4), forTime(250)),
      makeStage('one', users(1), forTime(250)),
    ]);
    const run = watch(load, after(100));
    await run.finish();
    assert.deepEqual(
      ['two', 'four', 'one'].map((stage) =>
        run
          .sent()
          .filter((each) => each.stage === stage)
          .map(({ dueMs }) => dueMs),
      ),
      [
        [0, 0, 100, 100, 200, 200],
        [250, 250, 300, 300, 350, 350, 400, 400, 450, 450],
        [500, 600, 700],
      ],
    );
    assert.equal(run.mostInFlight(), 4);
  });

  it('users whose connection is refused pause; users who get an error answer do not', async () => {
    const load = makeLoad([makeStage('users', users(1), forTime(1_000))]);
    const refused = watch(load, () => ({ tookMs: 1, outcome: 'failed', reason: 'connection-refused' }));
    await refused.finish();
    assert.ok(refused.records.length <= 10, `${refused.records.length}`);
    const limited = watch(load, () => ({ tookMs: 10, outcome: 'failed', reason: 'rate-limited', status: 429 }));
    await limited.finish();
    assert.equal(limited.records.length, 100);
  });
});

describe('warm-up', () => {
  it('has negative numbers and the stage name warmup, and takes the first stage as it is', async () => {
    const load = makeLoad([makeStage('steady', flat(50), forTime(200))], { warmup: makeWarmup(forRequests(3)) });
    const run = watch(load, after(10), { promptCount: 100 });
    await run.finish();
    assert.deepEqual(
      run.sent().map(({ id, stage, dueMs }) => [id, stage, dueMs]),
      [
        [-1, 'warmup', 10],
        [-2, 'warmup', 30],
        [-3, 'warmup', 50],
        ...Array.from({ length: 10 }, (_, index) => [index, 'steady', 70 + 20 * index]),
      ],
    );
    assert.deepEqual(
      run.prompts.toSorted((left, right) => left - right),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 97, 98, 99],
    );
  });

  it('hands over without draining: its requests are in flight while the first stage runs', async () => {
    const load = makeLoad([makeStage('steady', flat(50), forTime(200))], { warmup: makeWarmup(forTime(100), 20) });
    const run = watch(load, after(150));
    await run.finish();
    const lastWarm = run.records.filter(({ stage }) => stage === 'warmup').at(-1);
    assert.ok((lastWarm?.endMs ?? 0) > 200 && (lastWarm?.dueMs ?? 0) < 100);
    assert.equal(run.sent().find(({ stage }) => stage === 'steady')?.dueMs, 110);
  });

  it('of users by count ends when its requests are taken: every user goes on at once', async () => {
    for (const workers of [1, 2]) {
      const load = makeLoad([makeStage('users', users(3), forTime(500))], { warmup: makeWarmup(forRequests(4)) });
      const run = watch(load, after(100), { workers });
      await run.finish();
      assert.equal(run.sent().filter(({ stage }) => stage === 'warmup').length, 4);
      assert.equal(run.shared.startOf(1), 100);
      assert.deepEqual(
        run.sent().map(({ sentMs }) => sentMs),
        [0, 100, 200, 300, 400, 500].flatMap((atMs) => [atMs, atMs, atMs]),
      );
      assert.equal(run.mostInFlight(), 3);
    }
  });

  it('draws its prompts from far away where the dataset is endless', async () => {
    const load = makeLoad([makeStage('steady', flat(50), forTime(40))], { warmup: makeWarmup(forRequests(1)) });
    const run = watch(load, after(10));
    await run.finish();
    assert.deepEqual(
      run.prompts.toSorted((left, right) => left - right),
      [0, 1, 1_000_000_001],
    );
  });
});

describe('the end', () => {
  const load = makeLoad([makeStage('steady', flat(10), forTime(1_000))], { drainMs: 2_000 });

  it('cuts what is still running when the drain time is over, and counts it as censored', async () => {
    const run = watch(load, ({ id }) => ({ tookMs: id === 3 ? Infinity : 100 }));
    const endedMs = await run.finish();
    assert.equal(run.records.find(({ id }) => id === 3)?.outcome, 'censored');
    assert.equal(run.records.length, 10);
    assert.ok(endedMs >= 3_000 && endedMs < 3_100);
  });

  it('goes on sending what waits for a slot while it drains', async () => {
    const run = watch({ ...load, inFlightLimit: 1 }, after(150));
    await run.finish();
    assert.equal(run.records.filter(({ outcome }) => outcome === 'ok').length, 10);
  });

  it('names and writes off requests that will not end', async () => {
    const run = watch(load, ({ id }) => ({ tookMs: id === 3 ? Infinity : 100, ignoresCut: true }));
    const endedMs = await run.finish();
    assert.deepEqual(
      run.unfinished.map(({ what, requests }) => [what, requests.map(({ id, state }) => [id, state])]),
      [
        ['cut', [[3, 'sent']]],
        ['written-off', [[3, 'sent']]],
      ],
    );
    assert.equal(run.records.find(({ id }) => id === 3)?.outcome, 'censored');
    assert.ok(endedMs < 8_100);
  });

  it('stop: nothing new is sent, what is in flight may finish', async () => {
    const run = watch({ ...load, inFlightLimit: 2 }, after(300), { workers: 2 });
    await run.clock.advanceAsync(400);
    const before = run.sent().length;
    run.stop();
    const endedMs = await run.finish();
    assert.equal(run.sent().length, before);
    assert.ok(endedMs < 800, `ended at ${endedMs}`);
    assert.ok(run.records.some(({ outcome, sentMs }) => outcome === 'censored' && sentMs === undefined));
    assert.equal(run.records.filter(({ outcome }) => outcome === 'ok').length, before);
    assert.equal(run.shared.inFlight, 0);
    assert.equal(run.shared.queued, 0);
  });

  it('stop does not wait longer than the drain time', async () => {
    const run = watch(load, after(Infinity));
    await run.clock.advanceAsync(400);
    run.stop();
    const endedMs = await run.finish();
    assert.ok(endedMs >= 2_400 && endedMs < 2_500);
    assert.ok(run.records.every(({ outcome }) => outcome === 'censored'));
  });

  it('abort: what is in flight is cut at once, also while it drains', async () => {
    for (const atMs of [400, 1_500]) {
      const run = watch(load, after(Infinity), { workers: 2 });
      await run.clock.advanceAsync(atMs);
      if (atMs > 1_000) run.stop();
      run.abort();
      const endedMs = await run.finish();
      assert.ok(endedMs <= atMs + 50, `ended at ${endedMs}`);
      assert.equal(run.records.length, atMs < 1_000 ? 4 : 10);
      assert.ok(run.records.every(({ outcome }) => outcome === 'censored'));
    }
  });

  it('users stop too', async () => {
    const run = watch(makeLoad([makeStage('users', users(4, 50), forTime(60_000))]), after(100), { workers: 2 });
    await run.clock.advanceAsync(1_000);
    run.stop();
    assert.ok((await run.finish()) < 1_200);
  });
});

describe('abandon', () => {
  it('draws who hangs up by the number of the request', async () => {
    const load = makeLoad([makeStage('steady', flat(100), forTime(10_000))], {
      abandon: { shareRatio: 0.2, afterMs: 30 },
    });
    const chosen: number[][] = [];
    for (const workers of [1, 2]) {
      const hangUps: number[] = [];
      const run = watch(
        load,
        (job) => {
          if (job.abandonAfterMs !== undefined) hangUps.push(job.id);
          return { tookMs: 10 };
        },
        { workers },
      );
      await run.finish();
      chosen.push(hangUps.toSorted((left, right) => left - right));
    }
    assert.deepEqual(chosen[0], chosen[1]);
    assert.ok(Math.abs((chosen[0]?.length ?? 0) - 200) < 50, `${chosen[0]?.length} of 1000`);
  });
});
