import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSparkline, sparklines, type DrawnStage } from '../../../src/contract/describe-shape.ts';
import type { RateProfile } from '../../../src/contract/plan.ts';

const open = (rate: RateProfile, durationMs?: number): DrawnStage => ({
  shape: { kind: 'open', arrivals: { kind: 'poisson' }, rate },
  durationMs,
});
const flat = (ratePerSecond: number, durationMs?: number): DrawnStage =>
  open({ kind: 'flat', ratePerSecond }, durationMs);

const CASES: readonly (readonly [what: string, stages: readonly DrawnStage[], columns: number, drawn: string])[] = [
  ['a rate that never changes', [flat(50, 10_000)], 6, '▄▄▄▄▄▄'],
  ['a ramp', [open({ kind: 'ramp', fromPerSecond: 0, toPerSecond: 100 }, 8_000)], 8, '▁▂▃▄▅▆▇█'],
  ['a ramp downwards', [open({ kind: 'ramp', fromPerSecond: 100, toPerSecond: 0 }, 4_000)], 4, '█▆▄▂'],
  ['a staircase', [flat(10, 1_000), flat(50, 1_000), flat(100, 1_000)], 6, '▂▂▅▅██'],
  [
    'a spike much shorter than a column, once in each period',
    [open({ kind: 'spikes', basePerSecond: 20, spikePerSecond: 200, spikeMs: 10, everyMs: 4_000 }, 12_000)],
    12,
    '█▂▂▂█▂▂▂█▂▂▂',
  ],
  [
    'a swing that begins at its lower end',
    [open({ kind: 'sine', minPerSecond: 0, maxPerSecond: 100, periodMs: 8_000 }, 8_000)],
    8,
    '▁▃▆██▆▃▁',
  ],
  ['stages by their share of the time', [flat(50, 9_000), flat(100, 1_000)], 10, '▅▅▅▅▅▅▅▅▅█'],
  ['a short stage, which is never lost', [flat(100, 100_000), flat(50, 1)], 4, '████▅'],
  ['a stage of unknown length as long as the others', [flat(50, 5_000), flat(100)], 8, '▅▅▅▅████'],
  [
    'users to a scale of their own',
    [
      { shape: { kind: 'closed', users: 1 }, durationMs: 1_000 },
      { shape: { kind: 'closed', users: 4 }, durationMs: 1_000 },
      flat(500, 2_000),
    ],
    8,
    '▃▃██▄▄▄▄',
  ],
  ['recorded times, of which the file knows nothing', [{ shape: { kind: 'replay', speed: 2 } }], 3, '···'],
  ['no stages', [], 5, ''],
];

for (const [what, stages, columns, drawn] of CASES) {
  test(`drawn is ${what}`, () => {
    assert.equal(loadSparkline(stages, columns), drawn);
  });
}

test('each stage can have its own width, all to one scale', () => {
  assert.deepEqual(sparklines([flat(50, 1_000), flat(100, 1_000)], [2, 4]), ['▅▅', '████']);
});
