/** The simulator as a server for any client, and the other commands that need no scenario. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { parseGroundTruth } from '../../src/runner/simulator/ground-truth.ts';
import { runCli, startCli } from '../helpers/cli.ts';

test('simulate answers any OpenAI client, at the pace it was given, until Ctrl-C', async (t) => {
  const cli = startCli(['simulate', '--port', '0', '--first-token', '50ms', '--inter-token', '10ms', '--output', '5']);
  t.after(() => cli.child.kill('SIGKILL'));
  const out = await cli.outMatches(/http:\/\/127\.0\.0\.1:\d+/);
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0] ?? '';
  const models = (await (await fetch(`${url}/v1/models`)).json()) as { data: unknown[] };
  assert.equal(models.data.length, 1);
  const startedMs = performance.now();
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'any', stream: true, messages: [{ role: 'user', content: 'Hello' }] }),
  });
  const text = await answer.text();
  const tookMs = performance.now() - startedMs;
  assert.match(text, /data: \[DONE\]/);
  assert.ok(tookMs >= 85 && tookMs < 1_000, `50 ms and four gaps of 10 ms took ${tookMs} ms`);

  const occupied = await runCli(['simulate', '--port', new URL(url).port]);
  assert.equal(occupied.code, 3);
  assert.match(occupied.error, /RUN_PORT_UNAVAILABLE[^]*another/);

  cli.child.kill('SIGINT');
  assert.equal((await cli.result).code, 0);
});

test('simulate says what it is set to, finishes what is under way, and leaves a record of what it wrote', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'benchwright-simulate-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const record = path.join(folder, 'truth.jsonl');
  const words = ['--engine', 'batching', '--step', '20ms', '--step-per-prompt-token', '0ms', '--max-num-seqs', '2'];
  const cli = startCli(['simulate', '--port', '0', '--record', record, ...words]);
  t.after(() => cli.child.kill('SIGKILL'));
  const out = await cli.outMatches(/is recorded in/);
  assert.match(out, /engine batching[^]*step 20ms[^]*max-num-seqs 2\n/);
  assert.doesNotMatch(out, /first-token|fault-/);
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0] ?? '';
  const answer = await fetch(`${url}/v1/completions`, {
    method: 'POST',
    body: JSON.stringify({ prompt: 'Once upon', stream: true, max_tokens: 40 }),
  });
  cli.child.kill('SIGINT');
  assert.match(await answer.text(), /\[DONE\]/);
  const { code, out: all } = await cli.result;
  assert.equal(code, 0);
  assert.match(all, /Stopped after 40 tokens/);
  const [truth, ...others] = parseGroundTruth(await readFile(record, 'utf8'));
  assert.equal(others.length, 0);
  assert.equal(truth?.ended, 'complete');
  assert.equal(truth.writtenAfterMs.length, 40);
  // A step for each token, none before its time.
  truth.writtenAfterMs.forEach((afterMs, index) => assert.ok(afterMs >= 20 * (index + 1), `${index}: ${afterMs}`));

  const unwritable = await runCli(['simulate', '--port', '0', '--record', path.join(folder, 'none', 'truth.jsonl')]);
  assert.equal(unwritable.code, 3);
  assert.match(unwritable.error, /RUN_OUTPUT_NOT_WRITABLE/);
});

test('an option of the simulator that cannot be read is explained, exit code 2', async () => {
  const { code, error } = await runCli(['simulate', '--port', '0', '--first-token', '5 kg']);
  assert.equal(code, 2);
  assert.match(error, /--first-token[^]*ms/);
  const seed = await runCli(['simulate', '--port', '0', '--seed', 'abc']);
  assert.equal(seed.code, 2);
  assert.match(seed.error, /--seed abc/);
});

test('without a command there is help, with a wrong one a guess', async () => {
  const help = await runCli([]);
  assert.equal(help.code, 0);
  assert.match(help.out, /benchwright COMMAND/);
  const wrong = await runCli(['simulat']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.error, /Did you mean `benchwright simulate`/);
});
