import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderPlan } from '../../../../src/extension/dry-run/render-plan.ts';
import { makePlan, QUICKSTART_SLAS } from '../../../helpers/make-plan.ts';

test('a plan explains itself before anything is sent', () => {
  const text = renderPlan(makePlan({ slas: QUICKSTART_SLAS }));
  assert.match(text, /^# quickstart\n\nDry run: nothing is sent\./);
  for (const heading of ['In short', 'Stages', 'What is measured', 'Service levels', 'What is written'])
    assert.ok(text.includes(`## ${heading}`), heading);
  assert.match(text, /\| Requests \| about [\d\u202f]+ measured \|/);
  assert.match(text, /\| Backend \| demo \(simulator\), started for the run, on this machine \|/);
  assert.match(text, /- `ttft p95 < 500 ms`/);
  assert.match(text, /chat\.bench\.results\/\\<UTC time\\>-quickstart\//);
  assert.match(text, /report\.html/);
});

test('a secret is named, never more', () => {
  const plan = makePlan();
  const text = renderPlan({ ...plan, backend: { ...plan.backend, key: { kind: 'secret', name: 'API_KEY' } } });
  assert.match(text, /\| Key \| the secret API\\_KEY \|/);
});

test('names cannot break out of their cell or become markup', () => {
  const text = renderPlan(makePlan({ benchmark: 'a|b <img src=x> [link](command:evil)', slas: [] }));
  assert.match(text, /^# a\\\|b \\<img src=x\\> \\\[link\\\]\(command:evil\)/);
  assert.match(text, /None: the run measures and judges nothing/);
});

test('warnings of the compiler are remarks', () => {
  const warning = {
    code: 'BENCH1',
    severity: 'warning',
    message: 'No warm-up.',
    file: '/a',
    line: 7,
    column: 1,
    endLine: 7,
    endColumn: 2,
  } as const;
  assert.match(renderPlan(makePlan(), [warning]), /## Remarks\n\n- Line 7: No warm-up\./);
});
