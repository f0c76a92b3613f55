import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { expectedRequests } from '../../../../src/contract/describe-plan.ts';
import type { Arrivals, RateProfile, StageEnd } from '../../../../src/contract/plan.ts';
import { dueTimes, openArrivals, type OpenShape } from '../../../../src/runner/pacing/arrivals.ts';

const constant: Arrivals = { kind: 'constant' };
const poisson: Arrivals = { kind: 'poisson' };
const flat = (ratePerSecond: number): RateProfile => ({ kind: 'flat', ratePerSecond });
const forTime = (durationMs: number): StageEnd => ({ kind: 'time', durationMs });
const forRequests = (requests: number): StageEnd => ({ kind: 'requests', requests });

function walk(arrivals: Arrivals, rate: RateProfile, until: StageEnd, seed = 1): { dueMs: number[]; endMs: number } {
  const shape: OpenShape = { kind: 'open', arrivals, rate };
  const schedule = dueTimes(until, openArrivals({ shape, until }, seed));
  const dueMs: number[] = [];
  for (;;) {
    const step = schedule.next();
    if (step.done === true) return { dueMs, endMs: step.value };
    dueMs.push(step.value);
  }
}

const rounded = (values: readonly number[]): number[] => values.map((value) => Math.round(value * 1000) / 1000);

describe('constant arrivals, as tables', () => {
  const tables: { name: string; rate: RateProfile; until: StageEnd; dueMs: number[]; endMs: number }[] = [
    { name: 'flat', rate: flat(5), until: forTime(1000), dueMs: [100, 300, 500, 700, 900], endMs: 1000 },
    { name: 'flat by count', rate: flat(10), until: forRequests(3), dueMs: [50, 150, 250], endMs: 300 },
    { name: 'less than one request', rate: flat(0.1), until: forTime(4000), dueMs: [], endMs: 4000 },
    {
      name: 'ramp from nothing',
      rate: { kind: 'ramp', fromPerSecond: 0, toPerSecond: 8 },
      until: forTime(1000),
      dueMs: [353.553, 612.372, 790.569, 935.414],
      endMs: 1000,
    },
    {
      name: 'ramp down to nothing is the mirror image',
      rate: { kind: 'ramp', fromPerSecond: 8, toPerSecond: 0 },
      until: forTime(1000),
      dueMs: [64.586, 209.431, 387.628, 646.447],
      endMs: 1000,
    },
    {
      name: 'ramp by count stretches over its requests',
      rate: { kind: 'ramp', fromPerSecond: 0, toPerSecond: 8 },
      until: forRequests(4),
      dueMs: [353.553, 612.372, 790.569, 935.414],
      endMs: 1000,
    },
    {
      name: 'spikes come at the beginning of each period',
      rate: { kind: 'spikes', basePerSecond: 2, spikePerSecond: 10, spikeMs: 300, everyMs: 1300 },
      until: forTime(2600),
      dueMs: [50, 150, 250, 550, 1050, 1350, 1450, 1550, 1850, 2350],
      endMs: 2600,
    },
    {
      name: 'spikes over silence',
      rate: { kind: 'spikes', basePerSecond: 0, spikePerSecond: 10, spikeMs: 200, everyMs: 1000 },
      until: forTime(2000),
      dueMs: [50, 150, 1050, 1150],
      endMs: 2000,
    },
    {
      name: 'sine is lowest at the beginning',
      rate: { kind: 'sine', minPerSecond: 0, maxPerSecond: 8, periodMs: 1000 },
      until: forTime(1000),
      dueMs: [281.122, 436.671, 563.329, 718.878],
      endMs: 1000,
    },
  ];
  for (const table of tables) {
    it(table.name, () => {
      const { dueMs, endMs } = walk(constant, table.rate, table.until);
      assert.deepEqual(rounded(dueMs), table.dueMs);
      assert.equal(Math.round(endMs * 1000) / 1000, table.endMs);
    });
  }

  it('does not drift: the last of 60,000 is exactly where it belongs', () => {
    const rate = flat(1000);
    const schedule = dueTimes(
      forTime(60_000),
      openArrivals({ shape: { kind: 'open', arrivals: constant, rate }, until: forTime(60_000) }, 1),
    );
    let count = 0;
    let last = 0;
    for (const dueMs of schedule) {
      count += 1;
      last = dueMs;
    }
    assert.equal(count, 60_000);
    assert.equal(last, 59_999.5);
  });
});

