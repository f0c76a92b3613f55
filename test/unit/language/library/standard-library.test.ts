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
  assert.deepEqual([loads.length, slas.length, datasets.length], [5, 3, 5]);
  for (const [index, load] of loads.entries()) {
    const plan = await planOf(`import "std"
backend demo { protocol simulator }
benchmark run { on demo  send ${datasets[index]}  load ${load}  expect ${slas.join(', ')} }`);
    assert.equal(plan.load.name, load);
    assert.ok(plan.load.stages.length > 0);
  }
});

test('every declaration of the library is documented', () => {
  const lines = STANDARD_LIBRARY_TEXT.split('\n');
  for (const [index, line] of lines.entries())
    if (/^(param|load|sla|dataset) /.test(line)) assert.match(lines[index - 1] ?? '', /^\/\/\/ \S/, line);
});

test('a name of the library gives way to the same name in the file or in another import', async () => {
  const files = { 'mine.bench': 'sla batch { e2e p99 < 7 min }' };
  const text = `import "std"
import "./mine.bench"
dataset code { from random  input 7 tokens  output 7 tokens }
backend demo { protocol simulator }
benchmark run { on demo  send code  load baseline  expect batch }`;
  const { diagnostics } = await compileBench(text, { files });
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  );
  const plan = await planOf(text, { files });
  assert.deepEqual(plan.dataset.options['inputTokens'], { kind: 'constant', value: 7 });
  assert.deepEqual(
    plan.slas.map(({ text: limit }) => limit),
    ['e2e p99 < 7 min'],
  );
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
