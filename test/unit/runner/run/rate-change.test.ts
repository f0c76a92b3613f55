import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import type { LoadPlan } from '../../../../src/contract/plan.ts';
import type { FakeAnswer } from '../../../helpers/fake-load.ts';
import { flat, forRequests, forTime, makeLoad, makeStage, users } from '../../../helpers/make-load.ts';
import { watchLoad, type WatchedLoad } from '../../../helpers/watch-load.ts';

const soon = (): FakeAnswer => ({ tookMs: 10 });

/** Changes by the moment at which they are asked for. */
async function play(
  load: LoadPlan,
  changes: readonly (readonly [askedAtMs: number, factor: number])[],
  workers = 1,
): Promise<WatchedLoad> {
  const run = watchLoad(load, soon, { workers, seed: 3 });
  for (const [askedAtMs, factor] of changes) {
    await run.clock.advanceAsync(askedAtMs - run.clock.nowMs());
    run.changeRate(factor);
  }
  await run.finish(1);
  return run;
}

function dueOf(run: WatchedLoad): number[] {
  return run
    .sent()
    .toSorted((left, right) => left.id - right.id)
    .map(({ dueMs }) => Math.round(dueMs));
}

describe('the rate is changed while the load runs', () => {
  const second = makeLoad([makeStage('steady', flat(10), forTime(1_000))]);

  it('goes on from the change without a jump, for any number of workers', async () => {
    for (const workers of [1, 2, 8]) {
      const run = await play(second, [[300, 2]], workers);
      assert.deepEqual(dueOf(run), [50, 150, 250, 350, 425, 475, 525, 575, 625, 675, 725, 775, 825, 875, 925, 975]);
      assert.ok(
        run.sent().every(({ dueMs, sentMs }) => sentMs - dueMs < 1e-6),
        'on time',
      );
      assert.deepEqual(
        run
          .sent()
          .map(({ id }) => id)
          .toSorted((left, right) => left - right),
        Array.from({ length: 16 }, (_, index) => index),
      );
    }
  });

  it('what was drawn ahead and pushed out of the stage comes back when the rate does', async () => {
    const run = await play(second, [
      [100, 0.1],
      [400, 1],
    ]);
    // 3 tenths of a second at a tenth of the rate take 0.3 of a gap; then it goes on as planned.
    assert.deepEqual(dueOf(run), [50, 150, 520, 620, 720, 820, 920]);
  });

  it('two changes before the first is known to the workers', async () => {
    const run = watchLoad(second, soon, {});
    await run.clock.advanceAsync(300);
    run.changeRate(8);
    run.changeRate(2);
    await run.finish();
    assert.equal(dueOf(run).length, 16);
  });

  it('a stage by count ends sooner, and the next one begins with its end', async () => {
    const load = makeLoad([
      makeStage('count', flat(10, 'poisson'), forRequests(40)),
      makeStage('next', flat(10), forTime(500)),
    ]);
    const plain = await play(load, [], 2);
    for (const workers of [1, 2, 8]) {
      const run = await play(load, [[500, 4]], workers);
      const end = run.shared.startOf(1) as number;
      const planned = plain.shared.startOf(1) as number;
      assert.ok(Math.abs(end - (600 + (planned - 600) / 4)) < 1e-6, `${end} for ${planned}`);
      assert.equal(run.sent().filter(({ stage }) => stage === 'count').length, 40);
      // The factor stays in force: twenty requests in half a second.
      assert.equal(run.sent().filter(({ stage }) => stage === 'next').length, 20);
    }
  });

  it('too near to the end of a stage it takes effect with the next one', async () => {
    const load = makeLoad([
      makeStage('first', flat(10), forTime(1_000)),
      makeStage('second', flat(10), forTime(1_000)),
    ]);
    const run = watchLoad(load, soon, { workers: 2 });
    await run.clock.advanceAsync(800);
    assert.equal(run.changeRate(2), 1_000);
    await run.finish();
    assert.deepEqual(
      ['first', 'second'].map((name) => run.sent().filter(({ stage }) => stage === name).length),
      [10, 20],
    );
  });

  it('users come and go', async () => {
    const run = watchLoad(makeLoad([makeStage('users', users(4), forTime(1_000))]), () => ({ tookMs: 50 }), {
      workers: 2,
    });
    await run.clock.advanceAsync(300);
    run.changeRate(2);
    await run.clock.advanceAsync(300);
    assert.equal(run.shared.inFlight, 8);
    run.changeRate(0.1);
    await run.clock.advanceAsync(300);
    assert.equal(run.shared.inFlight, 1);
    await run.finish();
    assert.equal(run.mostInFlight(), 8);
  });

  it('a replay plays faster', async () => {
    const load = makeLoad([makeStage('replay', { kind: 'replay', speed: 2 }, { kind: 'dataset' })]);
    const source = { size: 4, arrivalsMs: Float64Array.of(0, 800, 1_600, 2_400) };
    const run = watchLoad(load, soon, { workers: 2, promptCount: 4, source });
    await run.clock.advanceAsync(300);
    run.changeRate(4);
    await run.finish();
    assert.deepEqual(dueOf(run), [0, 400, 500, 600]);
    assert.equal(run.shared.startOf(1), 600);
  });
});

describe('a replay', () => {
  it('sends the dataset from its beginning at its own times, also after another stage', async () => {
    const source = { size: 3, arrivalsMs: Float64Array.of(0, 30, 300) };
    const load = makeLoad([
      makeStage('before', flat(10), forTime(200)),
      makeStage('replay', { kind: 'replay', speed: 1 }, { kind: 'dataset' }),
      makeStage('again', { kind: 'replay', speed: 3 }, { kind: 'dataset' }),
    ]);
    for (const workers of [1, 2]) {
      const run = watchLoad(load, soon, { workers, promptCount: 3, source });
      await run.finish();
      assert.deepEqual(dueOf(run), [50, 150, 200, 230, 500, 500, 510, 600]);
      assert.deepEqual(
        run.prompts.toSorted((left, right) => left - right),
        [0, 1, 3, 4, 5, 6, 7, 8],
      );
    }
  });
});