describe('every profile under every kind of arrivals', () => {
  const durationMs = 600_000;
  const profiles: RateProfile[] = [
    flat(50),
    { kind: 'ramp', fromPerSecond: 10, toPerSecond: 90 },
    { kind: 'ramp', fromPerSecond: 100, toPerSecond: 0 },
    { kind: 'spikes', basePerSecond: 20, spikePerSecond: 200, spikeMs: 10_000, everyMs: 60_000 },
    { kind: 'sine', minPerSecond: 0, maxPerSecond: 100, periodMs: 120_000 },
  ];
  const kinds: Arrivals[] = [constant, poisson, { kind: 'gamma', burstiness: 0.5 }, { kind: 'gamma', burstiness: 4 }];
  for (const rate of profiles) {
    for (const arrivals of kinds) {
      const name = arrivals.kind === 'gamma' ? `gamma ${arrivals.burstiness}` : arrivals.kind;
      it(`${rate.kind} × ${name}: each tenth of ten minutes holds what its rate promises`, () => {
        const { dueMs, endMs } = walk(arrivals, rate, forTime(durationMs), 11);
        assert.equal(endMs, durationMs);
        assert.ok(dueMs.every((each, index) => each >= (dueMs[index - 1] ?? 0) && each < durationMs));
        const cv2 = arrivals.kind === 'constant' ? 0 : arrivals.kind === 'poisson' ? 1 : 1 / arrivals.burstiness;
        for (let part = 0; part < 10; part += 1) {
          const fromMs = (part * durationMs) / 10;
          const toMs = fromMs + durationMs / 10;
          const expected = integral(rate, toMs, durationMs) - integral(rate, fromMs, durationMs);
          const count = dueMs.filter((each) => each >= fromMs && each < toMs).length;
          const tolerance = 1 + 4.5 * Math.sqrt(cv2 * expected);
          assert.ok(Math.abs(count - expected) <= tolerance, `part ${part}: ${count} for ${expected} ± ${tolerance}`);
        }
      });
    }
  }
});

/** Expected requests up to a moment of a stage of this length; a ramp is cut, not squeezed. */
function integral(rate: RateProfile, atMs: number, durationMs: number): number {
  if (rate.kind !== 'ramp') return expectedRequests(rate, atMs);
  const toPerSecond = rate.fromPerSecond + ((rate.toPerSecond - rate.fromPerSecond) * atMs) / durationMs;
  return expectedRequests({ ...rate, toPerSecond }, atMs);
}

