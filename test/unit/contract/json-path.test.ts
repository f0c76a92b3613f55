import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followJsonPath, jsonPathProblem, parseJsonPath } from '../../../src/contract/json-path.ts';

const ENTRY = { prompt: 'a', turns: [{ text: 'b' }], 'a b': { c: 'd' }, toString: 'own' };

const GOOD: readonly (readonly [string, unknown])[] = [
  ['prompt', 'a'],
  ['$.prompt', 'a'],
  ['$.turns[0].text', 'b'],
  ["$['a b'].c", 'd'],
  ['$["a b"]["c"]', 'd'],
  ['$.turns[1].text', undefined],
  ['$.prompt.length', undefined],
  ['$.constructor', undefined],
  ['$', ENTRY],
];

for (const [path, value] of GOOD)
  test(`${path} names one place`, () => {
    assert.equal(jsonPathProblem(path), undefined);
    const steps = parseJsonPath(path);
    assert.ok(steps);
    assert.equal(followJsonPath(ENTRY, steps), value);
  });

for (const path of ['', '$.a[*]', '$..a', '$.a[?(@.b)]', '$.a[', 'turns[0].text', 'a.b'])
  test(`"${path}" names no one place`, () => {
    assert.notEqual(jsonPathProblem(path), undefined);
  });
