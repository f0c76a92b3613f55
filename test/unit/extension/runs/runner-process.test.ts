import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import type { RunError } from '../../../../src/contract/errors.ts';
import { RunnerProcess } from '../../../../src/extension/runs/runner-process.ts';
import { makePlan } from '../../../helpers/make-plan.ts';

const entry = path.join(import.meta.dirname, '../../../helpers/fake-runner.ts');
const started: RunnerProcess[] = [];
after(() => started.forEach((each) => each.kill()));

function launch(behaviour: string, env: NodeJS.ProcessEnv = {}): { runner: RunnerProcess; output: string[] } {
  const output: string[] = [];
  const runner = new RunnerProcess({
    node: process.execPath,
    entry,
    cwd: import.meta.dirname,
    env: {
      ...process.env,
      FAKE_RUNNER: behaviour,
      FAKE_RUNNER_DIRECTORY: path.join('/tmp', 'benchwright-fake-run'),
      ...env,
    },
    onOutput: (line) => output.push(line),
  });
  started.push(runner);
  return { runner, output };
}

const startParams = { plan: makePlan(), secrets: {} };

test('says hello, starts, stops, and is gone when it is let go', async () => {
  const { runner } = launch('runs');
  const hello = await runner.hello('test');
  assert.equal(hello.pid, runner.pid);
  const finished = new Promise((resolve) => runner.on('run.finished', resolve));
  const stopping = new Promise((resolve) => runner.on('stopping', resolve));
  assert.equal((await runner.start(startParams)).runId, 'fake-run');
  await runner.stop();
  assert.equal(((await stopping) as { message: string }).message, 'Draining 3 requests');
  assert.equal(((await finished) as { outcome: string }).outcome, 'passed');
  runner.disconnect();
  assert.deepEqual(await runner.ended, { exitCode: 0, signal: null });
});

test('a process that dies before it answers is told with its last words', async () => {
  const { runner } = launch('dies-at-start');
  await assert.rejects(runner.hello('test'), (error: RunError) => {
    assert.equal(error.code, 'RUN_INTERRUPTED');
    assert.match(error.message, /exit code 7/);
    assert.match(error.hint ?? '', /this Node cannot read the runner/);
    return true;
  });
});

test('a process that never answers is given up and killed', async () => {
  const { runner } = launch('says-nothing');
  await assert.rejects(runner.hello('test', 50), { message: 'The load generator did not answer within 0.05 s.' });
  assert.equal((await runner.ended).signal, 'SIGKILL');
});

test('a runner of another protocol is refused with the remedy', async () => {
  const { runner } = launch('speaks-version-99');
  await assert.rejects(
    runner.hello('test'),
    (error: RunError) => /version 99/.test(error.message) && /Reinstall/.test(error.hint ?? ''),
  );
});

test('a program that does not exist ends at once instead of hanging', async () => {
  const runner = new RunnerProcess({
    node: '/no/such/node',
    entry,
    cwd: import.meta.dirname,
    env: process.env,
    onOutput: () => undefined,
  });
  await assert.rejects(runner.hello('test'), (error: RunError) => /could not be started/.test(error.message));
});

test('why a plan was refused arrives with its code', async () => {
  const { runner } = launch('refuses');
  const failed = new Promise<{ error: { hint?: string } }>((resolve) => runner.on('run.failed', resolve));
  await runner.hello('test');
  await assert.rejects(runner.start(startParams), { name: 'RunError', code: 'RUN_BACKEND_UNREACHABLE' });
  assert.equal((await failed).error.hint, 'Start the server.');
});

test("the editor's own debugging options do not reach the load generator", async () => {
  const { runner, output } = launch('runs', { NODE_OPTIONS: '--no-such-option', VSCODE_INSPECTOR_OPTIONS: '{}' });
  await runner.hello('test');
  assert.deepEqual(output, []);
});
