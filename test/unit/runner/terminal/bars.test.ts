import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressBar, sparkline } from '../../../../src/runner/terminal/bars.ts';

test('a progress bar is always as wide as asked', () => {
  for (const ratio of [0, 0.01, 0.5, 0.999, 1, 7, -1, Number.NaN]) {
    const { filled, rest } = progressBar(ratio, 10);
    assert.equal(filled.length + rest.length, 10, String(ratio));
  }
  assert.deepEqual(progressBar(0.55, 10), { filled: '█████▌', rest: '░░░░' });
});

test('a sparkline shows the newest values from zero up and leaves gaps', () => {
  assert.equal(sparkline([9, 1, undefined, 4, 8], 4), '▁ ▅█'.replace('▁', '▂'));
  assert.equal(sparkline([0, 0], 5), '▁▁');
  assert.equal(sparkline([], 5), '');
});
