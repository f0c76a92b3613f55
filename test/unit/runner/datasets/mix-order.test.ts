import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { createMixOrder, type MixPlace } from '../../../../src/runner/datasets/mix-order.ts';

const OFFICE = [0.4, 0.3, 0.2, 0.1];
/** Upper 0.1 % of the chi-square distribution (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4), by degrees of freedom. */
const CRITICAL = { 3: 16.266, 15: 37.697 } as const;

function chiSquare(observed: readonly number[], expected: readonly number[]): number {
  return observed.reduce((sum, count, index) => sum + (count - expected[index]!) ** 2 / expected[index]!, 0);
}

function places(weights: readonly number[], seed: number, count: number, from = 0): readonly MixPlace[] {
  const order = createMixOrder(weights, seed);
  return Array.from({ length: count }, (_, index) => order(from + index));
}

function countsOf(all: readonly MixPlace[], parts: number): readonly number[] {
  return Array.from({ length: parts }, (_, part) => all.filter((each) => each.part === part).length);
}

describe('the order of a mix', () => {
  const mixes: readonly (readonly number[])[] = [OFFICE, [1 / 3, 1 / 3, 1 / 3], [0.995, 0.004, 0.001], [0, 1, 0], [1]];
  for (const weights of mixes)
    it(`has the parts by weight after each hundred, and at the end: ${weights.map((each) => each.toFixed(3)).join(' ')}`, () => {
      const all = places(weights, 5, 20_000);
      for (let count = 100; count <= all.length; count += 1_900)
        countsOf(all.slice(0, count), weights.length).forEach((seen, part) =>
          assert.ok(Math.abs(seen - count * weights[part]!) < 2, `${seen} of ${count} from part ${part}`),
        );
    });

  it('numbers each part without a gap, wherever one begins to look', () => {
    const all = places(OFFICE, 9, 1_000);
    for (const part of OFFICE.keys())
      assert.deepEqual(
        all.filter((each) => each.part === part).map(({ number }) => number),
        Array.from({ length: OFFICE[part]! * 1_000 }, (_, index) => index),
      );
    assert.deepEqual(places(OFFICE, 9, 300, 650), all.slice(650, 950));
    const far = places(OFFICE, 9, 200, 1_000_000_000);
    assert.deepEqual(
      far.filter(({ part }) => part === 3).map(({ number }) => number),
      Array.from({ length: 20 }, (_, index) => 100_000_000 + index),
    );
  });

  it('each place of a hundred has every part by its weight, whatever stood there before', () => {
    const deals = 4_000;
    const all = places(OFFICE, 3, deals * 100);
    for (const at of [0, 41, 99]) {
      const here = all.filter((_, index) => index % 100 === at);
      const expected = OFFICE.map((weight) => weight * deals);
      const statistic = chiSquare(countsOf(here, OFFICE.length), expected);
      assert.ok(statistic < CRITICAL[3], `chi-square ${statistic} at ${at}`);
      const pairs = OFFICE.flatMap((_, before) =>
        OFFICE.map(
          (__, after) => here.filter(({ part }, deal) => part === after && here[deal - 1]?.part === before).length,
        ),
      );
      const byChance = OFFICE.flatMap((before) => OFFICE.map((after) => before * after * (deals - 1)));
      const dependence = chiSquare(pairs, byChance);
      assert.ok(dependence < CRITICAL[15], `chi-square ${dependence} of neighbouring hundreds at ${at}`);
    }
  });

  it('is another for another seed', () => {
    assert.notDeepEqual(places(OFFICE, 1, 100), places(OFFICE, 2, 100));
  });
});
