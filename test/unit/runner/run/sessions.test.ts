import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import type { SessionSource } from '../../../../src/runner/datasets/dataset.ts';
import { turnId } from '../../../../src/runner/run/sessions.ts';
import type { FakeAnswer } from '../../../helpers/fake-load.ts';
import { flat, forRequests, forTime, makeLoad, makeStage, makeWarmup, users } from '../../../helpers/make-load.ts';
import { watchLoad, type WatchedLoad } from '../../../helpers/watch-load.ts';

/** Conversations of three turns whose prompt tells the answers it was made from. */
function conversations(size: number, thinkMs = 0): { sessions: SessionSource } {
  return {
    sessions: {
      size,
      sessionAt: (index) => ({
        turns: 3,
        thinkMs: () => thinkMs,
        promptAt: (turn, answers) => ({
          messages: [],
          text: [`c${index}`, ...answers].join(' '),
          session: String(index),
          turn,
          turns: 3,
        }),
      }),
    },
  };
}

const answer = (tookMs: number) => (): FakeAnswer => ({ tookMs, says: 'yes' });

function turnsOf(run: WatchedLoad): (readonly [id: number, stage: string, turn: number, dueMs: number])[] {
  return run
    .jobs()
    .map(({ id, stage, dueMs, prompt }) => [id, stage, prompt.turn ?? 0, Math.round(dueMs)] as const)
    .toSorted(([left], [right]) => left - right);
}

describe('conversations in an open loop', () => {
  const load = makeLoad([makeStage('steady', flat(2), forTime(2_000))]);

  it('begin at the rate; later turns follow the answer and the pause', async () => {
    const run = watchLoad(load, answer(100), { source: conversations(10, 50) });
    await run.finish();
    assert.deepEqual(turnsOf(run), [
      [0, 'steady', 1, 250],
      [1, 'steady', 1, 750],
      [2, 'steady', 1, 1_250],
      [3, 'steady', 1, 1_750],
      [1_000_000_000, 'steady', 2, 400],
      [1_000_000_001, 'steady', 2, 900],
      [1_000_000_002, 'steady', 2, 1_400],
      [1_000_000_003, 'steady', 2, 1_900],
      [2_000_000_000, 'steady', 3, 550],
      [2_000_000_001, 'steady', 3, 1_050],
      [2_000_000_002, 'steady', 3, 1_550],
      // The third turn of the last one would be due when the load is over.
    ]);
  });

  it('are the same for 1, 2 and 8 workers: prompts, times and numbers', async () => {
    const busy = makeLoad([
      makeStage('first', flat(40, 'poisson'), forTime(1_000)),
      makeStage('second', flat(20, 'poisson'), forRequests(10)),
    ]);
    const all = await Promise.all(
      [1, 2, 8].map(async (workers) => {
        const run = watchLoad(busy, answer(30), { workers, source: conversations(7, 20), seed: 4 });
        await run.finish(1);
        return run
          .jobs()
          .map(({ id, stage, dueMs, prompt: { text, turn } }) => ({ id, stage, dueMs, text, turn }))
          .toSorted((left, right) => left.id - right.id);
      }),
    );
    assert.ok((all[0]?.length ?? 0) > 90, `${all[0]?.length} turns`);
    assert.deepEqual(all[1], all[0]);
    assert.deepEqual(all[2], all[0]);
  });

  it('carry what was really answered', async () => {
    const run = watchLoad(load, ({ id }) => ({ tookMs: 10, says: `answer-${id}` }), { source: conversations(10) });
    await run.finish();
    assert.equal(run.jobs().find(({ id }) => id === 2_000_000_001)?.prompt.text, 'c1 answer-1 answer-1000000001');
  });

  it('end with the turn that fails, and the others go on', async () => {
    const run = watchLoad(
      load,
      ({ id }) => (id === 1_000_000_001 ? { tookMs: 10, outcome: 'failed', reason: 'http-status' } : { tookMs: 10 }),
      { source: conversations(10) },
    );
    await run.finish();
    const ids = run.jobs().map(({ id }) => id);
    assert.ok(!ids.includes(2_000_000_001));
    assert.ok(ids.includes(2_000_000_000) && ids.includes(2_000_000_002));
    const failed = run.records.find(({ outcome }) => outcome === 'failed');
    assert.deepEqual([failed?.session, failed?.turn, failed?.turns], ['1', 2, 3]);
  });

  it('go on from the warm-up into the stage, which counts their turns', async () => {
    const warm = makeLoad([makeStage('steady', flat(1), forTime(1_000))], { warmup: makeWarmup(forRequests(1)) });
    const run = watchLoad(warm, answer(700), { source: conversations(10) });
    await run.finish();
    assert.deepEqual(turnsOf(run), [
      [-1, 'warmup', 1, 500],
      [0, 'steady', 1, 1_500],
      [1_500_000_001, 'steady', 2, 1_200],
      [2_500_000_001, 'steady', 3, 1_900],
    ]);
  });

  it('send nothing more once the load is stopped', async () => {
    const run = watchLoad(load, answer(300), { source: conversations(10) });
    await run.clock.advanceAsync(800);
    const before = run.jobs().length;
    run.stop();
    await run.finish();
    assert.equal(run.jobs().length, before);
    assert.ok(run.records.every(({ outcome }) => outcome === 'ok'));
  });

  it('have numbers that never meet', () => {
    const ids = [0, 1, -1, -2].flatMap((first) => [2, 3].map((turn) => turnId(first, turn, false)));
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(turnId(-3, 2, true), -1_000_000_003);
  });
});

describe('conversations of users', () => {
  it('a user carries one conversation on to its end and begins the next one', async () => {
    const load = makeLoad([makeStage('users', users(2, 50), forTime(1_000))]);
    for (const workers of [1, 2]) {
      const run = watchLoad(load, answer(50), { workers, source: conversations(10) });
      await run.finish();
      assert.deepEqual(
        run.jobs().map(({ dueMs, prompt: { session, turn } }) => [dueMs, Number(session) % 2, turn]),
        [0, 100, 200, 300, 400, 500, 600, 700, 800, 900].flatMap((atMs, index) => [
          [atMs, 0, (index % 3) + 1],
          [atMs, 1, (index % 3) + 1],
        ]),
      );
    }
  });

  it('the pause of the dataset stands between turns where the stage says nothing', async () => {
    const run = watchLoad(makeLoad([makeStage('users', users(1), forTime(600))]), answer(50), {
      source: conversations(10, 100),
    });
    await run.finish();
    assert.deepEqual(
      run.jobs().map(({ dueMs, prompt: { session, turn } }) => [dueMs, session, turn]),
      [
        [0, '0', 1],
        [150, '0', 2],
        [300, '0', 3],
        [350, '1', 1],
        [500, '1', 2],
      ],
    );
  });

  it('a count is one of turns, and a conversation goes on in the next stage', async () => {
    const load = makeLoad([makeStage('count', users(1), forRequests(2)), makeStage('next', users(1), forRequests(2))]);
    const run = watchLoad(load, answer(50), { source: conversations(10) });
    await run.finish();
    assert.deepEqual(
      run.jobs().map(({ id, stage, prompt: { session, turn } }) => [id, stage, session, turn]),
      [
        [0, 'count', '0', 1],
        [1, 'count', '0', 2],
        [2, 'next', '0', 3],
        [3, 'next', '2', 1],
      ],
    );
  });
});
