import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { createAlarm, type Alarm } from '../../../../src/runner/platform/alarm.ts';
import { createClock, readOriginNs, type Clock } from '../../../../src/runner/platform/clock.ts';
import { createMetronomeBuffer, openMetronomeLine } from '../../../../src/runner/platform/metronome-line.ts';
import { startWorkerThread, type WorkerThread } from '../../../../src/runner/platform/worker-thread.ts';
import type { ToLoadWorker } from '../../../../src/runner/run/worker-messages.ts';

/** Far above what a quiet machine needs, so that a busy one does not fail: lateness itself is measured in test/accuracy. */
const PATIENCE_MS = 2_000;

describe('an alarm with its metronome', () => {
  let metronome: WorkerThread;
  let clock: Clock;
  let alarms: readonly Alarm[];
  // A thread that only waits for the metronome has nothing else that keeps its event loop alive.
  let keepAlive: NodeJS.Timeout;

  before(() => {
    const originNs = readOriginNs();
    const buffer = createMetronomeBuffer(2);
    clock = createClock(originNs);
    metronome = startWorkerThread('load-worker');
    metronome.port.post({ type: 'metronome', buffer, originNs } satisfies ToLoadWorker);
    alarms = [0, 1].map((worker) => createAlarm(clock, openMetronomeLine(buffer, worker)));
    keepAlive = setInterval(() => {}, 1_000);
  });
  after(async () => {
    clearInterval(keepAlive);
    await metronome.terminate();
  });

  const alarm = (): Alarm => alarms[0] as Alarm;
  const at = (atMs: number, from = alarm()): Promise<number> =>
    new Promise((resolve) => from.at(atMs, () => resolve(clock.nowMs())));

  it('never calls early, and calls in the order of time', async () => {
    const startMs = clock.nowMs() + 5;
    const order: number[] = [];
    const dueMs = [9, 3.25, 0, 27.5, 3.25, 14.125, 3.3].map((offset) => startMs + offset);
    const called = await Promise.all(
      dueMs.map(async (each, index) => {
        const calledMs = await at(each);
        order.push(index);
        return calledMs;
      }),
    );
    called.forEach((calledMs, index) => {
      const lateMs = calledMs - (dueMs[index] as number);
      assert.ok(lateMs >= 0 && lateMs < PATIENCE_MS, `late by ${lateMs} ms`);
    });
    assert.deepEqual(order, [2, 1, 4, 6, 0, 5, 3]);
  });

  it('what is past is called soon, but not before `at` has returned', async () => {
    let hasReturned = false;
    const called = new Promise<boolean>((resolve) => alarm().at(clock.nowMs() - 50, () => resolve(hasReturned)));
    hasReturned = true;
    assert.equal(await called, true);
  });

  it('an earlier instant asked for later comes first', async () => {
    const startMs = clock.nowMs();
    const late = at(startMs + 60);
    const early = at(startMs + 10);
    assert.ok((await early) <= (await late));
  });

  it('who has more to do than there is time for lets the event loop have its turn', async () => {
    const untilMs = clock.nowMs() + 300;
    let called = 0;
    const busy = (): void => {
      called += 1;
      const doneMs = clock.nowMs() + 1;
      while (clock.nowMs() < doneMs);
      // Each comes with another one that is due already: in a microtask, as a schedule goes on, and at once.
      if (doneMs < untilMs) {
        alarm().at(doneMs - 1, busy);
        void Promise.resolve().then(() => alarm().catchUp());
      }
    };
    alarm().at(clock.nowMs(), busy);
    alarm().at(clock.nowMs(), busy);
    const turns: number[] = [];
    while (clock.nowMs() < untilMs) {
      await new Promise(setImmediate);
      turns.push(called);
    }
    assert.ok(called > 100, `called back ${called} times`);
    const most = Math.max(...turns.map((each, index) => each - (turns[index - 1] ?? 0)));
    assert.ok(most <= 20, `${most} in one turn`);
  });

  it('what was cancelled or forgotten is not called', async () => {
    const called: string[] = [];
    const cancel = alarm().at(clock.nowMs() + 5, () => called.push('cancelled'));
    cancel();
    await at(clock.nowMs() + 10);
    alarm().at(clock.nowMs() + 5, () => called.push('forgotten'));
    alarm().clear();
    await at(clock.nowMs() + 20);
    assert.deepEqual(called, []);
  });

  it('serves every worker by its own instants', async () => {
    const startMs = clock.nowMs() + 5;
    const [first, second] = await Promise.all(
      alarms.map(async (each) => {
        for (let step = 0; step < 20; step += 1) await at(startMs + step, each);
        return clock.nowMs();
      }),
    );
    assert.ok((first as number) >= startMs + 19 && (second as number) >= startMs + 19);
  });
});
