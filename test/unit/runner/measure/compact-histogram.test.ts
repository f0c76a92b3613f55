import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CompactHistogram } from '../../../../src/runner/measure/compact-histogram.ts';
import { ExactSample } from '../../../../src/runner/measure/statistics/exact-sample.ts';

const values = fc.array(fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 200 })), {
  minLength: 1,
  maxLength: 200,
});
const histogramOf = (sample: readonly number[]): CompactHistogram => {
  const histogram = new CompactHistogram();
  for (const value of sample) histogram.record(value);
  return histogram;
};

test('every rank is off by at most 0.4 %, or the thousandth that values are told apart by', () => {
  fc.assert(
    fc.property(values, (sample) => {
      const exact = new ExactSample(Float64Array.from(sample));
      const histogram = histogramOf(sample);
      for (let rank = 1; rank <= sample.length; rank++) {
        const [is, should] = [histogram.valueAtRank(rank), exact.valueAtRank(rank)];
        assert.ok(Math.abs(is - should) <= Math.max(0.004 * should, 0.001), `${rank}: ${is}, not ${should}`);
      }
    }),
  );
});

test('merged, it is the histogram of both', () => {
  fc.assert(
    fc.property(values, values, (left, right) => {
      const merged = histogramOf(left);
      merged.merge(histogramOf(right));
      const both = histogramOf([...left, ...right]);
      assert.equal(merged.count, both.count);
      assert.ok(Math.abs(merged.mean - both.mean) <= 1e-9 * Math.max(1, both.mean));
      for (let rank = 1; rank <= both.count; rank++) assert.equal(merged.valueAtRank(rank), both.valueAtRank(rank));
    }),
  );
});
