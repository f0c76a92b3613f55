import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import type { RequestRecord } from '../../../../src/contract/outcome.ts';
import type { LoadPlan } from '../../../../src/contract/plan.ts';
import { calibrate } from '../../../../src/runner/run/calibrate.ts';
import { chooseCalibration } from '../../../../src/runner/run/calibration-choice.ts';
import { measuringError } from '../../../../src/runner/run/measuring-error.ts';
import { createWorkerCrew, type WorkerCrew } from '../../../../src/runner/run/worker-pool.ts';
import type { GroundTruthLine } from '../../../../src/runner/simulator/ground-truth.ts';
import { flat, forRequests, forTime, makeLoad, makeStage, makeWarmup, users } from '../../../helpers/make-load.ts';
import { makePlan } from '../../../helpers/make-plan.ts';

const measured = (sentMs: number, firstMs: number, itlMs: readonly number[]): RequestRecord =>
  ({ outcome: 'ok', sentMs, firstMs, itlMs }) as unknown as RequestRecord;
const written = (receivedMs: number, writtenAfterMs: readonly number[]): GroundTruthLine => ({
  request: 0,
  receivedMs,
  writtenAfterMs,
  inputTokens: 1,
  outputTokens: writtenAfterMs.length,
  ended: 'complete',
});

describe('the measuring error', () => {
  const clock = { originMs: 1_000, fromMs: 0 };

  it('is what the reported percentile says more than was written, on one clock', () => {
    const error = measuringError(
      [measured(30, 61, [10, 12]), measured(10, 40.5, [10.25, 10])],
      // Received 1 ms after sending; first tokens at 40 and 60 on the client's clock.
      [written(1_011, [29, 39, 49]), written(1_031, [29, 39, 49])],
      clock,
    );
    assert.equal(error.requests, 2);
    assert.equal(error.gaps, 4);
    // Measured 30.5 and 31, written 30 and 30.
    assert.deepEqual(error.ttftErrorMs, { p50: 0.5, p99: 1 });
    assert.deepEqual(error.itlErrorMs, { p50: 0, p99: 2 });
  });

  it('leaves the beginning out', () => {
    const error = measuringError(
      [measured(10, 90, [50]), measured(210, 240, [10])],
      [written(1_010, [30, 40]), written(1_210, [30, 40])],
      { ...clock, fromMs: 200 },
    );
    assert.deepEqual([error.requests, error.ttftErrorMs.p99, error.itlErrorMs.p99], [1, 0, 0]);
  });

  it('is not known where answers are missing', () => {
    assert.throws(() => measuringError([measured(10, 40, [10])], [], clock), /1 answers came of 0/);
    assert.throws(() => measuringError([], [], clock), /no answer came in time/);
  });
});

describe('a calibration', () => {
  const choose = (load: LoadPlan, isWanted = true): unknown => chooseCalibration(makePlan({ load }), isWanted);
  const cases: readonly (readonly [string, LoadPlan, unknown])[] = [
    ['is left out before a short run', makeLoad([makeStage('a', flat(50), forTime(9_000))]), { why: 'short-run' }],
    ['is left out before few requests', makeLoad([makeStage('a', users(4), forRequests(20))]), { why: 'short-run' }],
    [
      'counts the warm-up as a part of the run',
      makeLoad([makeStage('a', users(32), forTime(9_000))], { warmup: makeWarmup(forTime(2_000)) }),
      { streams: 32 },
    ],
    ['has no fewer streams than it needs', makeLoad([makeStage('a', users(1), forTime(60_000))]), { streams: 16 }],
    [
      'has no more streams than one can judge',
      makeLoad([makeStage('a', users(900), forTime(60_000))]),
      { streams: 64 },
    ],
    ['precedes many requests', makeLoad([makeStage('a', users(20), forRequests(500))]), { streams: 20 }],
  ];
  for (const [name, load, choice] of cases) it(name, () => assert.deepEqual(choose(load), choice));

  it('is left out where it is not wanted', () => {
    const load = makeLoad([makeStage('a', users(32), forTime(60_000))]);
    assert.deepEqual(choose(load, false), { why: 'switched-off' });
  });

  it('sends nothing any more when it is given up', async () => {
    const crew = createWorkerCrew(1);
    const loads: string[] = [];
    const watched: WorkerCrew = {
      ...crew,
      start(setup, events) {
        loads.push('begun');
        const pool = crew.start(setup, events);
        return { ...pool, release: () => pool.release().then(() => void loads.push('over')) };
      },
    };
    const result = await calibrate({ plan: makePlan(), crew: watched, streams: 16, given: AbortSignal.abort() });
    assert.deepEqual(loads, ['begun', 'over']);
    await crew.dismiss();
    assert.equal(result.state, 'failed');
    assert.match(result.state === 'failed' ? result.message : '', /too busy/);
  });

  it('measures with real threads, and leaves none behind', async (context) => {
    const crew = createWorkerCrew(2);
    const result = await calibrate({ plan: makePlan(), crew, streams: 16 });
    await crew.dismiss();
    context.diagnostic(JSON.stringify(result));
    // A machine that is too busy for it says so; everything else is a mistake.
    if (result.state === 'failed') assert.match(result.message, /too busy/);
    else {
      assert.equal(result.state, 'measured');
      // A busy machine may bring two tokens in one read.
      const { requests, gaps } = result;
      assert.ok(requests >= 10 && gaps <= requests * 19 && gaps > requests * 10, JSON.stringify(result));
      assert.ok(
        [result.ttftErrorMs, result.itlErrorMs].every(({ p50, p99 }) => Number.isFinite(p50) && Number.isFinite(p99)),
      );
    }
  });
});
