/** What one plan has different from another: taken apart and put together again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesBetween, withChanges } from '../../../src/contract/plan-changes.ts';

const PAIRS: readonly (readonly [what: string, from: unknown, to: unknown, changes: number])[] = [
  ['equal plans', { a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 2 }] } }, 0],
  ['a number deep inside', { a: { b: [1, { c: 2 }] }, z: 1 }, { a: { b: [1, { c: 3 }] }, z: 1 }, 1],
  ['a key more', { a: 1 }, { a: 1, b: { c: 2 } }, 1],
  ['a key less', { a: 1, b: { c: 2 } }, { a: 1 }, 1],
  ['a list of another length, whole', { a: [1, 2] }, { a: [1, 2, 3] }, 1],
  ['an object in place of a number', { a: 1 }, { a: { b: 1 } }, 1],
  ['a list in place of an object', { a: { b: 1 } }, { a: [1] }, 1],
  ['two places', { a: 1, b: [{ c: 1 }] }, { a: 2, b: [{ c: 2 }] }, 2],
];

for (const [what, from, to, count] of PAIRS)
  test(`${what}: as few changes as that, and they make the one of the other`, () => {
    const before = structuredClone(from);
    const changes = changesBetween(from, to);
    assert.equal(changes.length, count);
    assert.deepEqual(withChanges(from, changes), to);
    assert.deepEqual(from, before, 'the plan they start from stays as it is');
  });

test('changes survive the way through JSON, where a missing value is a missing key', () => {
  const [from, to] = [{ a: 1, b: 2 }, { b: 3 }];
  const changes = JSON.parse(JSON.stringify(changesBetween(from, to))) as ReturnType<typeof changesBetween>;
  assert.deepEqual(withChanges<unknown>(from, changes), to);
});
