/** A server that never closes its answers, in real time: every wait has an end, and the run says what it was waiting for. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { ReportData } from '../../src/contract/report.ts';
import { chunk, ending, event, STREAM_HEAD, type Behaviour } from '../fixtures/servers/behaviour.ts';
import { runCli } from '../helpers/cli.ts';
import { openAiServer } from '../helpers/openai-server.ts';
import { onlyResult, readReport, scenarioFolder, smallScenario } from '../helpers/scenario-folder.ts';

/** Two tokens, and then nothing, for ever. */
const neverGoesOn: Behaviour = ({ socket, dialect }) => {
  socket.write(STREAM_HEAD + chunk(event(dialect.token('a'))).toString());
  setTimeout(() => socket.write(chunk(event(dialect.token(' b')))), 20);
};
/** A whole answer, said to be complete, whose body is never ended. */
const neverEndsBody: Behaviour = ({ socket, dialect }) => {
  socket.write(STREAM_HEAD + chunk(event(dialect.token('a')) + ending(dialect, 8, 1)).toString());
};

const PATIENT = 'timeout { connect 60 s  first-token 60 s  between-tokens 60 s  total 60 s }';
/** Beyond the load itself, its drain and its timeouts: what starting, reporting and a busy machine may take. */
const SLACK_MS = 8_000;

async function run(
  t: TestContext,
  answer: Behaviour,
  changes: Readonly<Record<string, string>>,
): Promise<{ readonly report: ReportData; readonly log: string }> {
  const server = await openAiServer(t, { answers: { '': answer } });
  const { file } = scenarioFolder(t, smallScenario(server.url, changes).replace('drain 2 s', 'drain 300 ms'));
  const { out, error } = await runCli(['run', file, '--ui', 'plain']);
  const directory = onlyResult(file);
  const log = readFileSync(path.join(directory, 'run.log'), 'utf8');
  assert.match(out, /\d/, error);
  return { report: readReport(directory), log };
}

test('nothing but the drain ends them: they are cut, counted, and named with how far they got', async (t) => {
  const { report, log } = await run(t, neverGoesOn, { timeout: PATIENT, stage: 'stage short { users 4 for 700 ms }' });
  assert.equal(report.requests.censored, 4);
  assert.equal(report.requests.due, 4);
  assert.ok(report.run.durationMs < 1_000 + SLACK_MS, `${report.run.durationMs} ms`);
  const [, named = ''] = /The drain is over, and \d+ requests? (?:are|is) cut: (.*)/.exec(log) ?? [];
  assert.match(named, /^\d+ of short \(sent [\d.]+ (ms|s) ago, 2 reads of output\)/);
  assert.equal(report.run.error, undefined, 'and the run is over in order');
});

test('the timeouts end them where they come first', async (t) => {
  const { report, log } = await run(t, neverGoesOn, {
    timeout: 'timeout { connect 1 s  first-token 1 s  between-tokens 200 ms  total 3 s }',
    stage: 'stage short { users 4 for 12 requests }',
  });
  assert.deepEqual(report.requests.byReason, { 'between-tokens-timeout': 12 });
  assert.ok(report.run.durationMs < 3 * 220 + SLACK_MS, `${report.run.durationMs} ms`);
  assert.doesNotMatch(log, /The drain is over/);
});

test('an answer that is complete counts as one, though its body never ends', async (t) => {
  const { report } = await run(t, neverEndsBody, { timeout: PATIENT, stage: 'stage short { users 4 for 8 requests }' });
  assert.equal(report.requests.succeeded, 8);
  const e2e = report.metrics['e2e'];
  // The rest of the body is waited for, for a second; that second is in no figure.
  assert.ok(e2e !== undefined && 'max' in e2e && e2e.max < 900, JSON.stringify(e2e));
  assert.ok(report.run.durationMs < 2 * 1_000 + SLACK_MS, `${report.run.durationMs} ms`);
});
