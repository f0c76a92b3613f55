/** The runner under a Node that is too old: its bundle links, and it says so. */
import { after, before, it } from 'node:test';
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { MINIMUM_NODE } from '../../src/contract/protocol/runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchwright-old-node-'));
const runner = join(folder, 'runner.mjs');
const preload = join(folder, 'old-node.mjs');

before(() => {
  buildSync({
    entryPoints: [join(import.meta.dirname, '../../src/runner/main.ts')],
    outfile: runner,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node18',
  });
  writeFileSync(preload, `Object.defineProperty(process.versions, 'node', { value: '20.18.0' });`);
});
after(() => rmSync(folder, { recursive: true }));

/** Asks one thing of a runner under an old Node; what it answers, and what it tells meanwhile. */
async function ask(
  name: string,
  data: unknown,
): Promise<{ error: { code: string; message: string }; events: unknown[] }> {
  const child = fork(runner, [], { execArgv: ['--import', preload], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const events: unknown[] = [];
  child.send({ kind: 'request', id: 1, name, data });
  const answer = await new Promise<{ error: { code: string; message: string } }>((resolve) => {
    child.on('message', (message: { kind: string }) => {
      if (message.kind === 'response') resolve(message as never);
      else events.push(message);
    });
  });
  child.disconnect();
  await exited;
  return { error: answer.error, events };
}

it('says plainly which Node it needs and which it has, whatever it is asked', async () => {
  for (const name of ['hello', 'start']) {
    const { error } = await ask(name, { plan: {}, secrets: {} });
    assert.equal(error.code, 'RUN_NODE_TOO_OLD');
    assert.equal(error.message, `The runner needs Node ${MINIMUM_NODE} or newer, and this is Node 20.18.0.`);
  }
});

it('tells the remedy in the event beside the answer', async () => {
  const { events } = await ask('start', { plan: {}, secrets: {} });
  assert.match(JSON.stringify(events), /run\.failed.*benchwright\.runner\.node/);
});

it('has nothing in its bundle that an old Node could not link', () => {
  const imported = [...readFileSync(runner, 'utf8').matchAll(/^import .* from ["']([^"']+)["']/gm)].map(
    ([, from]) => from,
  );
  assert.deepEqual([...new Set(imported)], ['node:url']);
});
