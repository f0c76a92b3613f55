import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchOverdue } from '../../../../src/runner/run/overdue-watch.ts';
import { phasesOf } from '../../../../src/runner/run/phases.ts';
import { SharedLoad } from '../../../../src/runner/run/shared-load.ts';
import { createFakeClock } from '../../../helpers/fake-clock.ts';
import { flat, forTime, makeLoad, makeStage } from '../../../helpers/make-load.ts';

test('a process that was stopped beyond every deadline, as by Ctrl-Z or a laptop that sleeps, is given its time when it goes on', async () => {
  const clock = createFakeClock();
  let sleptMs = 0;
  const load = makeLoad([makeStage('steady', flat(10), forTime(2_000))]);
  const shared = new SharedLoad(phasesOf(load).length, undefined);
  shared.setStart(phasesOf(load).length, 2_000);
  const told: string[] = [];
  const watch = watchOverdue({
    load,
    shared,
    clock: { ...clock, nowMs: () => clock.nowMs() + sleptMs },
    haltedMs: () => undefined,
    onOverdue: (message) => told.push(message),
  });
  await clock.advanceAsync(3_000);
  sleptMs = 3_600_000;
  await clock.advanceAsync(30_000 + 40_000);
  assert.deepEqual(told, []);
  await clock.advanceAsync(10_000);
  assert.equal(told.length, 1);
  watch.stop();
});
