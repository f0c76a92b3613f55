import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from '../../../src/contract/nearest.ts';

test('a misspelt word finds the known one', () => {
  const commands = ['run', 'check', 'format', 'plan', 'report', 'simulate', 'list'];
  const table: [string, string | undefined][] = [
    ['rnu', 'run'],
    ['chek', 'check'],
    ['raport', 'report'],
    ['SIMULATE', 'simulate'],
    ['simlate', 'simulate'],
    ['lst', 'list'],
    ['xyz', undefined],
    ['benchmark', undefined],
    ['', undefined],
  ];
  for (const [word, expected] of table) assert.equal(nearest(word, commands), expected, word);
});

test('of several the closest one is named', () => {
  assert.equal(nearest('ttft.intnded', ['ttft', 'ttft.intended', 'e2e.intended']), 'ttft.intended');
  assert.equal(nearest('p59', ['p95', 'p50', 'p99']), 'p95');
});
