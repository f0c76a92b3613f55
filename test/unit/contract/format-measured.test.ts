import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMeasured } from '../../../src/contract/format-measured.ts';

test('report values read as people write them', () => {
  const table: [number, string, string][] = [
    [0.0123, 'ratio', '1.23 %'],
    [412.34, 'ms', '412.3 ms'],
    [1500, 'ms', '1.5 s'],
    [1234.5, 'tokens/s', '1235 tokens/s'],
    [49.81, 'req/s', '49.81 req/s'],
    [7, 'requests', '7 requests'],
    [3, '', '3'],
    [Number.NaN, 'ms', '–'],
  ];
  for (const [value, unit, text] of table) assert.equal(formatMeasured(value, unit), text);
});
