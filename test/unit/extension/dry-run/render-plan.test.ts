import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderPlan } from '../../../../src/extension/dry-run/render-plan.ts';
import { makePlan, QUICKSTART_SLAS } from '../../../helpers/make-plan.ts';

test('a plan explains itself before anything is sent', () => {
  const text = renderPlan(makePlan({ slas: QUICKSTART_SLAS }));
  assert.match(text, /^# quickstart\n\nDry run: nothing is sent\./);
  for (const heading of ['In short', 'Stages', 'What is measured', 'Service levels', 'What is written'])
    assert.ok(text.includes(`## ${heading}`), heading);
  assert.match(text, /\| Requests \| about 1000 measured, 10 before that to warm up \|/);
  assert.match(text, /\| Connections \| about 85 at the peak, up to 113 by chance; one for each request in flight \|/);
  assert.match(text, /\| steady \| 0:00 \| ▄{8} \| 50 rps poisson \| 20 s \| about 1000 \| 85 \|/);
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

test('cost has a ceiling, and a budget is said', () => {
  const plan = makePlan();
  const text = renderPlan({
    ...plan,
    backend: { ...plan.backend, price: { usdPerInputToken: 1e-6, usdPerOutputToken: 2e-6 } },
    budget: { costUsd: 1, timeMs: 60_000 },
  });
  assert.match(text, /\| Cost \| about 0\.672 usd, at most 0\.768 usd \|/);
  assert.match(text, /\| Budget \| ends the run at 1 usd or 60 s \|/);
});
