/** What servers do wrong, seen through the real command line: the right reason counted, the right exit code, a report in each case. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FailureReason } from '../../src/contract/outcome.ts';
import { document, type Behaviour } from '../fixtures/servers/behaviour.ts';
import { errorDocument, errorMidway, htmlPage, malformedJson } from '../fixtures/servers/answers-something-else.ts';
import { closesMidway, closesUnanswered, resetsMidway } from '../fixtures/servers/breaks-off.ts';
import { rateLimits, serverError, unknownModel } from '../fixtures/servers/refuses.ts';
import { neverAnswers, stallsMidway } from '../fixtures/servers/stalls.ts';
import { runCli } from '../helpers/cli.ts';
import { openAiServer } from '../helpers/openai-server.ts';
import {
  onlyResult,
  readReport,
  readRequests,
  resultDirectories,
  scenarioFolder,
  smallScenario,
} from '../helpers/scenario-folder.ts';

const unauthorized: Behaviour = ({ socket }) => {
  socket.write(document('401 Unauthorized', 'application/json', '{"error":{"message":"Invalid key"}}'));
};

/** Path on the server → what it does, what a request that meets it is counted as, and how reports name it. */
const TROUBLES: Readonly<
  Record<string, { readonly does: Behaviour; readonly reason: FailureReason; readonly counted?: string }>
> = {
  html: { does: htmlPage, reason: 'wrong-content' },
  unauthorized: { does: unauthorized, reason: 'unauthorized' },
  missing: { does: unknownModel, reason: 'not-found' },
  busy: { does: rateLimits, reason: 'rate-limited' },
  broken: { does: serverError, reason: 'http-status', counted: 'http-status 500' },
  silent: { does: neverAnswers, reason: 'first-token-timeout' },
  stalls: { does: stallsMidway, reason: 'between-tokens-timeout' },
  cut: { does: closesMidway, reason: 'stream-cut' },
  reset: { does: resetsMidway, reason: 'stream-cut' },
  hangsUp: { does: closesUnanswered, reason: 'connection-reset' },
  errorInStream: { does: errorMidway, reason: 'error-in-stream' },
  errorDocument: { does: errorDocument, reason: 'error-in-stream' },
  garbled: { does: malformedJson, reason: 'malformed-stream' },
};

test('each trouble is counted under its reason, judged by the limits, and reported; exit code 1', async (t) => {
  const answers = Object.fromEntries(Object.entries(TROUBLES).map(([name, { does }]) => [name, does]));
  const server = await openAiServer(t, { answers });
  const benchmarks = Object.keys(TROUBLES).map((name) =>
    smallScenario(`${server.url}/${name}`, { stage: 'stage short { users 4 for 4 requests }' })
      .replace(/\b(server|prompts|reliable)\b/g, `$1_${name}`)
      .replace('benchmark test', `benchmark ${name}`),
  );
  const folder = scenarioFolder(t, benchmarks.join('\n'));
  const { code, out, error } = await runCli(['run', folder.file, '--ui', 'plain']);
  assert.equal(code, 1, out + error);
  const reports = resultDirectories(folder.file).map(readReport);
  assert.equal(reports.length, benchmarks.length);
  for (const [name, { reason, counted = reason }] of Object.entries(TROUBLES)) {
    const report = reports.find((each) => each.run.benchmark === name);
    assert.deepEqual(report?.requests.byReason, { [counted]: 4 }, name);
    assert.equal(report?.requests.succeeded, 0, name);
    assert.equal(report?.run.exitCode, 1, name);
    assert.equal(report?.sla[0]?.verdict, 'breached', name);
    assert.equal(report?.metrics['ttft'], undefined, 'failures are in no latency');
    assert.match(out, new RegExp(`${name} {2}FAILED: 1 of 1 service level breached`));
    assert.match(out, new RegExp(`Errors +${counted} ×4`));
  }
});

