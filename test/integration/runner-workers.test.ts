/** Real threads: what a thread of its own can do that no fake shows. */
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import type { RunPlan } from '../../src/contract/plan.ts';
import { readOriginNs } from '../../src/runner/platform/clock.ts';
import { phasesOf } from '../../src/runner/run/phases.ts';
import { SharedLoad } from '../../src/runner/run/shared-load.ts';
import {
  createWorkerCrew,
  type WorkerCrew,
  type WorkerPool,
  type WorkerPoolEvents,
} from '../../src/runner/run/worker-pool.ts';
import { flat, forTime, makeLoad, makeStage } from '../helpers/make-load.ts';
import { makePlan } from '../helpers/make-plan.ts';

const { backend } = makePlan();
/** Nothing listens there: requests fail at once, which is all that is needed here. */
const nowhere = makePlan({
  load: makeLoad([makeStage('steady', flat(40), forTime(500))]),
  backend: { ...backend, protocol: 'openai.chat', model: 'm', url: 'http://127.0.0.1:9', options: {} },
});

/** What it hears until it is over; `workers` or the crew that does it. */
function start(
  plan: RunPlan,
  workers: number | WorkerCrew,
): { crew: WorkerCrew; pool: WorkerPool; shared: SharedLoad; lines: () => string[]; died: Error[] } {
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
  const crew = typeof workers === 'number' ? createWorkerCrew(workers) : workers;
  return {
    crew,
    pool: crew.start(setup, events),
    shared,
    lines: () => text.split('\n').filter((line) => line !== ''),
    died,
  };
}

async function sendAll({ pool, shared, lines, died }: ReturnType<typeof start>): Promise<void> {
  await pool.ready;
  await pool.begin(readOriginNs());
  shared.setStart(0, 0);
  await pool.finished;
  await pool.release();
  const ids = lines().map((line) => (JSON.parse(line) as { id: number }).id);
  assert.deepEqual(
    ids.toSorted((left, right) => left - right),
    Array.from({ length: 20 }, (_, index) => index),
  );
  assert.deepEqual(died, []);
}

describe('a crew of load workers', () => {
  it('gets ready, begins, sends its load and finishes, once and again', async () => {
    const first = start(nowhere, 2);
    try {
      await sendAll(first);
      await sendAll(start(nowhere, first.crew));
    } finally {
      await first.crew.dismiss();
    }
    assert.deepEqual(first.died, [], 'a load that is over does not hear how its threads end');
  });

  it('tells of a thread that could not start, and has another one for the next load', async () => {
    const { crew, pool, died } = start({ ...nowhere, dataset: { ...nowhere.dataset, source: 'no-such-source' } }, 2);
    try {
      await assert.rejects(pool.ready, /no-such-source/);
      await pool.finished;
      await pool.release();
      assert.equal(died.length, 2);
      await sendAll(start(nowhere, crew));
    } finally {
      await crew.dismiss();
    }
  });

  it('gives a load up in the middle, without complaint, and has threads for the next one', async () => {
    const { crew, pool, shared, died } = start(
      { ...nowhere, load: makeLoad([makeStage('long', flat(40), forTime(600_000))]) },
      1,
    );
    try {
      await pool.ready;
      await pool.begin(readOriginNs());
      shared.setStart(0, 0);
      await pool.release();
      assert.deepEqual(died, []);
      await sendAll(start(nowhere, crew));
    } finally {
      await crew.dismiss();
    }
  });
});
