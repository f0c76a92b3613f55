import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { EXIT_CODES } from '../../../../src/contract/errors.ts';
import { meanOf } from '../../../../src/contract/distribution.ts';
import { parseDistribution } from '../../../../src/runner/simulator/parse-distribution.ts';
import { parseSimulatorOptions, readSimulatorOptions } from '../../../../src/runner/simulator/options.ts';

describe('parseDistribution', () => {
  const cases = [
    ['120ms', { kind: 'constant', value: 120 }],
    ['1.5 s', { kind: 'constant', value: 1500 }],
    ['80', { kind: 'constant', value: 80 }],
    ['normal(20ms,3ms)', { kind: 'normal', mean: 20, stddev: 3 }],
    ['normal(mean 20 ms, stddev 3 ms)', { kind: 'normal', mean: 20, stddev: 3 }],
    ['uniform(10 .. 30) ms', { kind: 'uniform', min: 10, max: 30 }],
    ['uniform(0.5s, 1s)', { kind: 'uniform', min: 500, max: 1000 }],
    ['exponential(50ms)', { kind: 'exponential', mean: 50 }],
  ] as const;
  for (const [text, distribution] of cases)
    it(`reads ${text}`, () => assert.deepEqual(parseDistribution(text, 'duration'), { distribution }));

  it('reads a lognormal by its mean and p99', () => {
    const parsed = parseDistribution('lognormal(mean 120 ms, p99 400 ms)', 'duration');
    assert.ok('distribution' in parsed);
    assert.ok(Math.abs(meanOf(parsed.distribution) - 120) < 1e-9);
  });

  const wrong = [
    ['soon', /not a quantity/],
    ['20 parsecs', /not a unit of duration/],
    ['20 tokens', /not a unit of duration; write one of us, ms, s/],
    ['cauchy(1, 2)', /not a distribution/],
    ['normal(20ms)', /takes 2 values, 1 were given/],
    ['uniform(30 .. 10)', /lower end/],
    ['lognormal(mean 120 ms, p99 100 ms)', /no lognormal/],
    ['normal(20ms, -3ms)', /not a quantity/],
  ] as const;
  for (const [text, problem] of wrong)
    it(`refuses ${text}`, () => {
      const parsed = parseDistribution(text, 'duration');
      assert.match('problem' in parsed ? parsed.problem : 'accepted', problem);
    });
});

describe('simulator options', () => {
  it("have the catalog's defaults where nothing is said", () => {
    assert.deepEqual(readSimulatorOptions({}), {
      firstTokenMs: { kind: 'constant', value: 100 },
      interTokenMs: { kind: 'constant', value: 20 },
      outputTokens: { kind: 'constant', value: 128 },
    });
  });

  it('are taken from a plan, distributions and plain numbers alike', () => {
    const options = readSimulatorOptions({ firstTokenMs: { kind: 'exponential', mean: 9 }, interTokenMs: 5 }, 'tiny');
    assert.deepEqual(options.firstTokenMs, { kind: 'exponential', mean: 9 });
    assert.deepEqual(options.interTokenMs, { kind: 'constant', value: 5 });
    assert.equal(options.model, 'tiny');
  });

  it('are taken from texts', () => {
    const options = parseSimulatorOptions({
      'first-token': '80ms',
      output: 'uniform(3 .. 5) tokens',
      model: undefined,
    });
    assert.deepEqual(options.firstTokenMs, { kind: 'constant', value: 80 });
    assert.deepEqual(options.outputTokens, { kind: 'uniform', min: 3, max: 5 });
  });

  it('take their seed from the plan or a text, where there is one', () => {
    assert.equal(readSimulatorOptions({ seed: 7 }).seed, 7);
    assert.equal(parseSimulatorOptions({ seed: '7' }).seed, 7);
    assert.equal('seed' in readSimulatorOptions({}), false);
    assert.throws(() => parseSimulatorOptions({ seed: 'x' }), { name: 'RunError' });
  });

  it('refuse an option there is not, and a value that cannot be read, with exit code 2', () => {
    for (const texts of [{ 'last-token': '80ms' }, { 'first-token': '80 furlongs' }])
      assert.throws(() => parseSimulatorOptions(texts), { name: 'RunError', exitCode: EXIT_CODES.scenario });
  });
});
