import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { EXIT_CODES } from '../../../../src/contract/errors.ts';
import { meanOf } from '../../../../src/contract/distribution.ts';
import { describeSimulatorOptions } from '../../../../src/runner/simulator/describe-options.ts';
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

  it('take the parts of the batching engine, with defaults of a named setup', () => {
    const { batching } = parseSimulatorOptions({ engine: 'batching', 'max-num-seqs': '8', 'prefix-cache': 'off' });
    assert.deepEqual(batching, {
      stepMs: 60,
      stepPerSequenceMs: 0.03,
      stepPerContextTokenMs: 0.0005,
      stepPerPromptTokenMs: 0.22,
      sendMs: 0.02,
      maxSequences: 8,
      maxBatchedTokens: 2_048,
      kvCacheTokens: 35_200,
      blockTokens: 16,
      hasPrefixCache: false,
      maxModelTokens: 16_384,
    });
    assert.equal(readSimulatorOptions({ engine: 'batching', stepMs: 5 }).batching?.stepMs, 5);
    assert.equal('batching' in readSimulatorOptions({ engine: 'distributions' }), false);
  });

  it('take faults, only where there are any', () => {
    assert.equal('faults' in readSimulatorOptions({ tooManyRatio: 0 }), false);
    const { faults } = parseSimulatorOptions({ 'fault-429': '2 %', 'fault-stall': '0.5 %', 'retry-after': '3s' });
    assert.equal(faults?.shares['too-many'], 0.02);
    assert.equal(faults?.shares.stall, 0.005);
    assert.equal(faults?.retryAfterMs, 3_000);
  });

  const contradictions = [
    [{ engine: 'batching', 'first-token': '80ms' }, /first-token has no effect with `engine batching`/],
    [{ 'max-num-seqs': '8' }, /max-num-seqs has no effect with `engine distributions`/],
    [{ engine: 'batching', 'max-num-seqs': '4096' }, /max-num-batched-tokens \(2048\) is below max-num-seqs/],
    [{ engine: 'batching', 'kv-cache': '1000 tokens' }, /KV cache holds \(992 tokens/],
    [{ engine: 'batching', step: '0ms', 'step-per-sequence': '0ms' }, /no time/],
    [{ 'fault-429': '60 %', 'fault-500': '60 %' }, /add up to 120 %/],
    [{ 'fault-429': '110 %' }, /above what is allowed/],
    [{ engine: 'magic' }, /none of distributions, batching/],
    [{ 'prefix-cache': 'yes', engine: 'batching' }, /not on or off/],
  ] as const;
  for (const [texts, message] of contradictions)
    it(`refuse ${JSON.stringify(texts)}`, () =>
      assert.throws(() => parseSimulatorOptions(texts), { name: 'RunError', exitCode: EXIT_CODES.scenario, message }));

  it('are described as they are, without what has no effect', () => {
    const described = Object.fromEntries(
      describeSimulatorOptions({ engine: 'batching', step: '5ms', 'fault-429': '1 %' }),
    );
    assert.equal(described['step'], '5ms');
    assert.equal(described['max-num-seqs'], '256');
    assert.equal(described['fault-429'], '1 %');
    assert.equal('first-token' in described || 'fault-500' in described || 'seed' in described, false);
    assert.equal('retry-after' in Object.fromEntries(describeSimulatorOptions({})), false);
  });
});
