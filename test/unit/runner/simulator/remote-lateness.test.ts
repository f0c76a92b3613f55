import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { watchRemoteSimulator } from '../../../../src/runner/simulator/remote-lateness.ts';

describe('a simulator of another process', () => {
  const answering = (texts: string[], status = 200) => {
    const asked: string[] = [];
    const ask = async (path: string): Promise<{ status: number; headers: object; text: string }> => {
      asked.push(path);
      return { status, headers: {}, text: texts.shift() ?? '{}' };
    };
    return { asked, ask: ask as Parameters<typeof watchRemoteSimulator>[2] };
  };

  it('is known by its header, and asked under a name of the run', async () => {
    const { asked, ask } = answering(['{"tokens":0}', '{"tokens":9,"p50Ms":1,"p99Ms":8,"maxMs":"a lot"}']);
    const remote = await watchRemoteSimulator('benchwright-simulator/0.1.0', 'run 1', ask);
    assert.deepEqual(await remote?.lateness(), { tokens: 9, p50Ms: 1, p99Ms: 8 });
    assert.deepEqual(asked, ['/simulator/lateness/run%201', '/simulator/lateness/run%201']);
  });

  it('is nobody else', async () => {
    const { asked, ask } = answering([]);
    for (const header of [undefined, 'uvicorn', 'not-benchwright-simulator/1'])
      assert.equal(await watchRemoteSimulator(header, 'run', ask), undefined);
    assert.deepEqual(asked, []);
  });

  it('that does not answer is no reason not to begin', async () => {
    const remote = await watchRemoteSimulator('benchwright-simulator/0.1.0', 'run', answering([], 500).ask);
    await assert.rejects(remote?.lateness() ?? Promise.resolve(), /HTTP 500/);
  });
});
