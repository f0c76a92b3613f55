/** A load worker that hangs for real: made to by the debugger, which can run a loop without end in a thread of the product as it is. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test, type TestContext } from 'node:test';
import { commandOf } from '../helpers/cli.ts';
import { onlyResult, readReport, scenarioFolder, smallScenario } from '../helpers/scenario-folder.ts';
import { openAiServer } from '../helpers/openai-server.ts';

interface Debugger {
  /** Of the threads with this name, in the order in which they were started. */
  hang(name: string, index: number): Promise<void>;
  close(): void;
}

async function debug(url: string): Promise<Debugger> {
  const socket = new WebSocket(url);
  const threads: { readonly session: string; readonly file: string }[] = [];
  let id = 0;
  const send = (method: string, params: object): void => socket.send(JSON.stringify({ id: ++id, method, params }));
  socket.addEventListener('message', ({ data }) => {
    const { method, params } = JSON.parse(String(data)) as {
      method?: string;
      params: { sessionId: string; workerInfo: { url: string } };
    };
    if (method === 'NodeWorker.attachedToWorker')
      threads.push({ session: params.sessionId, file: params.workerInfo.url });
  });
  await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
  send('NodeWorker.enable', { waitForDebuggerOnStart: false });
  return {
    async hang(name, index) {
      const session = threads.filter(({ file }) => file.includes(name))[index]?.session;
      assert.ok(session !== undefined, `there is no ${name} ${index}`);
      const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: 'for (;;);' } });
      send('NodeWorker.sendMessageToWorker', { sessionId: session, message });
    },
    close: () => socket.close(),
  };
}

async function runDebugged(
  t: TestContext,
  args: readonly string[],
  act: (debugging: Debugger, output: () => string) => Promise<void>,
): Promise<{ readonly code: number | null; readonly out: string }> {
  const [node = '', ...rest] = commandOf(args);
  const child = spawn(node, ['--inspect=127.0.0.1:0', ...rest], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let out = '';
  child.stdout.on('data', (bytes) => (out += String(bytes)));
  const url = await new Promise<string>((resolve) => {
    child.stderr.on('data', (bytes) => {
      const found = /ws:\S+/.exec(String(bytes));
      if (found !== null) resolve(found[0]);
    });
  });
  const debugging = await debug(url);
  const ended = new Promise<number | null>((resolve) => void child.on('exit', resolve));
  await act(debugging, () => out);
  // A process with a debugger waits for it before it ends.
  while (!out.includes('Report  ') && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 100));
  debugging.close();
  return { code: await ended, out };
}

test('is told of, ends the run and not the report: invalid, exit code 3', { timeout: 120_000 }, async (t) => {
  const server = await openAiServer(t);
  const { file } = scenarioFolder(t, smallScenario(server.url, { stage: 'stage long { rate 20 rps for 10 min }' }));
  const args = ['run', file, '--ui', 'plain', '--no-calibration', '--workers', '2'];
  const { code, out } = await runDebugged(t, args, async (debugging, output) => {
    while (!/ok,/.test(output())) await new Promise((resolve) => setTimeout(resolve, 100));
    // The last one is the metronome.
    await debugging.hang('load-worker', 0);
  });
  assert.equal(code, 3, out);
  assert.match(out, /warning: Load worker \d of 2 has said nothing for 5 s/);
  assert.match(out, /RUN_WORKER_DIED +Load worker \d of 2 hangs/);
  const report = readReport(onlyResult(file));
  assert.deepEqual([report.run.outcome, report.validity.verdict], ['error', 'invalid']);
  assert.ok(report.requests.succeeded > 40, 'what was measured is reported');
  assert.ok(report.run.durationMs < 60_000, `${report.run.durationMs} ms of ten minutes`);
});
