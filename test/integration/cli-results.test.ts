/** Where results go, and what happens when they cannot: nothing is sent, or the run ends with what it has. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { LatestResult } from '../../src/contract/record.ts';
import { document, type Behaviour } from '../fixtures/servers/behaviour.ts';
import { runCli, startCli } from '../helpers/cli.ts';
import { openAiServer } from '../helpers/openai-server.ts';
import {
  onlyResult,
  readReport,
  readRequests,
  resultDirectories,
  scenarioFolder,
  smallScenario,
} from '../helpers/scenario-folder.ts';

test('a run leaves its record and every report, and latest.json names it; a second run overwrites nothing', async (t) => {
  const server = await openAiServer(t);
  const folder = scenarioFolder(t, smallScenario(server.url));
  const first = await runCli(['run', folder.file]);
  assert.equal(first.code, 0, first.error);
  const directory = onlyResult(folder.file);
  assert.deepEqual(readdirSync(directory).sort(), [
    'events.jsonl',
    'junit.xml',
    'monitors.jsonl',
    'plan.json',
    'report.html',
    'report.json',
    'report.md',
    'requests.jsonl',
    'run.log',
    'series.csv',
    'summary.csv',
  ]);
  assert.equal(readRequests(directory).length, 20);
  const before = readFileSync(path.join(directory, 'report.json'), 'utf8');
  assert.equal((await runCli(['run', folder.file, '--ui', 'none'])).code, 0);
  const [, second = ''] = resultDirectories(folder.file);
  assert.equal(readFileSync(path.join(directory, 'report.json'), 'utf8'), before);
  const latest = JSON.parse(readFileSync(path.join(`${folder.file}.results`, 'latest.json'), 'utf8')) as LatestResult;
  assert.equal(latest.directory, path.basename(second));
  assert.equal(latest.state, 'finished');
});

test('--output chooses the place', async (t) => {
  const server = await openAiServer(t);
  const folder = scenarioFolder(t, smallScenario(server.url));
  const { code, error } = await runCli(['run', 'chat.bench', '--output', 'elsewhere/deep'], { cwd: folder.path });
  assert.equal(code, 0, error);
  assert.ok(existsSync(path.join(folder.path, 'elsewhere/deep/latest.json')));
  assert.ok(!existsSync(`${folder.file}.results`));
});

test('a results folder that cannot be made: named, with the remedy, exit code 3, nothing sent', async (t) => {
  const server = await openAiServer(t);
  const folder = scenarioFolder(t, smallScenario(server.url));
  // Also root cannot make a folder under a file.
  writeFileSync(path.join(folder.path, 'a-file'), '');
  const { code, error } = await runCli(['run', 'chat.bench', '--output', 'a-file/results'], { cwd: folder.path });
  assert.equal(code, 3);
  assert.match(error, /RUN_OUTPUT_NOT_WRITABLE[^]*a-file[^]*--output/);
  assert.equal(server.connectionCount(), 0);
});

/** Words that give a command a mount table of its own, where this machine allows it. */
const PRIVATE_MOUNTS = [
  ['unshare', '-m'],
  ['unshare', '-rm'],
].find(
  ([program = '', ...args]) =>
    spawnSync(program, [...args, 'sh', '-c', 'mount -t tmpfs -o size=1m none /mnt'], { stdio: 'ignore' }).status === 0,
);

test(
  'a disk that becomes full while running: the run ends with what it has, reports it, exit code 3',
  {
    skip:
      PRIVATE_MOUNTS === undefined &&
      'this machine lets nobody mount a small disk (unshare -m); the unit tests of the record fill one by hand',
  },
  async (t) => {
    // Each failed request leaves some 400 bytes in the record: 6 MB, less the 4 MB kept for the report, are full within seconds.
    const talkative: Behaviour = ({ socket }) => {
      socket.write(document('500 Internal Server Error', 'text/plain', 'no '.repeat(100)));
    };
    const server = await openAiServer(t, { answers: { v1: talkative } });
    const folder = scenarioFolder(t, smallScenario(server.url, { stage: 'stage long { rate 1500 rps for 60 s }' }));
    const small = path.join(folder.path, 'small');
    const kept = path.join(folder.path, 'kept');
    mkdirSync(small);
    // The small disk is gone with its namespace, so what is on it is copied out before.
    const script = `mount -t tmpfs -o size=6m none ${small} && { "$@"; code=$?; cp -r ${small} ${kept}; exit $code; }`;
    const { code, out, error } = await runCli(['run', folder.file, '--output', small], {
      under: [...(PRIVATE_MOUNTS ?? []), 'sh', '-c', script, 'sh'],
    });
    assert.equal(code, 3, out + error);
    assert.match(out, /the disk is full/);
    const [name = ''] = readdirSync(kept).filter((each) => each !== 'latest.json');
    const directory = path.join(kept, name);
    const report = readReport(directory);
    assert.equal(report.run.error?.code, 'RUN_DISK_FULL');
    assert.equal(report.run.torn, undefined, 'it ended in order');
    assert.ok(readRequests(directory).length > 1_000, 'what was recorded is kept, in whole lines');
    cpSync(directory, path.join(folder.path, 'copy'), { recursive: true });
    const again = await runCli(['report', path.join(folder.path, 'copy')]);
    assert.equal(again.code, 0, again.error);
  },
);

test('results that somebody removes while the run goes on are there at its end', async (t) => {
  const server = await openAiServer(t);
  const folder = scenarioFolder(t, smallScenario(server.url, { stage: 'stage long { rate 20 rps for 4 s }' }));
  const cli = startCli(['run', folder.file, '--ui', 'json']);
  await cli.outMatches(/"stage.started"/);
  rmSync(`${folder.file}.results`, { recursive: true });
  const { code, out, error } = await cli.result;
  assert.equal(code, 0, error);
  assert.match(out, /was removed or moved while the run went on/);
  const directory = onlyResult(folder.file);
  assert.equal(readReport(directory).requests.succeeded, 80);
  assert.deepEqual(readRequests(directory).length, 80);
});

test('a reader that goes away ends the output, not the run', async (t) => {
  const server = await openAiServer(t);
  const folder = scenarioFolder(t, smallScenario(server.url));
  const cli = startCli(['run', folder.file, '--ui', 'json']);
  cli.child.stdout?.destroy();
  const { code, error } = await cli.result;
  assert.equal(code, 0, error);
  assert.equal(readReport(onlyResult(folder.file)).requests.succeeded, 20);
});

test('report writes the formats asked for, from the record alone', async (t) => {
  const server = await openAiServer(t);
  const folder = scenarioFolder(t, smallScenario(server.url));
  assert.equal((await runCli(['run', folder.file, '--ui', 'none'])).code, 0);
  const directory = onlyResult(folder.file);
  const copy = path.join(folder.path, 'moved');
  mkdirSync(copy);
  for (const name of readdirSync(directory).filter((each) => /jsonl$|^plan/.test(each)))
    cpSync(path.join(directory, name), path.join(copy, name));
  const { code, out, error } = await runCli(['report', 'moved', '--format', 'markdown,csv'], { cwd: folder.path });
  assert.equal(code, 0, error);
  assert.deepEqual(out.trimEnd().split('\n').sort(), [
    'moved/report.json',
    'moved/report.md',
    'moved/series.csv',
    'moved/summary.csv',
  ]);
  const strip = (report: ReturnType<typeof readReport>): unknown => ({ ...report, run: { ...report.run, id: '' } });
  assert.deepEqual(strip(readReport(copy)), strip(readReport(directory)), 'the same record gives the same report');
});
