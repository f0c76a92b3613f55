import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeQuantiles } from '../../../src/contract/merge-quantiles.ts';
import {
  EMPTY_HISTORY,
  MAX_WHOLE_BINS,
  RECENT_BINS,
  addSnapshot,
  mergeSnapshots,
  restoreHistory,
} from '../../../src/contract/snapshot-history.ts';
import type { LiveQuantiles } from '../../../src/contract/snapshot.ts';
import { makeSnapshot } from '../../helpers/make-snapshot.ts';

/** A lognormal sample without randomness: its quantile function at even steps. */
function lognormal(count: number, median: number, shift: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const share = (index + 0.5) / count;
    return median * Math.exp(0.4 * Math.log(share / (1 - share)) * 0.55) + shift;
  });
}

function quantilesOf(values: readonly number[]): LiveQuantiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

test('pooling quantiles of neighbouring intervals comes within a tenth of the quantiles of all their values', () => {
  const parts = [lognormal(400, 100, 0), lognormal(100, 100, 30), lognormal(250, 120, 0), lognormal(50, 90, 10)];
  const exact = quantilesOf(parts.flat());
  const pooled = mergeQuantiles(parts.map(quantilesOf));
  assert.ok(pooled !== undefined);
  assert.equal(pooled.count, 800);
  for (const key of ['p50', 'p95', 'p99'] as const)
    assert.ok(Math.abs(pooled[key] - exact[key]) / exact[key] < 0.1, `${key}: ${pooled[key]} against ${exact[key]}`);
});

test('pooling one interval, or equal ones, changes nothing', () => {
  const one = { count: 10, p50: 5, p95: 9, p99: 12 };
  assert.deepEqual(mergeQuantiles([undefined, one]), one);
  const twice = mergeQuantiles([one, one]);
  assert.deepEqual(twice, { ...one, count: 20 });
  assert.equal(mergeQuantiles([undefined]), undefined);
});

test('pooled quantiles never leave the range of their parts', () => {
  const low = { count: 1000, p50: 1, p95: 2, p99: 3 };
  const high = { count: 1, p50: 100, p95: 200, p99: 300 };
  const pooled = mergeQuantiles([low, high]);
  assert.ok(pooled !== undefined && pooled.p50 >= 0.9 && pooled.p99 < 10);
});

test('merging snapshots adds counts, averages levels and keeps the worst lag', () => {
  const older = makeSnapshot({ atMs: 250, inFlight: 10, interval: { sent: 3 }, generator: { loopLagMs: 9 } });
  const newer = makeSnapshot({ atMs: 500, inFlight: 20, interval: { sent: 5 }, generator: { loopLagMs: 2 } });
  const merged = mergeSnapshots(older, newer);
  assert.equal(merged.atMs, 500);
  assert.equal(merged.intervalMs, 500);
  assert.equal(merged.interval.sent, 8);
  assert.equal(merged.inFlight, 15);
  assert.equal(merged.generator.loopLagMs, 9);
});

test('a day of snapshots stays bounded and loses no request', () => {
  let history = EMPTY_HISTORY;
  const day = 24 * 3600;
  for (let second = 1; second <= day; second++)
    history = addSnapshot(
      history,
      makeSnapshot({ atMs: second * 1000, intervalMs: 1000, sequence: second, interval: { sent: 2 } }),
    );
  assert.ok(history.whole.length <= MAX_WHOLE_BINS && history.whole.length > MAX_WHOLE_BINS / 2 - 1);
  assert.equal(history.binMs, 128_000);
  assert.equal(
    history.whole.reduce((sum, bin) => sum + bin.interval.sent, 0),
    2 * day,
  );
  assert.equal(history.recent.length, RECENT_BINS);
  assert.equal(history.recent.at(-1)?.atMs, day * 1000);
});

test('four snapshots a second become one bin a second', () => {
  let history = EMPTY_HISTORY;
  for (let index = 1; index <= 12; index++)
    history = addSnapshot(history, makeSnapshot({ atMs: index * 250, sequence: index, interval: { ok: 1 } }));
  assert.deepEqual(
    history.whole.map((bin) => [bin.atMs, bin.intervalMs, bin.interval.ok]),
    [
      [1000, 1000, 4],
      [2000, 1000, 4],
      [3000, 1000, 4],
    ],
  );
});

test('a replayed history goes on with the same bins', () => {
  let history = EMPTY_HISTORY;
  for (let second = 1; second <= 2000; second++)
    history = addSnapshot(history, makeSnapshot({ atMs: second * 1000, intervalMs: 1000, sequence: second }));
  const replayed = restoreHistory(history.whole, history.recent);
  assert.deepEqual(replayed, history);
  const next = makeSnapshot({ atMs: 2001 * 1000, intervalMs: 1000, sequence: 2001 });
  assert.deepEqual(addSnapshot(replayed, next), addSnapshot(history, next));
});
