import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { createDeadlineTimer } from '../../../../src/runner/platform/deadline-timer.ts';

const nowMs = (): number => performance.now();

/** Arms the timer this far ahead and resolves with how late it was. */
function measureLateness(aheadMs: number): Promise<number> {
  return new Promise((resolve) => {
    const dueMs = nowMs() + aheadMs;
    createDeadlineTimer(nowMs, () => resolve(nowMs() - dueMs)).arm(dueMs);
  });
}

describe('the deadline timer', () => {
  for (const aheadMs of [-5, 0, 0.3, 1.7, 2.4, 12.34])
    it(`never fires early, ${aheadMs} ms ahead`, async () => {
      assert.ok((await measureLateness(aheadMs)) >= Math.min(0, -aheadMs));
    });

  it('fires once, at the instant armed last', async () => {
    const fired: number[] = [];
    const startMs = nowMs();
    await new Promise<void>((resolve) => {
      const timer = createDeadlineTimer(nowMs, () => {
        fired.push(nowMs() - startMs);
        resolve();
      });
      timer.arm(startMs + 40);
      timer.arm(startMs + 1);
      timer.arm(startMs + 8);
    });
    await measureLateness(50);
    assert.equal(fired.length, 1);
    assert.ok((fired[0] ?? 0) >= 8, `${fired[0]}`);
  });

  it('can be armed anew from its callback, and disarmed', async () => {
    let count = 0;
    const timer = createDeadlineTimer(nowMs, () => {
      count += 1;
      timer.arm(nowMs() + 1);
      if (count === 5) timer.disarm();
    });
    timer.arm(nowMs());
    await measureLateness(30);
    assert.equal(count, 5);
  });
});
