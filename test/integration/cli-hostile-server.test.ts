/** A server that does its worst to every second request: each is counted for what it is, memory stays bounded, the good answers are untouched. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { FailureReason } from '../../src/contract/outcome.ts';
import { chunk, event, pause, STREAM_HEAD, type Behaviour } from '../fixtures/servers/behaviour.ts';
import { brokenChunks, errorMidway, notHttp } from '../fixtures/servers/answers-something-else.ts';
import { resetsMidway } from '../fixtures/servers/breaks-off.ts';
import { gzipBomb } from '../fixtures/servers/compresses.ts';
import { endlessDocument, endlessLine, tenThousandHeaders } from '../fixtures/servers/overwhelms.ts';
import { rateLimits, serverError } from '../fixtures/servers/refuses.ts';
import { neverAnswers, neverStops, stallsMidway } from '../fixtures/servers/stalls.ts';
import { startCli } from '../helpers/cli.ts';
import { answersAtOnce, openAiServer } from '../helpers/openai-server.ts';
import { onlyResult, readReport, readRequests, scenarioFolder, smallScenario } from '../helpers/scenario-folder.ts';

/** A first event that takes longer than anybody waits. */
const byteByByte: Behaviour = async ({ socket, dialect }) => {
  socket.write(STREAM_HEAD);
  for (const byte of event(dialect.token('a'))) {
    if (socket.destroyed) return;
    socket.write(chunk(byte));
    await pause(200);
  }
};

/** Not among them: a kept connection that ends unanswered, whose request is sent again and would meet the next of these. */
const WORST: readonly (readonly [does: Behaviour, counted: FailureReason | `${FailureReason} ${number}`])[] = [
  [neverAnswers, 'first-token-timeout'],
  [byteByByte, 'first-token-timeout'],
  [stallsMidway, 'between-tokens-timeout'],
  [neverStops, 'total-timeout'],
  [resetsMidway, 'stream-cut'],
  [endlessLine, 'too-large'],
  [endlessDocument, 'too-large'],
  [tenThousandHeaders, 'too-large'],
  [gzipBomb, 'too-large'],
  [brokenChunks, 'malformed-stream'],
  [notHttp, 'wrong-content'],
  [errorMidway, 'error-in-stream'],
  [rateLimits, 'rate-limited'],
  [serverError, 'http-status 500'],
];
const ROUNDS = 3;
const REQUESTS = ROUNDS * WORST.length * 2;
/** A run needs about 150 MB; a bomb, a line or a document taken whole would be thousands. */
const MOST_RESIDENT_BYTES = 600 * 1024 * 1024;

test('a server that does its worst to every second request', async (t) => {
  let number = 0;
  const does: Behaviour = (answer) => {
    const at = number++;
    return at % 2 === 0 ? answersAtOnce(answer) : WORST[((at - 1) / 2) % WORST.length]?.[0](answer);
  };
  const server = await openAiServer(t, { answers: { '': does } });
  const folder = scenarioFolder(
    t,
    smallScenario(server.url, { stage: `stage short { users 8 for ${REQUESTS} requests }` }),
  );
  const { child, result } = startCli(['run', folder.file, '--ui', 'plain']);
  let residentBytes = 0;
  const watch = setInterval(() => {
    residentBytes = Math.max(residentBytes, peakResidentBytes(child.pid));
  }, 50);
  const { code, out, error } = await result;
  clearInterval(watch);

  assert.ok(code === 1 || code === 4, out + error);
  const directory = onlyResult(folder.file);
  const { requests } = readReport(directory);
  const expected: Record<string, number> = {};
  for (const [, counted] of WORST) expected[counted] = (expected[counted] ?? 0) + ROUNDS;
  assert.deepEqual(requests.byReason, expected);
  assert.equal(requests.succeeded, REQUESTS / 2);
  const good = readRequests(directory).filter(({ outcome }) => outcome === 'ok');
  assert.ok(good.every(({ outputTokens, inputTokens }) => outputTokens === 4 && inputTokens === 8));
  assert.ok(residentBytes > 0, 'the peak was seen');
  assert.ok(residentBytes < MOST_RESIDENT_BYTES, `${Math.round(residentBytes / 1024 / 1024)} MiB resident`);
});

/** VmHWM of /proc/PID/status; 0 where the process has ended, or the system has no /proc. */
function peakResidentBytes(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
