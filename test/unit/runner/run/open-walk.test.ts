import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { openArrivals } from '../../../../src/runner/pacing/arrivals.ts';
import { createLatch } from '../../../../src/runner/run/latch.ts';
import { createOpenWalk, SETTLED_MS } from '../../../../src/runner/run/open-walk.ts';
import type { OpenPhase } from '../../../../src/runner/run/phases.ts';
import { SharedLoad } from '../../../../src/runner/run/shared-load.ts';
import { flat, forTime, makeStage } from '../../../helpers/make-load.ts';

interface Due {
  readonly number: number;
  readonly phase: number;
  readonly dueMs: number;
}

/** An agenda from which nothing is ever sent. */
function agendaOf(dues: Due[]) {
  return {
    add: (due: Due): void => void dues.push(due),
    whenRoom: () => Promise.resolve(),
    firstOf: (phase: number) => dues.find((due) => due.phase === phase)?.number,
    takeBack: (): void => void dues.splice(0),
  };
}

function walkOf(shared: SharedLoad, dues: Due[], nowMs: number) {
  return createOpenWalk({
    ...{ shared, halted: createLatch(), worker: 0, workers: 1 },
    clock: { nowMs: () => nowMs },
    agenda: agendaOf(dues),
    arrivalsOf: (of) => openArrivals(of as OpenPhase, 1),
    until: () => new Promise(() => {}),
    onEnd: () => {},
  });
}

const phase = { index: 0, ...makeStage('steady', flat(20), forTime(1_000)) } as unknown as OpenPhase;

test('a change of the rate that is seen before the worker is told of it loses no request', async () => {
  const shared = new SharedLoad(2, undefined);
  const dues: Due[] = [];
  const walk = walkOf(shared, dues, 0);
  void walk.walk(phase, 0);
  await turn();
  assert.equal(dues.length, 20);
  // Both are in the shared memory before the worker hears of the first.
  shared.changeRate(1.5, 100, 0);
  shared.changeRate(2, 100, 0);
  walk.rateChanged();
  await turn();
  walk.rateChanged();
  await turn();
  assert.ok(dues.length > 35, `${dues.length} requests are left of 38`);
  assert.deepEqual(
    dues.map(({ number }) => number),
    dues.map((_, index) => index),
  );
});

test('a change of the rate takes nothing back of a phase that is settled', async () => {
  const shared = new SharedLoad(2, undefined);
  const dues: Due[] = [];
  const walk = walkOf(shared, dues, 800);
  assert.equal(await walk.walk(phase, 0), 20);
  shared.changeRate(2, 900, SETTLED_MS);
  walk.rateChanged();
  await turn();
  assert.equal(dues.length, 20);
});
