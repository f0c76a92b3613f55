import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import type { MonitorSample } from '../../../../src/contract/record.ts';
import type { MonitorSource } from '../../../../src/runner/monitors/monitor.ts';
import { startMonitoring, type Monitoring } from '../../../../src/runner/run/monitoring.ts';
import { createFakeClock, type FakeClock } from '../../../helpers/fake-clock.ts';
import { makePlan } from '../../../helpers/make-plan.ts';

function start(source: Partial<MonitorSource> | Error): {
  clock: FakeClock;
  samples: MonitorSample[];
  logged: string[];
  monitoring: Monitoring;
} {
  const clock = createFakeClock();
  const samples: MonitorSample[] = [];
  const logged: string[] = [];
  const monitoring = startMonitoring({
    monitors: makePlan().monitors,
    open: async () => {
      if (source instanceof Error) throw source;
      return { read: async () => [], dispose: async () => {}, ...source };
    },
    clock,
    onSample: (sample) => samples.push(sample),
    log: (level, message) => logged.push(`${level}: ${message}`),
  });
  return { clock, samples, logged, monitoring };
}

describe('a monitor', () => {
  it('is read at once and then on its grid, until it is stopped and closed', async () => {
    let isClosed = false;
    const { clock, samples, monitoring } = start({
      read: async () => [{ device: '', values: { cpu: 0.5 } }],
      dispose: async () => void (isClosed = true),
    });
    await clock.advanceAsync(3_500);
    await monitoring.stop();
    await clock.advanceAsync(5_000);
    assert.deepEqual(
      samples.map(({ monitor, atMs, values }) => [monitor, atMs, values]),
      [0, 1_000, 2_000, 3_000].map((atMs) => ['host', atMs, { cpu: 0.5 }]),
    );
    assert.ok(isClosed);
  });

  it('that fails is reported once, goes on trying, and is reported again only after it worked', async () => {
    let reading = 0;
    const { clock, samples, logged, monitoring } = start({
      read: async () => {
        reading += 1;
        if (reading !== 3) throw new Error('no driver');
        return [{ device: '', values: { cpu: 1 } }];
      },
    });
    await clock.advanceAsync(4_500);
    await monitoring.stop();
    assert.equal(samples.length, 1);
    assert.deepEqual(logged, Array(2).fill('warning: Monitor host (system) gives no values: no driver'));
  });

  it('that cannot be opened is reported, and nothing else happens', async () => {
    const { clock, samples, logged, monitoring } = start(new Error('nvidia-smi is not installed'));
    await clock.advanceAsync(2_000);
    await monitoring.stop();
    assert.deepEqual([samples.length, logged.length], [0, 1]);
  });

  it('that is slower than its grid leaves readings out instead of falling behind', async () => {
    let clockOf: FakeClock | undefined;
    const { clock, samples, monitoring } = start({
      read: async () => {
        await clockOf?.sleepUntil(clockOf.nowMs() + 2_500);
        return [{ device: '', values: { cpu: 1 } }];
      },
    });
    clockOf = clock;
    await clock.advanceAsync(10_000);
    await Promise.all([monitoring.stop(), clock.advanceAsync(5_000)]);
    assert.ok(samples.length >= 3 && samples.length <= 6, `${samples.length} samples`);
  });

  it('that hangs does not hold the end of the run', async () => {
    const { clock, monitoring } = start({ read: () => new Promise(() => {}) });
    await clock.advanceAsync(1_000);
    const stopped = monitoring.stop();
    await clock.advanceAsync(3_000);
    await stopped;
  });

  it('says what a reader must know of its figures', async () => {
    const { clock, logged, monitoring } = start({ notes: ['shares of a limit'] });
    await clock.advanceAsync(10);
    await monitoring.stop();
    assert.deepEqual(logged, ['info: Monitor host: shares of a limit']);
  });
});
