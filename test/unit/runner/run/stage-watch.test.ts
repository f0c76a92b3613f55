import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import type { LoadPlan } from '../../../../src/contract/plan.ts';
import { phasesOf } from '../../../../src/runner/run/phases.ts';
import { SharedLoad } from '../../../../src/runner/run/shared-load.ts';
import { createStageWatch, type StageWatch } from '../../../../src/runner/run/stage-watch.ts';
import { flat, forRequests, forTime, makeLoad, makeStage, makeWarmup, users } from '../../../helpers/make-load.ts';

function watch(load: LoadPlan, startsMs: readonly number[]): { stages: StageWatch; shared: SharedLoad } {
  const shared = new SharedLoad(phasesOf(load).length, load.inFlightLimit);
  startsMs.forEach((startMs, phase) => shared.setStart(phase, startMs));
  return { stages: createStageWatch({ load }, shared), shared };
}

describe('the stages of a run', () => {
  const load = makeLoad([makeStage('one', flat(10), forTime(1_000)), makeStage('two', users(4), forRequests(20))], {
    warmup: makeWarmup(forTime(500)),
  });

  it('begin and end when the workers say so, each told once, the warm-up not at all', () => {
    const { stages, shared } = watch(load, [100, 600, 1_600]);
    assert.deepEqual(stages.changes(550), []);
    assert.deepEqual(stages.changes(700), [{ type: 'stage.started', stage: 'one', index: 0, atMs: 600 }]);
    assert.deepEqual(stages.changes(700), []);
    shared.setStart(3, 2_400);
    assert.deepEqual(stages.changes(3_000), [
      { type: 'stage.ended', stage: 'one', index: 0, atMs: 1_600 },
      { type: 'stage.started', stage: 'two', index: 1, atMs: 1_600 },
      { type: 'stage.ended', stage: 'two', index: 1, atMs: 2_400 },
    ]);
  });

  it('tell where the run is: warm-up, stage by time, stage by count, drain', () => {
    const { stages, shared } = watch(load, [100, 600, 1_600]);
    const at = (nowMs: number) => stages.position(nowMs);
    assert.deepEqual([at(350).stage.kind, at(350).stage.elapsedMs, at(350).measuredMs], ['warmup', 250, 0]);
    assert.equal(at(350).askedPerSecond, 10);
    assert.deepEqual(
      [at(850).stage.kind, at(850).stage.name, at(850).stage.durationMs, at(850).measuredMs],
      ['measured', 'one', 1_000, 250],
    );
    for (let request = 0; request < 5; request += 1) shared.finishRequest(2);
    const counted = at(1_900);
    assert.deepEqual([counted.stage.requestsDone, counted.stage.requestsTotal, counted.users], [5, 20, 4]);
    assert.equal(counted.stage.durationMs, undefined);
    assert.equal(counted.progressRatio, (2 + 5 / 20) / 3);
    shared.setStart(3, 2_400);
    assert.deepEqual([at(2_500).stage.kind, at(2_500).progressRatio, at(2_500).measuredMs], ['drain', 1, 1_800]);
  });

  it('progress by time where every length is known', () => {
    const timed = makeLoad([makeStage('one', flat(10), forTime(3_000)), makeStage('two', flat(10), forRequests(10))]);
    const { stages } = watch(timed, [0, 3_000]);
    assert.equal(stages.position(1_500).progressRatio, 0.375);
    assert.equal(stages.position(3_500).progressRatio, 0.875);
  });

  it('a halted load: what has begun ends then, and nothing else begins', () => {
    const { stages } = watch(load, [100, 600, 1_600]);
    stages.changes(700);
    stages.halt(900);
    assert.deepEqual(stages.changes(2_000), [{ type: 'stage.ended', stage: 'one', index: 0, atMs: 900 }]);
    const { stage, measuredMs } = stages.position(2_000);
    assert.deepEqual([stage.kind, stage.elapsedMs, measuredMs], ['drain', 1_100, 300]);
  });

  it('before the load begins it is at its beginning', () => {
    const { stages } = watch(load, []);
    assert.deepEqual(stages.changes(50), []);
    assert.deepEqual([stages.position(50).stage.elapsedMs, stages.position(50).progressRatio], [0, 0]);
  });
});
