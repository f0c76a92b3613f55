import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dashboardHeader } from '../../../../src/extension/dashboard/header.ts';
import { makePlan, QUICKSTART_SLAS } from '../../../helpers/make-plan.ts';

test('the header says what is run, against what, with which limits', () => {
  const plan = makePlan({ slas: QUICKSTART_SLAS });
  const header = dashboardHeader(plan);
  assert.equal(header.benchmark, 'quickstart');
  assert.equal(header.backend, 'demo (simulator)');
  assert.equal(header.dataset, 'prompts (random)');
  assert.deepEqual(
    header.stages.map((stage) => stage.name),
    plan.load.stages.map((stage) => stage.name),
  );
  assert.deepEqual(header.slas[0], {
    text: 'ttft p95 < 500 ms',
    line: 16,
    metric: 'ttft',
    limit: 500,
    unit: 'ms',
    comparison: '<',
    statistic: 'p95',
  });
  assert.equal(header.slas[2]?.unit, 'ratio');
  assert.equal(header.slas[2]?.statistic, undefined);
});

test('the limit of a regression is not taken for one on the metric itself', () => {
  const [first] = QUICKSTART_SLAS;
  assert.ok(first !== undefined);
  const check = {
    kind: 'regression',
    metric: 'ttft',
    statistic: 'p95',
    comparison: '<',
    limit: 0.1,
    dimension: 'ratio',
    baseline: '/b.json',
  } as const;
  const [sla] = dashboardHeader(makePlan({ slas: [{ ...first, check }] })).slas;
  assert.deepEqual([sla?.metric, sla?.unit], ['ttft regression', 'ratio']);
});
