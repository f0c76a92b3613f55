/** Real threads: what a thread of its own can do that no fake shows. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import type { RunPlan } from '../../src/contract/plan.ts';
import { readOriginNs } from '../../src/runner/platform/clock.ts';
import { phasesOf } from '../../src/runner/run/phases.ts';
import { SharedLoad } from '../../src/runner/run/shared-load.ts';
import { startWorkerPool, type WorkerPool, type WorkerPoolEvents } from '../../src/runner/run/worker-pool.ts';
import { flat, forTime, makeLoad, makeStage } from '../helpers/make-load.ts';
import { makePlan } from '../helpers/make-plan.ts';

const { backend } = makePlan();
/** Nothing listens there: requests fail at once, which is all that is needed here. */
const nowhere = makePlan({
  load: makeLoad([makeStage('steady', flat(40), forTime(500))]),
  backend: { ...backend, protocol: 'openai.chat', model: 'm', url: 'http://127.0.0.1:9', options: {} },
});

function start(
  plan: RunPlan,
  workers: number,
): { pool: WorkerPool; shared: SharedLoad; lines: () => string[]; died: Error[] } {
  const shared = new SharedLoad(phasesOf(plan.load).length, plan.load.inFlightLimit);
  const died: Error[] = [];
  let text = '';
  const events: WorkerPoolEvents = {
    onBatch: ({ lines }) => void (text += new TextDecoder().decode(lines)),
    onHealth: () => {},
    onLog: () => {},
    countTokens: async () => [],
    onDied: (error) => void died.push(error),
  };
  const setup = { plan, secrets: {}, datasetData: undefined, datasetSeed: 1, nonce: 'n', sharedLoad: shared.buffer };
  return {
    pool: startWorkerPool(workers, setup, events),
    shared,
    lines: () => text.split('\n').filter((line) => line !== ''),
    died,
  };
}

describe('a pool of load workers', () => {
  it('gets ready, begins, sends its load and finishes', async () => {
    const { pool, shared, lines, died } = start(nowhere, 2);
    try {
      await pool.ready;
      await pool.begin(readOriginNs());
      shared.setStart(0, 0);
      await pool.finished;
      const ids = lines().map((line) => (JSON.parse(line) as { id: number }).id);
      assert.deepEqual(
        ids.toSorted((left, right) => left - right),
        Array.from({ length: 20 }, (_, index) => index),
      );
    } finally {
      await pool.terminate();
    }
    assert.deepEqual(died, []);
  });

  it('tells of a thread that could not start', async () => {
    const { pool, died } = start({ ...nowhere, dataset: { ...nowhere.dataset, source: 'no-such-source' } }, 2);
    await assert.rejects(pool.ready, /no-such-source/);
    await pool.finished;
    await pool.terminate();
    assert.equal(died.length, 2);
  });

  it('ends without complaint when it is terminated in the middle', async () => {
    const { pool, shared, died } = start(
      { ...nowhere, load: makeLoad([makeStage('long', flat(40), forTime(600_000))]) },
      1,
    );
    await pool.ready;
    await pool.begin(readOriginNs());
    shared.setStart(0, 0);
    await pool.terminate();
    assert.deepEqual(died, []);
  });
});
