import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_OUTPUT_READS, OutputStamps, roundMs } from '../../../../src/runner/request/output-stamps.ts';

test('gaps are rounded to the microsecond and add up to the whole', () => {
  const stamps = new OutputStamps();
  for (let at = 0; at < 1000; at += 1) stamps.push(1234.56789 + at * 20.0004321);
  const gaps = stamps.gapsMs();
  const sumUs = gaps.reduce((sum, gap) => sum + Math.round(gap * 1000), 0);
  assert.equal(gaps.length, 999);
  assert.equal(sumUs, Math.round(roundMs(stamps.lastMs ?? 0) * 1000) - Math.round(roundMs(stamps.firstMs ?? 0) * 1000));
  for (const gap of gaps) assert.match(String(gap), /^\d+(\.\d{1,3})?$/);
});

test('none, one, and cleared', () => {
  const stamps = new OutputStamps();
  assert.deepEqual([stamps.firstMs, stamps.lastMs, stamps.gapsMs()], [undefined, undefined, []]);
  stamps.push(5);
  assert.deepEqual([stamps.firstMs, stamps.lastMs, stamps.gapsMs()], [5, 5, []]);
  stamps.clear();
  assert.equal(stamps.firstMs, undefined);
});

test('there is an end to how many are kept', () => {
  const stamps = new OutputStamps();
  for (let at = 0; at < MAX_OUTPUT_READS; at += 1) assert.ok(stamps.push(at));
  assert.equal(stamps.push(0), false);
});
