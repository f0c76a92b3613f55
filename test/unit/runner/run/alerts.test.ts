import { it } from 'node:test';
import assert from 'node:assert/strict';
import type { MonitorPlan } from '../../../../src/contract/plan.ts';
import { createAlertWatch } from '../../../../src/runner/run/alerts.ts';
import { makePlan } from '../../../helpers/make-plan.ts';

const [host] = makePlan().monitors;
const monitor: MonitorPlan = {
  ...(host as MonitorPlan),
  alerts: [{ series: 'memory', comparison: '>', limit: 0.9, forMs: 2_000, text: 'memory > 90 % for 2 s' }],
};

function raised(samples: readonly [atMs: number, memory: number | undefined, device?: string][]): unknown[] {
  const watch = createAlertWatch([monitor]);
  return samples.flatMap(([atMs, memory, device = '']) =>
    watch
      .take({ monitor: 'host', device, atMs, values: memory === undefined ? { cpu: 1 } : { memory } })
      .map((alert) => [alert.atMs, alert.text, alert.value]),
  );
}

it('an alert needs its limit crossed for its whole time, and is told once', () => {
  assert.deepEqual(
    raised([
      [0, 0.95],
      [1_000, 0.96],
      [2_000, 0.97],
      [3_000, 0.98],
    ]),
    [[2_000, 'memory > 90 % for 2 s', 0.97]],
  );
});

it('a moment below the limit begins the time anew, and lets it be told again', () => {
  assert.deepEqual(
    raised([
      [0, 0.95],
      [1_000, 0.5],
      [2_000, 0.95],
      [3_000, 0.95],
    ]),
    [],
  );
  const twice = raised([
    [0, 0.95],
    [2_000, 0.95],
    [3_000, 0.5],
    [4_000, 0.95],
    [6_000, 0.95],
  ]);
  assert.equal(twice.length, 2);
});

it('a sample without the series changes nothing', () => {
  assert.equal(
    raised([
      [0, 0.95],
      [1_000, undefined],
      [2_000, 0.95],
    ]).length,
    1,
  );
});

it('devices are watched apart, and named', () => {
  assert.deepEqual(
    raised([
      [0, 0.95, 'a'],
      [0, 0.5, 'b'],
      [2_000, 0.95, 'a'],
      [2_000, 0.95, 'b'],
    ]),
    [[2_000, 'memory > 90 % for 2 s (a)', 0.95]],
  );
});
