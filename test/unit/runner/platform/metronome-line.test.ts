import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import {
  createMetronomeBuffer,
  INSTANTS_AHEAD,
  MetronomeBench,
  openMetronomeLine,
  ticksOf,
} from '../../../../src/runner/platform/metronome-line.ts';

function open(workers = 1, now = 0) {
  const buffer = createMetronomeBuffer(workers);
  const bench = new MetronomeBench(buffer, now);
  const lines = Array.from({ length: workers }, (_, worker) => openMetronomeLine(buffer, worker));
  const words = new Int32Array(buffer);
  return {
    bench,
    arm: (next: number, after = next, worker = 0) =>
      lines[worker]?.arm(new Int32Array(INSTANTS_AHEAD).fill(after).fill(next, 0, 1)),
    /** How often each worker was woken so far. */
    woken: () => Array.from({ length: workers }, (_, worker) => words[2 + worker * (2 + INSTANTS_AHEAD)]),
  };
}

describe('the metronome', () => {
  it('wakes a worker at its next instant and at the one after, without being poked in between', () => {
    const { bench, arm, woken } = open();
    arm(1_000, 1_500);
    const { mark } = bench;
    assert.equal(bench.wakeDue(100), 900);
    assert.equal(bench.wakeDue(1_000), 500);
    assert.deepEqual(woken(), [1]);
    // The worker, awake, says what follows: the metronome awaits the first of it already.
    arm(1_500, 2_200);
    assert.equal(bench.mark, mark);
    assert.equal(bench.wakeDue(1_501), 699);
    assert.deepEqual(woken(), [2]);
  });

  it('is poked for an instant before the one it awaits, and when it awaits none', () => {
    const { bench, arm } = open();
    const asleep = bench.mark;
    assert.equal(bench.wakeDue(0), Infinity);
    arm(5_000);
    assert.notEqual(bench.mark, asleep);
    assert.equal(bench.wakeDue(0), 5_000);
    const awaiting = bench.mark;
    arm(6_000);
    assert.equal(bench.mark, awaiting);
    arm(3_000);
    assert.notEqual(bench.mark, awaiting);
    assert.equal(bench.wakeDue(0), 3_000);
  });

  it('wakes for what was armed before it began, once', () => {
    const { bench, arm, woken } = open(1, 50_000);
    arm(5_000);
    bench.wakeDue(50_000);
    bench.wakeDue(50_100);
    assert.deepEqual(woken(), [1]);
  });

  it('sleeps until the soonest instant of all workers', () => {
    const { bench, arm, woken } = open(3);
    arm(900, 900, 0);
    arm(400, 700, 2);
    assert.equal(bench.wakeDue(0), 400);
    assert.equal(bench.wakeDue(450), 250);
    assert.equal(bench.wakeDue(950), Infinity);
    assert.deepEqual(woken(), [1, 0, 2]);
  });

  it('counts on across the wrap of its 32 bits', () => {
    const beforeWrap = ticksOf(2 ** 31 / 1000 - 1);
    const afterWrap = ticksOf(2 ** 31 / 1000 + 1);
    assert.ok(beforeWrap > 0 && afterWrap < 0);
    const { bench, arm, woken } = open(1, beforeWrap - 500);
    arm(beforeWrap, afterWrap);
    assert.equal(bench.wakeDue(beforeWrap - 500), 500);
    assert.equal(bench.wakeDue(beforeWrap), 2_000);
    assert.equal(bench.wakeDue(afterWrap), Infinity);
    assert.deepEqual(woken(), [2]);
  });

  it('wakes a worker that was silent for hours', () => {
    const { bench, arm, woken } = open();
    arm(1_000);
    bench.wakeDue(1_000);
    let now = 1_000;
    for (let minute = 0; minute < 240; minute += 5) bench.wakeDue((now = (now + 300_000_000) | 0));
    const before = woken()[0] as number;
    arm((now + 700) | 0);
    assert.equal(bench.wakeDue(now), 700);
    bench.wakeDue((now + 700) | 0);
    assert.equal(woken()[0], before + 1);
  });

  it('never early: instants are rounded up, and none is taken for nothing', () => {
    assert.equal(ticksOf(1.0001), 1_001);
    assert.equal(ticksOf(0), 1);
  });
});
