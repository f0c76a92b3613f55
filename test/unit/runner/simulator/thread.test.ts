import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { readSimulatorOptions } from '../../../../src/runner/simulator/options.ts';
import { startSimulatorThread } from '../../../../src/runner/simulator/thread.ts';

const options = readSimulatorOptions({ firstTokenMs: 1, interTokenMs: 1, outputTokens: 3 });

describe('the simulator in a thread', () => {
  it('answers, tells its lateness, and is gone after stop', async () => {
    const simulator = await startSimulatorThread({ options, seed: 1 });
    const body = JSON.stringify({ prompt: 'a b', stream: true });
    await (await fetch(`${simulator.url}/v1/completions`, { method: 'POST', body })).text();
    assert.equal((await simulator.lateness()).tokens, 3);
    await simulator.stop();
    await assert.rejects(fetch(`${simulator.url}/health`));
    await simulator.stop();
  });

  it('fails with the reason of the thread', async () => {
    const first = await startSimulatorThread({ options, seed: 1 });
    const port = Number(new URL(first.url).port);
    await assert.rejects(startSimulatorThread({ options, seed: 1, port }), { code: 'RUN_PORT_UNAVAILABLE' });
    await first.stop();
  });
});
