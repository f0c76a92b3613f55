import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunPlan } from '../../../../src/contract/plan.ts';
import { renderDryRun } from '../../../../src/runner/terminal/render-dry-run.ts';
import { widthOf } from '../../../../src/runner/terminal/layout.ts';
import { UNCOLOURED } from '../../../../src/runner/terminal/style.ts';
import { assertGolden } from '../../../helpers/golden.ts';
import { makePlan } from '../../../helpers/make-plan.ts';

function dryRun(plan: RunPlan, columns = 80): readonly string[] {
  return renderDryRun(plan, {
    columns,
    style: UNCOLOURED,
    showPath: (path) => path.replace('/home/ada/', ''),
    resultsDirectory: '/home/ada/chat.bench.results',
  });
}

const [steady] = makePlan().load.stages;
assert.ok(steady !== undefined);

test('the quickstart', () => {
  assertGolden(import.meta.url, 'dry-run-quickstart.txt', `${dryRun(makePlan()).join('\n')}\n`);
});

test('a server of one’s own, with a key, a price, several stages and repeats', () => {
  const plan = makePlan();
  const location = steady.location;
  const several = makePlan({
    doc: 'Evening traffic.',
    repeat: 3,
    monitors: [],
    backend: {
      ...plan.backend,
      protocol: 'openai.chat',
      url: 'https://llm.example/v1',
      model: 'qwen',
      key: { kind: 'secret', name: 'LLM_KEY' },
      price: { usdPerInputToken: 1e-7, usdPerOutputToken: 4e-7 },
      options: {},
    },
    load: {
      ...plan.load,
      inFlightLimit: 64,
      stages: [
        { ...steady, name: 'calm', until: { kind: 'time', durationMs: 60_000 } },
        {
          name: 'climb',
          shape: {
            kind: 'open',
            arrivals: { kind: 'gamma', burstiness: 0.5 },
            rate: { kind: 'ramp', fromPerSecond: 10, toPerSecond: 100 },
          },
          until: { kind: 'time', durationMs: 120_000 },
          location,
        },
        {
          name: 'count',
          shape: { kind: 'open', arrivals: { kind: 'constant' }, rate: { kind: 'flat', ratePerSecond: 20 } },
          until: { kind: 'requests', requests: 600 },
          location,
        },
      ],
    },
  });
  assertGolden(import.meta.url, 'dry-run-several.txt', `${dryRun(several).join('\n')}\n`);
});

test('a closed loop says what it does not know', () => {
  const plan = makePlan();
  const users = makePlan({
    load: {
      ...plan.load,
      stages: [{ ...steady, shape: { kind: 'closed', users: 16, thinkMs: { kind: 'exponential', mean: 2_000 } } }],
    },
    slas: [],
  });
  const text = dryRun(users).join('\n');
  assert.match(text, /16 users, thinking 2 s on average/);
  assert.match(text, /requests +as many as the server answers in the time/);
  assert.match(text, /in flight +about 16 at the peak/);
  assert.match(text, /limits +none/);
});

test('of a hundred stages the first and the last are shown; nothing is wider than the terminal', () => {
  const plan = makePlan();
  const stages = Array.from({ length: 100 }, (_, index) => ({ ...steady, name: `rung ${index + 1}` }));
  for (const columns of [60, 80, 140]) {
    const lines = dryRun(makePlan({ load: { ...plan.load, stages } }), columns);
    assert.ok(lines.length < 48);
    assert.ok(lines.some((line) => line.includes('more')) && lines.some((line) => line.includes('rung 100')));
    for (const line of lines) assert.ok(widthOf(line) <= columns, line);
  }
});
