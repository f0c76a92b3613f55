import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunIndex, type Store } from '../../../../src/extension/runs/run-index.ts';

function makeStore(): Store {
  const values = new Map<string, unknown>();
  return {
    get: (key) => structuredClone(values.get(key)),
    update: async (key, value) => void values.set(key, structuredClone(value)),
  };
}

const run = (runId: string) => ({
  runId,
  uri: 'file:///chat.bench',
  benchmark: 'quickstart',
  directory: `/chat.bench.results/${runId}`,
  startedAt: '2026-11-21T10:00:00.000Z',
  runnerPid: 4,
});

test('a run is left behind only for the window that comes after the one that started it', async () => {
  const store = makeStore();
  const before = new RunIndex(store, 1);
  await before.began(run('a'));
  assert.deepEqual(before.leftBehind(), []);
  const after = new RunIndex(store, 2);
  assert.deepEqual(
    after.leftBehind().map((entry) => [entry.runId, entry.hostPid]),
    [['a', 1]],
  );
  await after.ended('a');
  assert.deepEqual(after.leftBehind(), []);
  assert.equal(after.find('a')?.state, 'ended');
});

test('only the newest runs are remembered', async () => {
  const index = new RunIndex(makeStore(), 1);
  for (let count = 0; count < 60; count++) await index.began(run(`run-${count}`));
  assert.equal(index.entries().length, 40);
  assert.equal(index.entries()[0]?.runId, 'run-59');
});

test('what is not an entry is not one', async () => {
  const store = makeStore();
  await store.update('benchwright.runs', [null, 7, { runId: 'x' }, 'text']);
  assert.deepEqual(new RunIndex(store, 1).entries(), []);
  await store.update('benchwright.runs', { not: 'a list' });
  assert.deepEqual(new RunIndex(store, 1).entries(), []);
});
