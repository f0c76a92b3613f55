import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { lognormalFromMeanAndP99, meanOf, type Distribution } from '../../../../src/contract/distribution.ts';
import { createDistributionModel } from '../../../../src/runner/simulator/distribution-model.ts';
import type { EngineModel, EngineRequest } from '../../../../src/runner/simulator/engine-model.ts';
import { engineRequest } from '../../../helpers/engine-request.ts';

const lognormal = lognormalFromMeanAndP99(120, 400) as Distribution;
const normal: Distribution = { kind: 'normal', mean: 20, stddev: 3 };

const request = (number: number, outputTokens = 1): EngineRequest => engineRequest(number, { outputTokens });

const create = (seed = 1, firstTokenMs: Distribution = lognormal): EngineModel<EngineRequest> =>
  createDistributionModel({ seed, firstTokenMs, interTokenMs: normal });

/** Runs the model to its end; looks in only every `stepMs`, as a server that is late does. */
function run(model: EngineModel<EngineRequest>, stepMs = 0): { number: number; dueMs: number }[] {
  const tokens: { number: number; dueMs: number }[] = [];
  while (model.nextDueMs() !== Number.POSITIVE_INFINITY)
    model.advance(model.nextDueMs() + stepMs, 1000, ({ number }, dueMs) => tokens.push({ number, dueMs }));
  return tokens;
}

describe('the distribution model', () => {
  it('has the asked means of first-token and inter-token times', () => {
    const model = create();
    const count = 2000;
    for (let number = 0; number < count; number += 1) model.submit(request(number, 11), 0);
    const byRequest = new Map<number, { dueMs: number }[]>();
    for (const token of run(model)) byRequest.set(token.number, [...(byRequest.get(token.number) ?? []), token]);
    const firsts = [...byRequest.values()].map((tokens) => tokens[0]?.dueMs ?? Number.NaN);
    const gaps = [...byRequest.values()].flatMap((tokens) =>
      tokens.slice(1).map((token, index) => token.dueMs - (tokens[index]?.dueMs ?? Number.NaN)),
    );
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    assert.equal(gaps.length, count * 10);
    // Four standard errors: the lognormal's deviation is 69 ms, the normal's 3 ms.
    assert.ok(Math.abs(mean(firsts) - meanOf(lognormal)) < (4 * 69) / Math.sqrt(count), `${mean(firsts)}`);
    assert.ok(Math.abs(mean(gaps) - 20) < (4 * 3) / Math.sqrt(gaps.length), `${mean(gaps)}`);
  });

  it('gives the n-th request the same times in every run, whatever else is going on', () => {
    const alone = create(7);
    alone.submit(request(5, 20), 0);
    const crowded = create(7);
    for (let number = 0; number < 10; number += 1) crowded.submit(request(number, 20), 0);
    assert.deepEqual(
      run(crowded).filter(({ number }) => number === 5),
      run(alone),
    );
    const other = create(8);
    other.submit(request(5, 20), 0);
    alone.submit(request(5, 20), 0);
    assert.notDeepEqual(run(other), run(alone));
  });

  it('does not let lateness accumulate', () => {
    const punctual = create();
    const late = create();
    for (const model of [punctual, late]) model.submit(request(0, 200), 0);
    assert.deepEqual(run(late, 50), run(punctual));
  });

  it('hands over tokens in the order of their due times', () => {
    const model = create();
    for (let number = 0; number < 300; number += 1) model.submit(request(number, 1 + (number % 17)), number);
    const due = run(model, 30).map(({ dueMs }) => dueMs);
    assert.deepEqual(
      due,
      due.toSorted((left, right) => left - right),
    );
    assert.equal(
      due.length,
      Array.from({ length: 300 }, (_, number) => 1 + (number % 17)).reduce((a, b) => a + b),
    );
  });

  it('gives nothing more to a request that is cancelled, even from within a token', () => {
    const model = create();
    const [kept, cut] = [request(0, 5), request(1, 50)];
    model.submit(kept, 0);
    model.submit(cut, 0);
    const seen: number[] = [];
    while (model.nextDueMs() !== Number.POSITIVE_INFINITY) {
      model.advance(model.nextDueMs(), 1000, (each) => {
        seen.push(each.number);
        if (each === cut) model.cancel(cut);
      });
    }
    assert.equal(seen.filter((number) => number === 1).length, 1);
    assert.equal(seen.filter((number) => number === 0).length, 5);
  });

  it('hands over no more at a time than it is asked for, and nothing twice or late for it', () => {
    const [all, bit] = [create(), create()];
    for (const model of [all, bit]) for (let number = 0; number < 50; number += 1) model.submit(request(number, 9), 0);
    const expected = run(all);
    const tokens: { number: number; dueMs: number }[] = [];
    while (bit.nextDueMs() !== Number.POSITIVE_INFINITY) {
      const before = tokens.length;
      bit.advance(1e9, 7, ({ number }, dueMs) => tokens.push({ number, dueMs }));
      assert.ok(tokens.length - before <= 7);
    }
    assert.deepEqual(tokens, expected);
  });

  it('takes a draw below zero as zero', () => {
    const model = create(1, { kind: 'normal', mean: -1000, stddev: 1 });
    model.submit(request(0), 40);
    assert.equal(model.nextDueMs(), 40);
  });
});
