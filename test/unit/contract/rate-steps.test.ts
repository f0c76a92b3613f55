import assert from 'node:assert/strict';
import { test } from 'node:test';
import { steppedFactor, type RateStep } from '../../../src/contract/rate-steps.ts';

const walk = (from: number, ...steps: readonly RateStep[]): readonly number[] => {
  let factor = from;
  return steps.map((step) => (factor = steppedFactor(factor, step)));
};

test('steps are tenths of the plan, exact however many there are, and lead back the way they came', () => {
  assert.deepEqual(walk(1, 'up', 'up', 'down', 'down', 'down'), [1.1, 1.2, 1.1, 1, 0.9]);
  const thereAndBack = walk(1, ...Array<RateStep>(70).fill('up'), ...Array<RateStep>(70).fill('down'));
  assert.equal(thereAndBack[69], 8);
  assert.equal(thereAndBack[139], 1);
  assert.deepEqual(walk(3.7, 'plan'), [1]);
});

test('from between two steps it is the next one', () => {
  assert.deepEqual(walk(1.234, 'up'), [1.3]);
  assert.deepEqual(walk(1.234, 'down'), [1.2]);
  assert.deepEqual(walk(0.05, 'up'), [0.1]);
});

test('there is a lowest and a highest step, and beyond them nothing turns round', () => {
  assert.deepEqual(walk(0.2, 'down', 'down'), [0.1, 0.1]);
  assert.deepEqual(walk(0.05, 'down'), [0.05]);
  assert.deepEqual(walk(99.9, 'up', 'up'), [100, 100]);
});
