/** This machine, not the server, runs out of descriptors or ports: whatever else went well, such a run is invalid, and says what to do. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test, type TestContext } from 'node:test';
import { neverAnswers } from '../fixtures/servers/stalls.ts';
import { runCli } from '../helpers/cli.ts';
import { openAiServer } from '../helpers/openai-server.ts';
import { onlyResult, readReport, readRequests, scenarioFolder, smallScenario } from '../helpers/scenario-folder.ts';

/** Nothing is answered while the run lasts, so that every request needs a connection of its own. */
const scenarioFor = (url: string): string =>
  smallScenario(url, { timeout: '', stage: 'stage short { rate 100 rps for 3 s }' }).replace(
    'drain 2 s',
    'drain 100 ms',
  );

async function runOutOf(
  t: TestContext,
  scenario: string,
  under: readonly string[],
  says: RegExp,
): Promise<ReadonlySet<string>> {
  const { file } = scenarioFolder(t, scenario);
  const { code, out, error } = await runCli(['run', file, '--ui', 'plain', '--workers', '1', '--no-calibration'], {
    under,
  });
  assert.equal(code, 4, out + error);
  const directory = onlyResult(file);
  const { validity, requests } = readReport(directory);
  assert.equal(validity.verdict, 'invalid');
  const reason = validity.reasons.find((each) => each.code === 'generator-failures');
  assert.equal(reason?.severity, 'invalid');
  assert.match(reason.message, /`ulimit -n`.*ephemeral ports/);
  assert.match(out.replace(/\s+/g, ' '), /failed in the generator \(out-of-sockets\)/);
  assert.ok((requests.byReason['out-of-sockets'] ?? 0) > 100, JSON.stringify(requests.byReason));
  assert.deepEqual(Object.keys(requests.byReason), ['out-of-sockets'], 'nothing is held against the server');
  const details = readRequests(directory).flatMap(({ reason: ended, detail = '' }) =>
    ended === 'out-of-sockets' ? [detail] : [],
  );
  for (const detail of details) assert.match(detail, says);
  return new Set(details);
}

test('file descriptors, also of the resolver that looks the server up', async (t) => {
  const server = await openAiServer(t, { answers: { '': neverAnswers } });
  const scenario = scenarioFor(server.url.replace('127.0.0.1', 'localhost'));
  const details = await runOutOf(t, scenario, ['sh', '-c', 'ulimit -n 120 && exec "$@"', 'sh'], /EMFILE/);
  assert.ok(
    [...details].some((detail) => detail.includes('could not be looked up')),
    [...details].join(' | '),
  );
});

/** Words that give a command a network of its own with 64 local ports and a slow server in it, where this machine allows it. */
const FEW_PORTS = ['-n', '-rn']
  .map((flags) => [
    'unshare',
    flags,
    'sh',
    '-c',
    'ip link set lo up && echo "60000 60063" > /proc/sys/net/ipv4/ip_local_port_range && eval "$0"',
  ])
  .find(([program = '', ...args]) => spawnSync(program, [...args, 'true'], { stdio: 'ignore' }).status === 0);
/** Its first two words are Node and the command line. */
const BESIDE_A_SIMULATOR = `
  "$1" "$2" simulate --port 9000 --first-token 20s > "$OUT" & server=$!
  until grep -q http "$OUT"; do sleep 0.05; done
  "$@"; code=$?
  kill $server; exit $code`;

test(
  'local ports',
  {
    skip:
      FEW_PORTS === undefined &&
      'this machine lets nobody have a network of his own (unshare -n); the unit tests inject EADDRNOTAVAIL',
  },
  async (t) => {
    const { path: folder } = scenarioFolder(t, '');
    const under = ['env', `OUT=${folder}/simulate.txt`, ...(FEW_PORTS ?? []), BESIDE_A_SIMULATOR];
    const details = await runOutOf(
      t,
      scenarioFor('http://127.0.0.1:9000').replace('model "m"', 'model "simulator"'),
      under,
      /EADDRNOTAVAIL/,
    );
    assert.ok(details.size > 0);
  },
);
