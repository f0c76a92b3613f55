import assert from 'node:assert/strict';
import { once } from 'node:events';
import { hrtime } from 'node:process';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { createClock, readOriginNs } from '../../../../src/runner/platform/clock.ts';
import { createFakeClock } from '../../../helpers/fake-clock.ts';

test('counts milliseconds since the origin, as process.hrtime does', () => {
  const originNs = readOriginNs();
  const clock = createClock(originNs);
  const beforeMs = Number(hrtime.bigint() - originNs) / 1e6;
  const readMs = clock.nowMs();
  const afterMs = Number(hrtime.bigint() - originNs) / 1e6;
  assert.ok(readMs >= beforeMs - 0.05 && readMs <= afterMs + 0.05, `${beforeMs} ≤ ${readMs} ≤ ${afterMs}`);
});

test('a worker thread that started later reads the same time', async () => {
  const originNs = readOriginNs();
  const clock = createClock(originNs);
  const source = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.clockUrl).then(({ createClock }) => {
      const clock = createClock(workerData.originNs);
      parentPort.on('message', () => parentPort.postMessage(clock.nowMs()));
      parentPort.postMessage('ready');
    });`;
  const clockUrl = new URL('../../../../src/runner/platform/clock.ts', import.meta.url).href;
  const worker = new Worker(source, { eval: true, workerData: { clockUrl, originNs } });
  try {
    await once(worker, 'message');
    const beforeMs = clock.nowMs();
    worker.postMessage('read');
    const [workerMs] = (await once(worker, 'message')) as [number];
    const afterMs = clock.nowMs();
    assert.ok(workerMs >= beforeMs - 0.05 && workerMs <= afterMs + 0.05, `${beforeMs} ≤ ${workerMs} ≤ ${afterMs}`);
  } finally {
    await worker.terminate();
  }
});

test('sleepUntil never returns early, and returns at once when aborted', async () => {
  const clock = createClock(readOriginNs());
  const atMs = clock.nowMs() + 3.4;
  await clock.sleepUntil(atMs);
  assert.ok(clock.nowMs() >= atMs);

  const fake = createFakeClock();
  const stop = new AbortController();
  const sleeping = fake.sleepUntil(1_000_000, stop.signal);
  stop.abort();
  await sleeping;
  assert.equal(fake.pendingTimers, 0);
});

test('the fake clock fires timers in order of time, repeating ones again and again', () => {
  const clock = createFakeClock();
  const seen: string[] = [];
  clock.after(20, () => seen.push(`late@${clock.nowMs()}`));
  clock.after(5, () => seen.push(`early@${clock.nowMs()}`));
  const cancel = clock.every(8, () => seen.push(`tick@${clock.nowMs()}`));
  clock.advance(20);
  cancel();
  clock.advance(100);
  assert.deepEqual(seen, ['early@5', 'tick@8', 'tick@16', 'late@20']);
  assert.equal(clock.nowMs(), 120);
});
