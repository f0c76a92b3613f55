import { it } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadShape } from '../../src/contract/plan.ts';
import { startRun } from '../../src/runner/run/start-run.ts';
import { startSimulatorThread } from '../../src/runner/simulator/thread.ts';
import { flat, forTime, makeLoad, makeStage, users } from '../helpers/make-load.ts';
import { makePlan } from '../helpers/make-plan.ts';

const loads: [name: string, shape: LoadShape, most: number][] = [
  ['an open loop', flat(40), 80],
  // Two users whose connections are refused try again ten times a second each.
  ['a closed loop', users(2), 120],
];
for (const [name, shape, most] of loads) {
  it(`a server that dies under ${name}: its failures are outcomes, and the run goes on to its end`, async (context) => {
    const root = await mkdtemp(join(tmpdir(), 'benchwright-dying-'));
    context.after(() => rm(root, { recursive: true }));
    const timing = {
      firstTokenMs: { kind: 'constant', value: 20 },
      interTokenMs: { kind: 'constant', value: 2 },
    } as const;
    const simulator = await startSimulatorThread({
      options: { ...timing, outputTokens: { kind: 'constant', value: 4 } },
      seed: 1,
    });
    context.after(() => simulator.stop());
    const { backend, dataset } = makePlan();
    const plan = makePlan({
      load: makeLoad([makeStage('steady', shape, forTime(2_000))]),
      backend: { ...backend, url: simulator.url, options: timing },
      dataset: { ...dataset, outputTokens: { kind: 'constant', value: 4 } },
      monitors: [],
      report: { formats: ['json'], directory: join(root, 'results') },
    });
    let isStopped = false;
    const handle = await startRun(
      { plan, secrets: {} },
      {
        onEvent({ event, data }) {
          if (event !== 'snapshot' || isStopped || data.total.ok < 10) return;
          isStopped = true;
          void simulator.stop();
        },
      },
    );
    const { requests, outcome, exitCode } = await handle.finished;
    assert.ok(requests.succeeded >= 10 && requests.failed >= 5, JSON.stringify(requests));
    assert.ok((requests.byReason['connection-refused'] ?? 0) >= 5, JSON.stringify(requests.byReason));
    assert.ok(requests.due <= most, `${requests.due} requests`);
    assert.notEqual(outcome, 'aborted');
    assert.notEqual(exitCode, 3);
  });
}
