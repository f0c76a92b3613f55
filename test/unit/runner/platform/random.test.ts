import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { lognormalFromMeanAndP99, meanOf, type Distribution } from '../../../../src/contract/distribution.ts';
import { createRandom, sampleDistribution, sampleWhole } from '../../../../src/runner/platform/random.ts';

const DRAWS = 40_000;

function draw(distribution: Distribution): number[] {
  const random = createRandom(7, distribution.kind);
  return Array.from({ length: DRAWS }, () => sampleDistribution(distribution, random));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('createRandom', () => {
  it('repeats itself for the same seed and path', () => {
    const first = createRandom(1, 'prompt', 5);
    const second = createRandom(1, 'prompt', 5);
    assert.deepEqual([first(), first(), first()], [second(), second(), second()]);
  });

  it('gives every number of a path a sequence of its own', () => {
    const firsts = new Set(Array.from({ length: 100_000 }, (_, index) => createRandom(1, 'prompt', index)()));
    assert.equal(firsts.size, 100_000);
  });

  it('tells seeds above 2^32, and words in another order, apart', () => {
    const firsts = [
      createRandom(5),
      createRandom(5 + 2 ** 32),
      createRandom(5, 'ab'),
      createRandom(5, 'a', 'b'),
      createRandom(5, 'ba'),
    ].map((random) => random());
    assert.equal(new Set(firsts).size, firsts.length);
  });

  it('is uniform over neighbouring numbers of a path, not only within one sequence', () => {
    const bins = Array.from({ length: 16 }, () => 0);
    for (let index = 0; index < DRAWS; index += 1) {
      const bin = Math.floor(createRandom(3, index)() * 16);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const expected = DRAWS / 16;
    const chiSquare = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 15 degrees of freedom: 37.7 is the 99.9th percentile.
    assert.ok(chiSquare < 37.7, `chi-square ${chiSquare}`);
  });
});

describe('sampleDistribution', () => {
  const distributions: Distribution[] = [
    { kind: 'constant', value: 4 },
    { kind: 'uniform', min: 2, max: 10 },
    { kind: 'normal', mean: 20, stddev: 3 },
    lognormalFromMeanAndP99(120, 400) as Distribution,
    { kind: 'exponential', mean: 50 },
  ];
  for (const distribution of distributions) {
    it(`has the mean of ${distribution.kind}`, () => {
      const values = draw(distribution);
      const average = mean(values);
      const spread = Math.sqrt(mean(values.map((value) => (value - average) ** 2)));
      const tolerance = (4 * spread) / Math.sqrt(DRAWS) + 1e-9;
      assert.ok(Math.abs(average - meanOf(distribution)) <= tolerance, `${average} against ${meanOf(distribution)}`);
    });
  }

  it('has the 99th percentile asked of a lognormal', () => {
    const sorted = draw(lognormalFromMeanAndP99(120, 400) as Distribution).sort((left, right) => left - right);
    const p99 = sorted[Math.floor(DRAWS * 0.99)] ?? 0;
    assert.ok(Math.abs(p99 - 400) < 20, `${p99}`);
  });

  it('has the standard deviation asked of a normal', () => {
    const values = draw({ kind: 'normal', mean: 20, stddev: 3 });
    const spread = Math.sqrt(mean(values.map((value) => (value - 20) ** 2)));
    assert.ok(Math.abs(spread - 3) < 0.05, `${spread}`);
  });
});

describe('sampleWhole', () => {
  it('gives both ends of a uniform distribution their full weight', () => {
    const random = createRandom(1);
    const counts = new Map<number, number>();
    for (let index = 0; index < DRAWS; index += 1) {
      const value = sampleWhole({ kind: 'uniform', min: 1, max: 4 }, random);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    assert.deepEqual(
      [...counts.keys()].sort((left, right) => left - right),
      [1, 2, 3, 4],
    );
    for (const count of counts.values()) assert.ok(Math.abs(count - DRAWS / 4) < 400, `${count}`);
  });

  it('never goes below its minimum', () => {
    const random = createRandom(1);
    for (let index = 0; index < 1000; index += 1)
      assert.ok(sampleWhole({ kind: 'normal', mean: 1, stddev: 30 }, random, 1) >= 1);
  });
});
