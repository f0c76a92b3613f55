import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname, platform, tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { releaseRunLock, runHolder, takeRunLock } from '../../../../src/runner/platform/run-lock.ts';

function folder(t: TestContext): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'benchwright-lock-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

function heldBy(directory: string, holder: object | string): void {
  writeFileSync(path.join(directory, '.running'), typeof holder === 'string' ? holder : JSON.stringify(holder));
}

test('one process at a time; whoever comes second is told who has it', async (t) => {
  const directory = folder(t);
  assert.equal(await takeRunLock(directory), undefined);
  assert.equal((await takeRunLock(directory))?.pid, process.pid);
  await releaseRunLock(directory);
  assert.equal(await runHolder(directory), undefined);
  assert.equal(await takeRunLock(directory), undefined);
});

test('a process that is gone, or got its number later, holds nothing', async (t) => {
  const directory = folder(t);
  const host = hostname();
  heldBy(directory, { pid: 2 ** 30, host });
  assert.equal(await runHolder(directory), undefined);
  if (platform() === 'linux') {
    heldBy(directory, { pid: process.pid, host, startTicks: 1 });
    assert.equal(await runHolder(directory), undefined);
  }
  heldBy(directory, '{"pid":');
  assert.equal(await runHolder(directory), undefined);
});

test('a process of another machine is believed to live', async (t) => {
  const directory = folder(t);
  heldBy(directory, { pid: 2 ** 30, host: `not-${hostname()}` });
  assert.equal((await runHolder(directory))?.pid, 2 ** 30);
});

test(
  'a process that was killed, and whose parent has not asked how it ended, holds nothing',
  { skip: platform() !== 'linux' },
  async (t) => {
    const directory = folder(t);
    // `sleep` does not wait for the child it inherits from the shell that it replaces.
    const parent = spawn('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => parent.kill('SIGKILL'));
    const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))));
    heldBy(directory, { pid, host: hostname() });
    for (let state = ''; state !== 'Z';)
      state = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.charAt(0) ?? '';
    assert.equal(await runHolder(directory), undefined);
  },
);
