import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ProfilePlan, EstimatePlan, StudyPlan, SweepPlan } from '../../../../src/contract/study-plan.ts';
import { STUDY_SCHEMA } from '../../../../src/contract/study-plan.ts';
import { renderDryStudy } from '../../../../src/runner/terminal/render-dry-study.ts';
import { UNCOLOURED } from '../../../../src/runner/terminal/style.ts';
import { assertGolden } from '../../../helpers/golden.ts';
import { makePlan } from '../../../helpers/make-plan.ts';

function dryStudy(study: StudyPlan, columns = 80): string {
  return `${renderDryStudy(study, { columns, style: UNCOLOURED }).join('\n')}\n`;
}

for (const kind of ['sweep', 'search', 'compare'])
  test(`the tour's ${kind}`, () => {
    const plan = new URL(`../../language/lowering/goldens/tour.${kind}.json`, import.meta.url);
    assertGolden(
      import.meta.url,
      `dry-study-${kind}.txt`,
      dryStudy(JSON.parse(readFileSync(plan, 'utf8')) as StudyPlan),
    );
  });

const base = makePlan();
const HEAD = { schema: STUDY_SCHEMA, name: 'costs', source: base.source, params: {} } as const;
const lengths = (...texts: readonly string[]): SweepPlan['factors'][number] => ({
  ...{ name: 'input', subject: 'property', location: base.source.location },
  levels: texts.map((text) => ({ text })),
});

test('a profile has its phase and its runs', () => {
  const study: ProfilePlan = {
    ...{ ...HEAD, kind: 'profile', benchmark: 'quickstart', phase: 'prefill', base },
    factors: [lengths('64 tokens', '128 tokens')],
    points: ['input = 64 tokens', 'input = 128 tokens'].map((label, index) => ({
      label,
      levels: [index],
      changes: [],
    })),
  };
  const text = dryStudy(study);
  assert.match(text, /^costs {2}profile of quickstart {2}dry run: nothing is sent\n/);
  assert.match(
    text,
    /^phase +prefill\nvary +input: 64 tokens, 128 tokens\nruns +1 {2}input = 64 tokens\n +2 {2}input = 128/m,
  );
  assert.match(text, /^in all +≈ 2 runs · 2000 requests/m);
});

test('of many runs the first and the last are shown, and how many are between', () => {
  const points = Array.from({ length: 40 }, (_, index) => ({
    label: `input = ${index}`,
    levels: [index],
    changes: [],
  }));
  const study: SweepPlan = {
    ...{ ...HEAD, kind: 'sweep', benchmark: 'quickstart', base, design: 'progressive', meeting: [] },
    factors: [lengths('0', '39')],
    points,
  };
  const text = dryStudy(study);
  assert.deepEqual(
    [...text.matchAll(/input = (\d+)$/gm)].map(([, index]) => Number(index)),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 38, 39],
  );
  assert.match(text, /^ +… 29 more$/m);
  assert.match(text, /^in all +≈ at most 40 runs/m);
});

test('an estimate makes no run', () => {
  const study: EstimatePlan = {
    ...{ ...HEAD, kind: 'estimate', inputTokens: 1_024, outputTokens: 128, users: [1, 8] },
    model: {
      ...{ parameters: 7.6e9, layers: 28, hiddenSize: 3_584, attentionHeads: 28, keyValueHeads: 4 },
      ...{ weightBits: 16, cacheBits: 16 },
    },
    hardware: { gpus: 2, memoryBytes: 8e10, memoryBytesPerSecond: 3.35e12, operationsPerSecond: 9.89e14 },
  };
  const text = dryStudy(study);
  assert.match(text, /^costs {2}estimate {2}dry run/);
  assert.match(
    text,
    /^hardware +2 GPUs with 74.5 GiB each\nrequests +1024 tokens in, 128 tokens out\nin flight +1, 8\nin all +no run/m,
  );
  assert.doesNotMatch(text, /≈/);
});

test('no line is wider than the terminal', () => {
  for (const kind of ['sweep', 'search', 'compare']) {
    const plan = new URL(`../../language/lowering/goldens/tour.${kind}.json`, import.meta.url);
    for (const line of dryStudy(JSON.parse(readFileSync(plan, 'utf8')) as StudyPlan, 50).split('\n'))
      assert.ok(line.length <= 50, line);
  }
});