test('a mixture: the good requests are measured, the bad ones counted, each line of the record tells which', async (t) => {
  let number = 0;
  const mixture: Behaviour = (answer) => (number++ % 2 === 0 ? errorMidway(answer) : serverError(answer));
  const server = await openAiServer(t, { answers: { bad: mixture } });
  const folder = scenarioFolder(t, smallScenario(`${server.url}/bad`));
  const { code } = await runCli(['run', folder.file]);
  assert.equal(code, 1);
  const directory = onlyResult(folder.file);
  const records = readRequests(directory);
  assert.equal(records.length, 20);
  assert.deepEqual(readReport(directory).requests.byReason, { 'error-in-stream': 10, 'http-status 500': 10 });
  assert.ok(records.every((each) => each.outcome === 'failed' && each.detail !== undefined));
});

test('nothing listens there: said before anything is sent, exit code 3, no result left behind', async (t) => {
  const server = await openAiServer(t);
  await server.close();
  const folder = scenarioFolder(t, smallScenario(server.url));
  const { code, error } = await runCli(['run', folder.file]);
  assert.equal(code, 3);
  assert.match(error, new RegExp(`RUN_BACKEND_UNREACHABLE[^]*127\\.0\\.0\\.1:${server.port}`));
  assert.match(error, /chat\.bench:\d+:\d+/);
  assert.throws(() => onlyResult(folder.file));
});

test('the host name does not resolve', async (t) => {
  const folder = scenarioFolder(t, smallScenario('http://no-such-host.invalid:8000'));
  const { code, error } = await runCli(['run', folder.file]);
  assert.equal(code, 3);
  assert.match(error, /RUN_BACKEND_UNREACHABLE[^]*no-such-host\.invalid/);
});

test('a model the server does not offer: what it offers is listed', async (t) => {
  const server = await openAiServer(t, { answers: { '': unknownModel, v1: unknownModel } });
  const folder = scenarioFolder(t, smallScenario(server.url).replace('model "m"', 'model "n"'));
  const { code, error } = await runCli(['run', folder.file]);
  assert.equal(code, 3);
  assert.match(error, /RUN_MODEL_UNKNOWN[^]*\bn\b[^]*offers m/);
});

test('a server that wants a key says so before load is sent', async (t) => {
  const server = await openAiServer(t, { models: unauthorized });
  const folder = scenarioFolder(t, smallScenario(server.url));
  const { code, error } = await runCli(['run', folder.file]);
  assert.equal(code, 3);
  assert.match(error, /RUN_BACKEND_REFUSED[^]*401[^]*key secret/);
  assert.equal(server.requests.filter((each) => each.method === 'POST').length, 0);
});

test('control characters in a server’s words never reach the terminal', async (t) => {
  const rude: Behaviour = ({ socket }) => {
    socket.write(document('500 Internal Server Error', 'text/plain', '\u001b[2J\u001b]0;owned\u0007 sorry'));
  };
  const model: Behaviour = ({ socket }) => {
    socket.write(document('200 OK', 'application/json', '{"data":[{"id":"\\u001b[31mred"}]}'));
  };
  const server = await openAiServer(t, { models: model, answers: { v1: rude } });
  const folder = scenarioFolder(t, smallScenario(server.url));
  for (const ui of ['plain', 'json']) {
    const { out, error } = await runCli(['run', folder.file, '--ui', ui]);
    // oxlint-disable-next-line no-control-regex -- they must not be there
    assert.doesNotMatch(out + error, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  }
});

test('a server that answers to the model list with an error page is no reason to stop', async (t) => {
  const page: Behaviour = ({ socket }) => {
    socket.write(document('404 Not Found', 'text/html', '<h1>Not here</h1>'));
  };
  const server = await openAiServer(t, { models: page });
  const folder = scenarioFolder(t, smallScenario(server.url));
  const { code, error } = await runCli(['run', folder.file]);
  assert.equal(code, 0, error);
});
