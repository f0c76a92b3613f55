import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import type { RateProfile } from '../../../../src/contract/plan.ts';
import { openArrivals, replayArrivals } from '../../../../src/runner/pacing/arrivals.ts';
import { changedClock, changesSince, factorAt, type RateChange } from '../../../../src/runner/pacing/rate-changes.ts';

const flat = (ratePerSecond: number): RateProfile => ({ kind: 'flat', ratePerSecond });
const tenSeconds = { kind: 'time', durationMs: 10_000 } as const;

function dueTimes(rate: RateProfile, changes: readonly RateChange[], count: number): number[] {
  const arrivals = openArrivals(
    { shape: { kind: 'open', arrivals: { kind: 'constant' }, rate }, until: tenSeconds },
    1,
  );
  const { timeOfCount } = changedClock(arrivals.clock, changes);
  return Array.from({ length: count }, () => Math.round(timeOfCount(arrivals.next() as number)));
}

describe('a schedule whose rate is changed', () => {
  const tables: { name: string; rate: RateProfile; changes: RateChange[]; dueMs: number[] }[] = [
    { name: 'not at all', rate: flat(10), changes: [], dueMs: [50, 150, 250, 350] },
    { name: 'from the beginning', rate: flat(10), changes: [{ atMs: 0, factor: 2 }], dueMs: [25, 75, 125, 175] },
    {
      name: 'within a gap: what is left of it shrinks',
      rate: flat(10),
      changes: [{ atMs: 200, factor: 2 }],
      dueMs: [50, 150, 225, 275, 325],
    },
    {
      name: 'and back again',
      rate: flat(10),
      changes: [
        { atMs: 200, factor: 2 },
        { atMs: 300, factor: 1 },
      ],
      dueMs: [50, 150, 225, 275, 350, 450],
    },
    {
      name: 'slower',
      rate: flat(10),
      changes: [{ atMs: 100, factor: 0.5 }],
      dueMs: [50, 200, 400, 600],
    },
    {
      name: 'twice at one moment: the last counts',
      rate: flat(10),
      changes: [
        { atMs: 200, factor: 8 },
        { atMs: 200, factor: 2 },
      ],
      dueMs: [50, 150, 225, 275],
    },
    {
      name: 'on a ramp, which keeps its own time',
      rate: { kind: 'ramp', fromPerSecond: 0, toPerSecond: 20 },
      changes: [{ atMs: 1_000, factor: 4 }],
      // t² below a second, 1 + 4 (t² − 1) after it.
      dueMs: [707, 1_061, 1_173, 1_275],
    },
  ];
  for (const { name, rate, changes, dueMs } of tables)
    it(name, () => assert.deepEqual(dueTimes(rate, changes, dueMs.length), dueMs));

  it('counts and times are each other’s inverse', () => {
    const arrivals = openArrivals(
      {
        shape: {
          kind: 'open',
          arrivals: { kind: 'poisson' },
          rate: { kind: 'sine', minPerSecond: 5, maxPerSecond: 40, periodMs: 3_000 },
        },
        until: tenSeconds,
      },
      1,
    );
    const line = changedClock(arrivals.clock, [
      { atMs: 777, factor: 3 },
      { atMs: 4_100, factor: 0.4 },
      { atMs: 4_500, factor: 1.1 },
    ]);
    for (let count = 0; count < 200; count += 7.3)
      assert.ok(Math.abs(line.countAt(line.timeOfCount(count)) - count) < 1e-6, `${count}`);
  });

  it('poisson gaps stay exponential on the stretched time', () => {
    const arrivals = openArrivals(
      { shape: { kind: 'open', arrivals: { kind: 'poisson' }, rate: flat(100) }, until: tenSeconds },
      7,
    );
    const changes = Array.from({ length: 40 }, (_, index) => ({
      atMs: 250 * (index + 1),
      factor: [0.5, 2, 1, 3][index % 4] as number,
    }));
    const line = changedClock(arrivals.clock, changes);
    const dueMs = Array.from({ length: 2_000 }, () => line.timeOfCount(arrivals.next() as number));
    assert.ok(dueMs.every((each, index) => each >= (dueMs[index - 1] ?? 0)));
    const counts = dueMs.map(line.countAt);
    const gaps = counts.map((each, index) => each - (counts[index - 1] ?? 0)).sort((left, right) => left - right);
    const distance = Math.max(
      ...gaps.map((gap, index) => Math.abs(1 - Math.exp(-gap) - (index + 0.5) / gaps.length) + 0.5 / gaps.length),
    );
    assert.ok(distance < 1.63 / Math.sqrt(gaps.length), `distance ${distance}`);
    // While the factor is 3, three times as many are due as while it is 1.
    const within = (factor: number): number =>
      dueMs.filter((each) => each >= 250 && each < 10_250 && factorAt(changes, each) === factor).length;
    assert.ok(Math.abs(within(3) / within(1) - 3) < 0.6, `${within(3)} and ${within(1)}`);
  });
});

describe('changes as a stage sees them', () => {
  const changes = [
    { atMs: 100, factor: 2 },
    { atMs: 500, factor: 3 },
  ];
  it('on its own time, with what was in force before', () => {
    assert.deepEqual(changesSince(changes, 0), changes);
    assert.deepEqual(changesSince(changes, 300), [
      { atMs: 0, factor: 2 },
      { atMs: 200, factor: 3 },
    ]);
    assert.deepEqual(changesSince(changes, 500), [{ atMs: 0, factor: 3 }]);
    assert.deepEqual(
      [0, 99, 100, 600].map((atMs) => factorAt(changes, atMs)),
      [1, 1, 2, 3],
    );
  });
});

describe('a replay', () => {
  const replay = (speed: number, until: Parameters<typeof replayArrivals>[0]['until']): number[] => {
    const arrivals = replayArrivals({ shape: { kind: 'replay', speed }, until }, [0, 100, 100, 450]);
    const dueMs: number[] = [];
    for (let next = arrivals.next(); next !== undefined; next = arrivals.next())
      dueMs.push(arrivals.clock.timeOfCount(next));
    return [...dueMs, arrivals.end];
  };
  it('has the recorded times, divided by the speed, and ends with the last', () => {
    assert.deepEqual(replay(1, { kind: 'dataset' }), [0, 100, 100, 450, 450]);
    assert.deepEqual(replay(2, { kind: 'dataset' }), [0, 50, 50, 225, 225]);
    assert.deepEqual(replay(1, { kind: 'requests', requests: 2 }), [0, 100, 100]);
  });
});
