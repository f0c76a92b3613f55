/** The language server as another editor starts it, through the launcher, over stdio; and the plan, the same in editor and terminal. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import {
  BENCHMARKS_REQUEST,
  COMPILE_REQUEST,
  type BenchmarkItem,
  type CompileResult,
} from '../../src/contract/protocol/language.ts';
import { commandOf, projectRoot, runCli } from '../helpers/cli.ts';
import { scenarioFolder } from '../helpers/scenario-folder.ts';

test('a plan is the same bytes from the terminal and from the language server', async (t) => {
  const folder = scenarioFolder(t, '');
  const file = path.join(folder.path, 'quickstart.bench');
  cpSync(path.join(projectRoot, 'examples', 'quickstart.bench'), file);
  const [program = '', ...args] = commandOf(['language-server', '--stdio']);
  const server = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let error = '';
  server.stderr.on('data', (bytes) => (error += String(bytes)));
  const ended = new Promise<number | null>((resolve) => server.on('close', resolve));
  t.after(() => server.kill('SIGKILL'));
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  connection.listen();

  const uri = pathToFileURL(file).href;
  const { capabilities } = (await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder.path).href,
    capabilities: {},
  })) as { capabilities: Record<string, unknown> };
  assert.ok(capabilities['hoverProvider']);
  await connection.sendNotification('initialized', {});
  const text = readFileSync(file, 'utf8');
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'bench', version: 1, text },
  });
  const benchmarks = (await connection.sendRequest(BENCHMARKS_REQUEST, { uri })) as readonly BenchmarkItem[];
  assert.deepEqual(
    benchmarks.map((each) => each.name),
    ['quickstart'],
  );
  const compiled = (await connection.sendRequest(COMPILE_REQUEST, { uri, benchmark: 'quickstart' })) as CompileResult;

  const { code, out } = await runCli(['plan', file]);
  assert.equal(code, 0);
  assert.equal(compiled.planJson, out);

  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  assert.equal(await ended, 0, error);
  assert.equal(error, '');
  connection.dispose();
});
