import { describe, it, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import type { DatasetPlan } from '../../../../src/contract/plan.ts';
import { FIRST_WARMUP_INDEX, type PromptSource } from '../../../../src/runner/datasets/dataset.ts';
import { loadDataset, openDataset } from '../../../../src/runner/datasets/registry.ts';
import { DATASET_CONTEXT, datasetPlan, firstPrompts, temporaryFile } from '../../../conformance/dataset-kit.ts';
import { flat, forRequests, forTime, makeLoad, makeStage, makeWarmup, users } from '../../../helpers/make-load.ts';
import { watchLoad } from '../../../helpers/watch-load.ts';

const words = (name: string, rest: Partial<DatasetPlan> = {}): DatasetPlan =>
  datasetPlan('random', { inputTokens: 12 }, { name, freshPrefix: false, ...rest });

function mixOf(...parts: readonly (readonly [percent: number, dataset: DatasetPlan])[]): DatasetPlan {
  const mix = parts.map(([percent, dataset]) => ({ weightRatio: percent / 100, dataset }));
  return datasetPlan('mix', {}, { name: 'all', mix });
}

/** Loaded, carried over as to a worker, and opened there. */
async function open(plan: DatasetPlan): Promise<PromptSource> {
  const { data } = await loadDataset(plan, DATASET_CONTEXT);
  return openDataset(plan, structuredClone(data), DATASET_CONTEXT);
}

function talks(t: TestContext, count: number): DatasetPlan {
  const text = JSON.stringify(
    Array.from({ length: count }, (_, talk) => ({
      conversations: [1, 2, 3].flatMap((turn) => [
        { from: 'human', value: `question ${talk}.${turn}` },
        { from: 'gpt', value: `answer ${talk}.${turn}` },
      ]),
    })),
  );
  const path = temporaryFile(t, text, 'talks.json');
  return datasetPlan('sharegpt', { path, turns: 'all' }, { name: 'talk', freshPrefix: false });
}

describe('a mix of datasets', () => {
  it('says of each prompt which part it is from', async () => {
    const prompts = firstPrompts(await open(mixOf([70, words('short')], [30, words('long')])), 100);
    assert.equal(prompts.filter(({ dataset }) => dataset === 'short').length, 70);
    assert.equal(prompts.filter(({ dataset }) => dataset === 'long').length, 30);
  });

  it('sends a part that ends in its own order, without gaps, and then again; the warm-up begins at its end', async (t) => {
    const lines = [0, 1, 2, 3, 4, 5, 6].map((line) => JSON.stringify({ prompt: `line ${line}` })).join('\n');
    const file = datasetPlan('jsonl', { path: temporaryFile(t, lines) }, { name: 'file', freshPrefix: false });
    const source = await open(mixOf([50, file], [50, words('short')]));
    const ofFile = (from: number): readonly string[] =>
      Array.from({ length: 60 }, (_, index) => source.promptAt(from + index))
        .filter(({ dataset }) => dataset === 'file')
        .map(({ text }) => text)
        .slice(0, 9);
    assert.deepEqual(
      ofFile(0),
      [0, 1, 2, 3, 4, 5, 6, 0, 1].map((line) => `line ${line}`),
    );
    assert.deepEqual(
      ofFile(FIRST_WARMUP_INDEX),
      [6, 5, 4, 3, 2, 1, 0, 6, 5].map((line) => `line ${line}`),
    );
  });

  for (const [what, rest] of [
    ['seeds that nobody wrote', {}],
    ['one seed', { seed: 7, freshPrefix: true }],
  ] as const)
    it(`two parts of one kind have no prompt in common, with ${what}`, async () => {
      const prompts = firstPrompts(await open(mixOf([50, words('one', rest)], [50, words('other', rest)])), 200);
      assert.equal(new Set(prompts.map(({ text }) => text)).size, 200);
      const beginnings = new Set(prompts.map(({ text }) => text.split(' ').slice(0, 3).join(' ')));
      assert.equal(beginnings.size, 200);
    });

  it('a part may be a mix itself: its requests are of that part', async () => {
    const inner = { ...mixOf([50, words('a')], [50, words('b')]), name: 'inner' };
    const prompts = firstPrompts(await open(mixOf([60, inner], [40, words('c')])), 100);
    assert.deepEqual(
      ['inner', 'c'].map((name) => prompts.filter(({ dataset }) => dataset === name).length),
      [60, 40],
    );
    assert.equal(new Set(prompts.map(({ text }) => text)).size, 100);
  });

  it('tells what was found, once for all parts of which it is true', async (t) => {
    const { notes, size } = await loadDataset(
      mixOf([40, words('a')], [30, talks(t, 2)], [30, words('b')]),
      DATASET_CONTEXT,
    );
    assert.equal(size, undefined);
    assert.deepEqual(
      notes.map((note) => note.split(':')[0]),
      ['a, b', 'talk'],
    );
  });

  it('names the part whose file is missing', async () => {
    const missing = datasetPlan('jsonl', { path: '/nowhere/talks.jsonl' }, { name: 'talks' });
    await assert.rejects(loadDataset(mixOf([50, words('a')], [50, missing]), DATASET_CONTEXT), {
      code: 'RUN_DATASET_MISSING',
      message: /talks\.jsonl/,
    });
  });
});

describe('conversations in a mix', () => {
  const loads = {
    open: makeLoad([makeStage('open', flat(50, 'poisson'), forTime(2_000))], {
      warmup: makeWarmup(forRequests(5), 20),
    }),
    closed: makeLoad([makeStage('users', users(4), forRequests(120))]),
  };

  for (const [kind, load] of Object.entries(loads))
    it(`${kind} loop: are carried on beside prompts that stand alone, turn after turn with what was said`, async (t) => {
      const source = await open(mixOf([30, talks(t, 50)], [70, words('short')]));
      const run = watchLoad(load, ({ id }) => ({ tookMs: 30, says: `said ${id}` }), { source, seed: 4 });
      await run.finish();
      const jobs = run.jobs().map(({ id, dueMs, prompt }) => ({ id, dueMs, prompt }));
      const single = jobs.filter(({ prompt }) => prompt.dataset === 'short');
      assert.ok(single.length > 20, `${single.length} prompts that stand alone`);
      for (const { prompt } of single) assert.deepEqual([prompt.session, prompt.turn], [undefined, undefined]);
      const bySession = Map.groupBy(
        jobs.filter(({ prompt }) => prompt.dataset === 'talk'),
        ({ prompt }) => prompt.session,
      );
      assert.ok(bySession.size > 10, `${bySession.size} conversations`);
      const whole = [...bySession.values()].filter((turns) => turns.length === 3);
      assert.ok(whole.length > 5, `${whole.length} whole conversations`);
      for (const turns of bySession.values()) {
        assert.deepEqual(
          turns.map(({ prompt }) => prompt.turn),
          [1, 2, 3].slice(0, turns.length),
        );
        turns.forEach(({ prompt, dueMs }, index) => {
          const before = turns[index - 1];
          if (before === undefined) return;
          assert.ok(dueMs > before.dueMs + 29.9, `due at ${dueMs}, after ${before.dueMs}`);
          assert.ok(prompt.messages.some(({ content }) => content === `said ${before.id}`));
        });
      }
    });

  it('are the same for 1, 2 and 8 workers: parts, prompts, times and numbers', async (t) => {
    const plan = mixOf([30, talks(t, 20)], [50, words('short')], [20, words('long')]);
    const all = await Promise.all(
      [1, 2, 8].map(async (workers) => {
        const source = await open(plan);
        const run = watchLoad(loads.open, () => ({ tookMs: 30, says: 'yes' }), { workers, source, seed: 4 });
        await run.finish(1);
        return run
          .jobs()
          .map(({ id, stage, dueMs, prompt: { text, turn, dataset } }) => ({ id, stage, dueMs, text, turn, dataset }))
          .toSorted((left, right) => left.id - right.id);
      }),
    );
    assert.ok((all[0]?.length ?? 0) > 100, `${all[0]?.length} requests`);
    assert.deepEqual(all[1], all[0]);
    assert.deepEqual(all[2], all[0]);
  });
});
