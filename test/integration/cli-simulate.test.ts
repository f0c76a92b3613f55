/** The simulator as a server for any client, and the other commands that need no scenario. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
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
