import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { SharedLoad } from '../../../../src/runner/run/shared-load.ts';

const SOURCE = new URL('../../../../src/runner/run/shared-load.ts', import.meta.url).href;

/** Runs the body in so many threads at once, each with the run's SharedLoad, and returns what they posted. */
async function inThreads(
  count: number,
  shared: SharedLoad,
  limit: number | undefined,
  body: string,
): Promise<unknown[]> {
  const source = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.source).then(async ({ SharedLoad }) => {
      const shared = new SharedLoad(2, workerData.limit, workerData.buffer);
      parentPort.postMessage(await (${body})(shared, workerData.thread));
    });`;
  const workers = Array.from(
    { length: count },
    (_, thread) =>
      new Worker(source, { eval: true, workerData: { source: SOURCE, buffer: shared.buffer, limit, thread } }),
  );
  return Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0] as unknown));
}

describe('slots', () => {
  it('never more than the limit in flight, over threads that take and give back as fast as they can', async () => {
    const limit = 3;
    const shared = new SharedLoad(2, limit);
    const seen = await inThreads(
      4,
      shared,
      limit,
      `(shared) => {
        let most = 0, taken = 0;
        while (taken < 20_000) {
          if (!shared.tryTakeSlot()) continue;
          taken += 1;
          most = Math.max(most, shared.inFlight + shared.queued);
          shared.releaseSlot();
        }
        return most;
      }`,
    );
    assert.ok(
      seen.every((most) => (most as number) <= limit),
      `${seen.join()}`,
    );
    assert.equal(shared.inFlight, 0);
  });

  it('numbers are granted in the order they were drawn, one for each that is given back', () => {
    const shared = new SharedLoad(1, 2);
    const slots = [0, 1, 2, 3].map(() => shared.drawSlot());
    assert.deepEqual(
      slots.map((slot) => shared.isGranted(slot)),
      [true, true, false, false],
    );
    assert.deepEqual([shared.inFlight, shared.queued], [2, 2]);
    shared.releaseSlot();
    assert.deepEqual(
      slots.map((slot) => shared.isGranted(slot)),
      [true, true, true, false],
    );
    shared.cancelSlot();
    assert.deepEqual([shared.inFlight, shared.queued], [2, 0]);
  });

  it('a thread that waits hears of a slot given back in another', async () => {
    const shared = new SharedLoad(2, 1);
    const slot = shared.drawSlot();
    const waiting = shared.drawSlot();
    const released = shared.whenSlotReleased();
    await inThreads(1, shared, 1, `(shared) => shared.releaseSlot()`);
    await released;
    assert.ok(shared.isGranted(waiting) && slot !== waiting);
  });

  it('goes on counting beyond 2^31', () => {
    const shared = new SharedLoad(1, 2);
    const words = new Int32Array(shared.buffer);
    words[0] = 0x7fff_fffe;
    words[1] = 0x7fff_fffe;
    const slots = [0, 1, 2].map(() => shared.drawSlot());
    assert.deepEqual(
      slots.map((slot) => shared.isGranted(slot)),
      [true, true, false],
    );
    shared.releaseSlot();
    shared.releaseSlot();
    assert.equal(shared.inFlight, 1);
  });
});

describe('tickets', () => {
  it('each is given once, over all threads, and all agree on how many there were', async () => {
    const shared = new SharedLoad(2, undefined);
    const all = (await inThreads(
      4,
      shared,
      undefined,
      `(shared) => {
        const mine = [];
        for (let ticket = shared.takeTicket(1, 5000); ticket !== undefined; ticket = shared.takeTicket(1, 5000)) mine.push(ticket);
        return mine;
      }`,
    )) as number[][];
    assert.deepEqual(
      all.flat().toSorted((left, right) => left - right),
      Array.from({ length: 5000 }, (_, index) => index),
    );
    assert.equal(shared.closeTickets(1), 5000);
    assert.equal(shared.closeTickets(1), 5000);
  });

  it('none is given once the phase is closed', () => {
    const shared = new SharedLoad(2, undefined);
    assert.equal(shared.takeTicket(0, undefined), 0);
    assert.equal(shared.closeTickets(0), 1);
    assert.equal(shared.takeTicket(0, undefined), undefined);
    assert.equal(shared.takeTicket(1, undefined), 0);
  });
});

describe('starts', () => {
  it('are believed from whoever says them first, and heard in other threads', async () => {
    const shared = new SharedLoad(2, undefined);
    const known = shared.whenStartKnown(1);
    await inThreads(4, shared, undefined, `(shared, thread) => shared.setStart(1, 100 + thread)`);
    const startMs = await known;
    assert.ok(startMs >= 100 && startMs < 104);
    shared.setStart(1, 5);
    assert.equal(shared.startOf(1), startMs);
    assert.equal(shared.startOf(2), undefined);
  });
});
