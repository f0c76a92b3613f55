/** Every statistic against NumPy and SciPy (test/fixtures/statistics/make_reference.py). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  clusteredPercentileInterval,
  designEffect,
} from '../../../../../src/runner/measure/statistics/clustered-interval.ts';
import { dispersionTest } from '../../../../../src/runner/measure/statistics/dispersion.ts';
import { ExactSample } from '../../../../../src/runner/measure/statistics/exact-sample.ts';
import {
  kolmogorovPValue,
  kolmogorovSmirnov,
} from '../../../../../src/runner/measure/statistics/kolmogorov-smirnov.ts';
import { meanInterval, studentQuantile } from '../../../../../src/runner/measure/statistics/mean-interval.ts';
import {
  percentileInterval,
  percentileRanks,
} from '../../../../../src/runner/measure/statistics/percentile-interval.ts';
import { percentile } from '../../../../../src/runner/measure/statistics/ranked-sample.ts';
import { wilsonInterval } from '../../../../../src/runner/measure/statistics/ratio-interval.ts';
import { shapeOf } from '../../../../../src/runner/measure/statistics/shape.ts';
import { betaI, gammaP, gammaQ } from '../../../../../src/runner/measure/statistics/special-functions.ts';

function reference<Cases>(name: string): Cases {
  const url = new URL(`../../../../fixtures/statistics/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { cases: Cases }).cases;
}

function close(actual: number | undefined, expected: number, relative: number, what: string): void {
  assert.ok(actual !== undefined, `${what} is absent`);
  const error = Math.abs(actual - expected);
  assert.ok(error <= relative * Math.abs(expected) + 1e-13, `${what}: ${actual}, reference ${expected}`);
}

const samples = new Map(
  reference<{ name: string; values: number[]; percentiles: Record<string, number> }[]>('percentiles').map((each) => [
    each.name,
    { ...each, sample: new ExactSample(each.values) },
  ]),
);

test('percentiles are nearest rank', () => {
  for (const { name, sample, percentiles } of samples.values())
    for (const [quantile, expected] of Object.entries(percentiles))
      assert.equal(percentile(sample, Number(quantile)), expected, `${name} p${quantile}`);
});

test('percentile intervals are order statistics, absent where the sample is too small', () => {
  type Case = { sample: string; quantile: number; lower: number | null; upper: number | null };
  for (const { sample, quantile, lower, upper } of reference<Case[]>('percentile-intervals')) {
    const interval = percentileInterval(samples.get(sample)?.sample as ExactSample, quantile);
    assert.deepEqual([interval.lower ?? null, interval.upper ?? null], [lower, upper], `${sample} p${quantile}`);
  }
});

test('ranks of percentile intervals hold up to ten million values', () => {
  type Case = { count: number; quantile: number; lower: number | null; upper: number | null };
  for (const { count, quantile, lower, upper } of reference<Case[]>('percentile-ranks')) {
    const ranks = percentileRanks(quantile, count);
    assert.deepEqual([ranks.lower ?? null, ranks.upper ?? null], [lower, upper], `p${quantile} of ${count}`);
  }
});

test('mean, deviation, interval of the mean, and the shape of a sample', () => {
  type Case = {
    [key in 'mean' | 'min' | 'max' | 'geomean' | 'iqr' | 'outliers']: number;
  } & {
    sample: string;
    stddev?: number;
    skewness?: number;
    kurtosis?: number;
    meanInterval?: number[];
    modes: number[];
  };
  for (const expected of reference<Case[]>('descriptive')) {
    const sample = samples.get(expected.sample)?.sample as ExactSample;
    const shape = shapeOf(sample);
    const what = (statistic: string): string => `${statistic} of ${expected.sample}`;
    close(sample.mean, expected.mean, 1e-12, what('mean'));
    assert.equal(sample.min, expected.min);
    assert.equal(sample.max, expected.max);
    close(shape.geomean, expected.geomean, 1e-12, what('geomean'));
    close(shape.iqr, expected.iqr, 1e-12, what('iqr'));
    assert.equal(shape.outliers, expected.outliers, what('outliers'));
    assert.ok(expected.modes.includes(shape.mode ?? Number.NaN), what('mode'));
    const { lower, upper } = meanInterval(sample.mean, sample.stddev, sample.count);
    if (expected.stddev === undefined) {
      assert.equal(sample.stddev, undefined);
      assert.deepEqual([lower, upper], [undefined, undefined]);
    } else {
      close(sample.stddev, expected.stddev, 1e-11, what('stddev'));
      close(lower, expected.meanInterval?.[0] as number, 1e-11, what('lower bound of the mean'));
      close(upper, expected.meanInterval?.[1] as number, 1e-11, what('upper bound of the mean'));
    }
    for (const statistic of ['skewness', 'kurtosis'] as const) {
      const wanted = expected[statistic];
      if (wanted === undefined) assert.equal(shape[statistic], undefined, what(statistic));
      else close(shape[statistic], wanted, 1e-8, what(statistic));
    }
  }
});

test("ratio intervals are Wilson's", () => {
  for (const { hits, count, lower, upper } of reference<Record<'hits' | 'count' | 'lower' | 'upper', number>[]>(
    'wilson',
  )) {
    const interval = wilsonInterval(hits, count);
    close(interval.lower, lower, 1e-12, `lower bound of ${hits}/${count}`);
    close(interval.upper, upper, 1e-12, `upper bound of ${hits}/${count}`);
  }
});

test("quantiles of Student's t", () => {
  type Case = Record<'degrees' | 'probability' | 'quantile', number>;
  for (const { degrees, probability, quantile } of reference<Case[]>('student'))
    close(studentQuantile(probability, degrees), quantile, 1e-9, `t of ${degrees} degrees at ${probability}`);
});

test('incomplete gamma and beta functions', () => {
  type Cases = {
    gamma: Record<'a' | 'x' | 'p' | 'q', number>[];
    beta: Record<'a' | 'b' | 'x' | 'value', number>[];
  };
  const { gamma, beta } = reference<Cases>('special-functions');
  for (const { a, x, p, q } of gamma) {
    close(gammaP(a, x), p, 1e-9, `P(${a}, ${x})`);
    close(gammaQ(a, x), q, 1e-9, `Q(${a}, ${x})`);
  }
  for (const { a, b, x, value } of beta) close(betaI(x, a, b), value, 1e-11, `I(${x}; ${a}, ${b})`);
});

test('the Kolmogorov–Smirnov distance and its probability', () => {
  type Case = { name: string; mean: number; values: number[]; distance: number; pValue: number };
  for (const { name, mean, values, distance, pValue } of reference<Case[]>('kolmogorov-smirnov')) {
    const result = kolmogorovSmirnov(values, (value) => 1 - Math.exp(-value / mean));
    close(result.distance, distance, 1e-12, `distance of ${name}`);
    assert.ok(Math.abs(result.pValue - pValue) < 1e-4, `p of ${name}: ${result.pValue}, reference ${pValue}`);
  }
});

test('the law of the Kolmogorov distance, exact for moderate samples and to 1e-4 for large ones', () => {
  type Case = Record<'count' | 'distance' | 'pValue', number>;
  for (const { count, distance, pValue } of reference<Case[]>('kolmogorov-law')) {
    const error = Math.abs(kolmogorovPValue(distance, count) - pValue);
    assert.ok(error < (count <= 1_000 ? 1e-6 : 1e-4), `D = ${distance} of ${count}: off by ${error}`);
  }
});

test('the interval of a pooled percentile is as wide as resampling whole answers makes it', () => {
  type Case = {
    name: string;
    answers: number[][];
    quantile: number;
    threshold: number;
    designEffect: number;
    bootstrap: number[];
  };
  for (const each of reference<Case[]>('clustered')) {
    const values = Float64Array.from(each.answers.flat());
    let start = 0;
    const starts = Uint32Array.from(each.answers, (answer) => (start += answer.length) - answer.length);
    close(designEffect({ values, starts }, each.threshold), each.designEffect, 1e-10, `design effect, ${each.name}`);
    const sample = new ExactSample(values);
    const interval = clusteredPercentileInterval(sample, each.quantile, { values, starts });
    const [low, high] = each.bootstrap as [number, number];
    const width = (interval.upper as number) - (interval.lower as number);
    assert.ok(width > 0.7 * (high - low) && width < 1.6 * (high - low), `${each.name}: ${width} against ${high - low}`);
    assert.ok((interval.lower as number) < each.threshold && each.threshold < (interval.upper as number));
  }
});

test('the variance test tells constant arrivals from random ones', () => {
  type Case = { name: string; times: number[]; arrivalsPerGap: number; ratio: number; pValue: number };
  for (const { name, times, arrivalsPerGap, ratio, pValue } of reference<Case[]>('dispersion')) {
    const result = dispersionTest(times, arrivalsPerGap);
    close(result?.ratio, ratio, 1e-9, `ratio of ${name}`);
    close(result?.pValue, pValue, 1e-8, `p of ${name}`);
  }
});
