import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import type { Lateness } from '../../../../src/runner/simulator/lateness.ts';
import { readSimulatorOptions } from '../../../../src/runner/simulator/options.ts';
import { rehearse } from '../../../../src/runner/simulator/rehearsal.ts';
import { startSimulatorServer } from '../../../../src/runner/simulator/server.ts';

/** What the server that was rehearsed with had written when it was stopped. */
async function tokensRehearsed(options: object, model?: string): Promise<number> {
  let last: Lateness | undefined;
  await rehearse(readSimulatorOptions({ ...options }, model), async (hurried) => {
    const server = await startSimulatorServer({ options: hurried, seed: 1 });
    return {
      url: server.url,
      async stop() {
        last = await server.lateness();
        await server.stop();
      },
    };
  });
  return last?.tokens ?? 0;
}

const ENGINES: readonly [string, object, model?: string][] = [
  ['an engine of distributions', {}],
  ['an engine whose tokens come once a minute', { firstTokenMs: 60_000, interTokenMs: 60_000 }],
  ['a batching engine', { engine: 'batching' }],
  [
    'a batching engine with hardly any room',
    { engine: 'batching', maxModelTokens: 20, kvCacheTokens: 32, maxBatchedTokens: 8, maxSequences: 1 },
  ],
  ['a model with a name', {}, 'llama "3"'],
  ['an engine whose every answer fails', { tooManyRatio: 1 }],
];

describe('the rehearsal of the simulator', () => {
  for (const [name, options, model] of ENGINES)
    it(`writes tokens as ${name}`, async () => {
      // On a machine that is busy elsewhere it may not get far; one answer has 40 tokens.
      assert.ok((await tokensRehearsed(options, model)) >= 40);
    });

  it('does not keep a simulator from starting', async () => {
    await rehearse(readSimulatorOptions({}), () => Promise.reject(new Error('no port is free')));
  });

  it('stops the server that it was rehearsed with, also one that does not answer', async () => {
    let stopped = 0;
    const nobody = 'http://127.0.0.1:1';
    await rehearse(readSimulatorOptions({}), () =>
      Promise.resolve({ url: nobody, stop: () => Promise.resolve(void (stopped += 1)) }),
    );
    assert.equal(stopped, 1);
  });

  it('leaves no trace in what the simulator tells', async () => {
    const server = await startSimulatorServer({
      options: readSimulatorOptions({ firstTokenMs: 1, interTokenMs: 1, outputTokens: 2 }),
      seed: 1,
      keepsTruth: true,
      rehearses: true,
    });
    try {
      assert.deepEqual([await server.lateness(), await server.truth()], [{ tokens: 0 }, []]);
      const body = JSON.stringify({ prompt: 'a b' });
      const answer = await fetch(`${server.url}/v1/completions`, { method: 'POST', body });
      assert.equal(((await answer.json()) as { readonly id: string }).id, 'cmpl-0');
    } finally {
      await server.stop();
    }
  });
});