describe('the distribution of gaps', () => {
  const gapsOf = (dueMs: readonly number[]): number[] =>
    dueMs.slice(1).map((each, index) => each - (dueMs[index] as number));

  it('poisson: gaps are exponential (Kolmogorov–Smirnov) and independent of each other', () => {
    const gaps = gapsOf(walk(poisson, flat(100), forRequests(20_000), 5).dueMs);
    const distance = ksDistance(gaps, (gapMs) => 1 - Math.exp(-gapMs / 10));
    // 1.63/√n is the critical distance at 1 %.
    assert.ok(distance < 1.63 / Math.sqrt(gaps.length), `distance ${distance}`);
    const correlation = lagOneCorrelation(gaps);
    assert.ok(Math.abs(correlation) < 3.3 / Math.sqrt(gaps.length), `lag-one correlation ${correlation}`);
  });

  it('poisson: counts per second have the dispersion of a Poisson process', () => {
    const { dueMs } = walk(poisson, flat(50), forTime(2_000_000), 9);
    const index = dispersion(dueMs, 1000, 2000);
    // Variance over mean is 1 with standard error √(2/(n−1)).
    assert.ok(Math.abs(index - 1) < 3.3 * Math.sqrt(2 / 1999), `index of dispersion ${index}`);
  });

  const reference = JSON.parse(
    readFileSync(new URL('../../../fixtures/pacing/gamma-quantiles.json', import.meta.url), 'utf8'),
  ) as { probabilities: number[]; quantilesByBurstiness: Record<string, number[]> };
  for (const [burstiness, quantiles] of Object.entries(reference.quantilesByBurstiness)) {
    it(`gamma ${burstiness}: gaps have SciPy's quantiles and the coefficient of variation 1/√burstiness`, () => {
      const arrivals: Arrivals = { kind: 'gamma', burstiness: Number(burstiness) };
      const gaps = gapsOf(walk(arrivals, flat(1000), forRequests(40_001), 3).dueMs);
      reference.probabilities.forEach((probability, index) => {
        const below = gaps.filter((gap) => gap <= (quantiles[index] as number)).length / gaps.length;
        const tolerance = 4 * Math.sqrt((probability * (1 - probability)) / gaps.length);
        assert.ok(Math.abs(below - probability) < tolerance, `${below} of the gaps below the ${probability} quantile`);
      });
      const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
      const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / (gaps.length - 1));
      const expected = 1 / Math.sqrt(Number(burstiness));
      assert.ok(Math.abs(deviation / mean / expected - 1) < 0.05, `CV ${deviation / mean}, expected ${expected}`);
    });
  }

  it('a poisson stream under a sine is exponential again once time is stretched back', () => {
    const rate: RateProfile = { kind: 'sine', minPerSecond: 5, maxPerSecond: 95, periodMs: 60_000 };
    const { dueMs } = walk(poisson, rate, forTime(600_000), 21);
    const gaps = gapsOf(dueMs.map((each) => expectedRequests(rate, each)));
    const distance = ksDistance(gaps, (gap) => 1 - Math.exp(-gap));
    assert.ok(distance < 1.63 / Math.sqrt(gaps.length), `distance ${distance}`);
  });
});

describe('seeds', () => {
  it('the same seed gives the same arrivals, another seed others', () => {
    const first = walk(poisson, flat(50), forTime(10_000), 1).dueMs;
    assert.deepEqual(walk(poisson, flat(50), forTime(10_000), 1).dueMs, first);
    assert.notDeepEqual(walk(poisson, flat(50), forTime(10_000), 2).dueMs, first);
  });

  it('a longer stage begins like a shorter one', () => {
    const short = walk(poisson, flat(50), forTime(10_000)).dueMs;
    const long = walk(poisson, flat(50), forTime(20_000)).dueMs;
    assert.deepEqual(long.slice(0, short.length), short);
  });
});

function ksDistance(values: readonly number[], cdf: (value: number) => number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted.reduce((worst, value, index) => {
    const expected = cdf(value);
    return Math.max(
      worst,
      Math.abs(expected - index / sorted.length),
      Math.abs(expected - (index + 1) / sorted.length),
    );
  }, 0);
}

function lagOneCorrelation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const variance = centred.reduce((sum, value) => sum + value * value, 0);
  return centred.slice(1).reduce((sum, value, index) => sum + value * (centred[index] as number), 0) / variance;
}

function dispersion(dueMs: readonly number[], binMs: number, bins: number): number {
  const counts = new Array<number>(bins).fill(0);
  for (const each of dueMs) counts[Math.floor(each / binMs)] = (counts[Math.floor(each / binMs)] ?? 0) + 1;
  const mean = counts.reduce((sum, count) => sum + count, 0) / bins;
  return counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (bins - 1) / mean;
}
