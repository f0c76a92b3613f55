/** Ctrl-C once and twice, SIGTERM, kill -9: a report in each case but the last, and that one can be made afterwards. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { LatestResult } from '../../src/contract/record.ts';
import {
  ending,
  event,
  chunk,
  END_OF_BODY,
  pause,
  STREAM_HEAD,
  writeOutput,
  type Behaviour,
} from '../fixtures/servers/behaviour.ts';
import { runCli, startCli } from '../helpers/cli.ts';
import { openAiServer } from '../helpers/openai-server.ts';
import { onlyResult, readReport, readRequests, scenarioFolder, smallScenario } from '../helpers/scenario-folder.ts';

/** Sixteen outputs over 800 ms: long enough that some are always in flight. */
const answersSlowly: Behaviour = async (answer) => {
  const { socket, dialect } = answer;
  socket.write(STREAM_HEAD);
  for (let index = 0; index < 16 && !socket.destroyed; index++) {
    writeOutput(answer, event(dialect.token('a ')));
    await pause(50);
  }
  socket.write(chunk(ending(dialect, 8, 16)).toString() + END_OF_BODY);
};

/** A run of two minutes if nobody ends it. */
const LONG = { stage: 'stage long { rate 20 rps for 2 min }', timeout: '' };
const RUNNING = /"event":"snapshot"[^\n]*"ok":[1-9]/;

async function startLongRun(t: Parameters<typeof openAiServer>[0], ui = 'json') {
  const server = await openAiServer(t, { answers: { '': answersSlowly, v1: answersSlowly } });
  const folder = scenarioFolder(t, smallScenario(server.url, LONG));
  const cli = startCli(['run', folder.file, '--ui', ui]);
  t.after(() => cli.child.kill('SIGKILL'));
  if (ui === 'json') await cli.outMatches(RUNNING);
  return { server, folder, cli };
}

test('Ctrl-C once: nothing new is sent, what runs may finish, the report is written', async (t) => {
  const { server, folder, cli } = await startLongRun(t);
  cli.child.kill('SIGINT');
  await cli.outMatches(/"event":"stopping"/);
  const sentThen = server.requests.length;
  const { code, out, error } = await cli.result;
  assert.equal(code, 3, error);
  assert.match(error, /Stopping: no new requests/);
  assert.ok(server.requests.length <= sentThen + 2, 'what was on its way at that moment, and no more');
  const directory = onlyResult(folder.file);
  const report = readReport(directory);
  assert.equal(report.run.outcome, 'aborted');
  assert.equal(report.requests.censored, 0, 'all of them finished');
  assert.equal(report.requests.succeeded, readRequests(directory).filter((each) => each.outcome === 'ok').length);
  assert.match(out.trimEnd().split('\n').at(-1) ?? '', /^\{"event":"run\.finished"/);
});

test('Ctrl-C twice: what runs is cut and counted as such, the report is written', async (t) => {
  const { folder, cli } = await startLongRun(t);
  cli.child.kill('SIGINT');
  await cli.outMatches(/"event":"stopping"/);
  cli.child.kill('SIGINT');
  const { code, error } = await cli.result;
  assert.equal(code, 3, error);
  const report = readReport(onlyResult(folder.file));
  assert.equal(report.run.outcome, 'aborted');
  assert.ok(report.requests.censored > 0);
});

test('SIGTERM cuts and reports', async (t) => {
  const { folder, cli } = await startLongRun(t);
  cli.child.kill('SIGTERM');
  const { code, error } = await cli.result;
  assert.equal(code, 3, error);
  assert.ok(readReport(onlyResult(folder.file)).requests.censored > 0);
});

test('the summary is printed after Ctrl-C, too', async (t) => {
  const { server, cli } = await startLongRun(t, 'plain');
  while (server.requests.length < 5) await pause(20);
  cli.child.kill('SIGINT');
  const { code, out } = await cli.result;
  assert.equal(code, 3);
  assert.match(out, /Stopping: no new requests[^]*test {2}ABORTED: [^]*Report {2}/);
});

test('kill -9: the record is enough for a report, at most the last second missing', async (t) => {
  const { server, folder, cli } = await startLongRun(t);
  while (server.requests.length < 60) await pause(50);
  cli.child.kill('SIGKILL');
  const { signal } = await cli.result;
  assert.equal(signal, 'SIGKILL');
  const directory = onlyResult(folder.file);
  const latest = JSON.parse(readFileSync(path.join(`${folder.file}.results`, 'latest.json'), 'utf8')) as LatestResult;
  assert.equal(latest.state, 'running', 'whoever reads it can tell that it was killed');

  const { code, out, error } = await runCli(['report', directory]);
  assert.equal(code, 0, error);
  assert.match(error, /it was killed/);
  for (const name of ['report.html', 'report.json', 'report.md', 'summary.csv', 'series.csv', 'junit.xml'])
    assert.match(out, new RegExp(`${name.replace('.', '\\.')}$`, 'm'));
  const report = readReport(directory);
  assert.equal(report.run.torn, true);
  const lastSecond = 20 + 16;
  assert.ok(report.requests.succeeded >= 60 - lastSecond, `${report.requests.succeeded} of 60`);
});

test('a directory that is no result is refused in a sentence', async (t) => {
  const folder = scenarioFolder(t, '');
  const { code, error } = await runCli(['report', folder.path]);
  assert.equal(code, 3);
  assert.match(error, /RUN_RECORD_UNREADABLE/);
});
