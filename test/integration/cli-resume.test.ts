/** `benchwright resume`: a run that was killed or interrupted goes on, in the same record. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { RequestRecord } from '../../src/contract/outcome.ts';
import { runCli, startCli } from '../helpers/cli.ts';
import { onlyResult, readReport, scenarioFolder } from '../helpers/scenario-folder.ts';

const SCENARIO = `
backend demo { protocol simulator  first-token 150 ms  inter-token 5 ms }
dataset prompts { from random  input 8 tokens  output 6 tokens }
benchmark test {
  on demo
  send prompts
  load {
    warmup 5 requests
    stage slow { rate 10 rps poisson for 2 s }
    stage fast { rate 20 rps for 9 s }
    stage crowd { users 4 for 20 requests }
    drain 2 s
  }
}
`;

/** Measured requests over all parts of the record. */
function measured(directory: string): readonly RequestRecord[] {
  return readdirSync(directory)
    .filter((name) => /^requests(\.\d+)?\.jsonl$/.test(name))
    .flatMap((name) => readFileSync(path.join(directory, name), 'utf8').split('\n'))
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as RequestRecord)
    .filter(({ id }) => id >= 0);
}

function assertWhole(directory: string): void {
  const records = measured(directory);
  const ids = records.map(({ id }) => id).toSorted((left, right) => left - right);
  assert.deepEqual(
    ids,
    Array.from({ length: ids.length }, (_, id) => id),
    'every number once',
  );
  const report = readReport(directory);
  const [slow, fast, crowd] = report.stages;
  assert.equal(fast?.requests.due, 180);
  assert.equal(crowd?.requests.due, 20);
  assert.ok(Math.abs((slow?.endedMs ?? 0) - (slow?.startedMs ?? 0) - 2_000) < 1);
  assert.ok(Math.abs((fast?.endedMs ?? 0) - (fast?.startedMs ?? 0) - 9_000) < 1);
  assert.equal(report.run.resumed?.length, 1);
  assert.equal(report.run.torn, undefined);
  assert.equal(report.run.error, undefined);
  for (const name of ['report.html', 'report.md'])
    assert.match(readFileSync(path.join(directory, name), 'utf8'), /resumed at/);
}

test('killed with -9 and resumed: one run, every request once, and it says so', async (t) => {
  const folder = scenarioFolder(t, SCENARIO);
  const run = startCli(['run', folder.file, '--ui', 'json'], {});
  await run.outMatches(/"stage\.started","data":\{"name":"fast"/);
  const pid = /"pid":(\d+)/.exec(readFileSync(path.join(onlyResult(folder.file), '.running'), 'utf8'))?.[1];
  const directory = onlyResult(folder.file);
  const busy = await runCli(['resume', directory]);
  assert.equal(busy.code, 3);
  assert.match(busy.error, new RegExp(`RUN_NOT_RESUMABLE.*[^]*process\\s+${pid}`));
  const live = await runCli(['report', directory, '--format', 'json']);
  assert.equal(live.code, 0, live.error);
  assert.match(live.error, /still goes on/);
  assert.equal(readReport(directory).run.running, true);
  process.kill(Number(pid), 'SIGKILL');
  await run.result;
  const { code, out, error } = await runCli(['resume', directory]);
  assert.ok(code === 0 || code === 4, error);
  assert.match(out, /Cut off at .* in stage "fast"[^]*and\s+resumed\s+at/);
  assertWhole(directory);
  assert.ok(!existsSync(path.join(directory, '.running')));
  const again = await runCli(['resume', directory]);
  assert.equal(again.code, 3);
  assert.match(again.error, /finished/);
});

test('interrupted with Ctrl-C and resumed: nothing is lost', async (t) => {
  const folder = scenarioFolder(t, SCENARIO);
  const run = startCli(['run', folder.file, '--ui', 'json']);
  await run.outMatches(/"stage\.started","data":\{"name":"fast"/);
  run.child.kill('SIGINT');
  assert.equal((await run.result).code, 3);
  const directory = onlyResult(folder.file);
  const { code, error } = await runCli(['resume', directory, '--ui', 'none']);
  assert.ok(code === 0 || code === 4, error);
  assertWhole(directory);
});

test('a replay that was killed goes on in the middle of its recording', async (t) => {
  const folder = scenarioFolder(
    t,
    `
    backend demo { protocol simulator  first-token 50 ms  inter-token 5 ms }
    dataset recording { from jsonl "./recording.jsonl"  timestamp "$.at"  timestamp-unit s  output 3 tokens }
    benchmark test {
      on demo
      send recording
      load { stage again { replay speed 1 }  drain 2 s }
    }
    `,
  );
  const entries = Array.from({ length: 60 }, (_, index) => ({ prompt: `entry ${index}`, at: index * 0.08 }));
  folder.write('recording.jsonl', entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  const run = startCli(['run', folder.file, '--ui', 'json', '--no-calibration']);
  await run.outMatches(/"snapshot"[^\n]*"ok":1\d/);
  const directory = onlyResult(folder.file);
  const pid = /"pid":(\d+)/.exec(readFileSync(path.join(directory, '.running'), 'utf8'))?.[1];
  process.kill(Number(pid), 'SIGKILL');
  await run.result;
  const { code, out, error } = await runCli(['resume', directory, '--ui', 'plain', '--no-calibration']);
  assert.ok(code === 0 || code === 4, out + error);
  const ids = measured(directory).map(({ id }) => id);
  assert.deepEqual(
    ids.toSorted((left, right) => left - right),
    entries.map((_, index) => index),
    'every entry once',
  );
  const { stages, validity } = readReport(directory);
  assert.ok(Math.abs((stages[0]?.endedMs ?? 0) - (stages[0]?.startedMs ?? 0) - 59 * 80) < 1);
  assert.deepEqual(validity.calibration, { state: 'skipped', why: 'switched-off' });
});
