import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STANDARD_LIBRARY_TEXT } from '../../../../src/language/library/standard-library.ts';
import { compileBench, planOf } from '../../../helpers/check-bench.ts';

test('the standard library has nothing wrong with it', async () => {
  const { diagnostics } = await compileBench(STANDARD_LIBRARY_TEXT);
  assert.deepEqual(diagnostics, []);
});

test('each load of the library makes a plan, with each SLA and dataset', async () => {
  const namesOf = (kind: string): string[] =>
    [...STANDARD_LIBRARY_TEXT.matchAll(new RegExp(`^${kind} ([\\w-]+)`, 'gm'))].map((match) => match[1] ?? '');
  const [loads, slas, datasets] = [namesOf('load'), namesOf('sla'), namesOf('dataset')];
  assert.deepEqual([loads.length, slas.length, datasets.length], [5, 3, 4]);
  for (const [index, load] of loads.entries()) {
    const plan = await planOf(`import "std"
backend demo { protocol simulator }
benchmark run { on demo  send ${datasets[index % 4]}  load ${load}  expect ${slas.join(', ')} }`);
    assert.equal(plan.load.name, load);
    assert.ok(plan.load.stages.length > 0);
  }
});

test('a param of the library can be set', async () => {
  const text = `import "std"
backend demo { protocol simulator }
benchmark run { on demo  send single-turn  load endurance }`;
  const { load } = await planOf(text, { set: { 'std-rate': '3' } });
  const shape = load.stages[0]?.shape;
  assert.ok(shape?.kind === 'open' && shape.rate.kind === 'flat');
  assert.equal(shape.rate.ratePerSecond, 3);
});
