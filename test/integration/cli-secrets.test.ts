/** A secret's value is nowhere but in the request itself: not on the screen, not in any file of the result, whatever the server says. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { Behaviour } from '../fixtures/servers/behaviour.ts';
import { echoesKey } from '../fixtures/servers/refuses.ts';
import { runCli } from '../helpers/cli.ts';
import { answersAtOnce, openAiServer } from '../helpers/openai-server.ts';
import { filesBelow, onlyResult, scenarioFolder, smallScenario } from '../helpers/scenario-folder.ts';

/** Values with whatever may be mangled on the way: quotes, backslashes, percent signs, regular expressions, letters beyond ASCII. */
const VALUES = [
  `sk-${randomBytes(24).toString('base64url')}`,
  `${randomBytes(6).toString('hex')}"quoted\\back%20<&>$1.*`,
  `${randomBytes(6).toString('hex')}-grün-é`,
];

/** How a value may stand in a file: as it is, in JSON, in HTML, in a URL, in Base64. */
function spellings(value: string): readonly string[] {
  const html = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    html,
    encodeURIComponent(value),
    Buffer.from(value).toString('base64').replace(/=+$/, ''),
  ].map((text) => Buffer.from(text).toString('latin1'));
}

test('no result file and no output contains it, in any spelling, also when the server says it back', async (t) => {
  let turn = 0;
  const indiscreet: Behaviour = (answer) => (turn++ % 2 === 0 ? echoesKey(answer) : answersAtOnce(answer));
  for (const value of VALUES) {
    const server = await openAiServer(t, { answers: { v1: indiscreet } });
    const scenario = smallScenario(server.url, {
      key: 'key secret("BENCHWRIGHT_TEST_KEY")\n headers { "X-Again": secret("BENCHWRIGHT_TEST_KEY") }',
    });
    const folder = scenarioFolder(t, scenario);
    const { code, out, error } = await runCli(['run', folder.file, '--ui', 'json'], {
      env: { BENCHWRIGHT_TEST_KEY: value },
    });
    assert.equal(code, 1, error);
    assert.ok(
      server.requests.some((each) => each.method === 'POST' && each.headers['authorization']?.startsWith('Bearer ')),
      'it was sent',
    );
    const places = [
      { path: 'stdout', text: Buffer.from(out).toString('latin1') },
      { path: 'stderr', text: Buffer.from(error).toString('latin1') },
      ...filesBelow(onlyResult(folder.file)),
    ];
    assert.ok(places.length > 8);
    for (const place of places)
      for (const spelling of spellings(value))
        assert.ok(!place.text.includes(spelling), `${place.path} contains the secret`);
    const record = places.find((each) => each.path.endsWith('requests.jsonl'));
    assert.match(record?.text ?? '', /Incorrect API key provided/, 'what the server said is kept, without the key');
  }
});

test('a preflight that is refused with the key in the answer does not repeat it', async (t) => {
  const server = await openAiServer(t, { models: echoesKey });
  const folder = scenarioFolder(t, smallScenario(server.url, { key: 'key secret("BENCHWRIGHT_TEST_KEY")' }));
  const value = VALUES[0] ?? '';
  const { code, out, error } = await runCli(['run', folder.file], { env: { BENCHWRIGHT_TEST_KEY: value } });
  assert.equal(code, 3);
  assert.match(error, /RUN_BACKEND_REFUSED[^]*BENCHWRIGHT_TEST_KEY/);
  assert.ok(!(out + error).includes(value));
});

test('a value that no header can carry is refused without being shown', async (t) => {
  const server = await openAiServer(t);
  const folder = scenarioFolder(t, smallScenario(server.url, { key: 'key secret("BENCHWRIGHT_TEST_KEY")' }));
  const { code, out, error } = await runCli(['run', folder.file], {
    env: { BENCHWRIGHT_TEST_KEY: 'sk-first\nsk-second' },
  });
  assert.equal(code, 3);
  assert.match(error, /RUN_SECRET_MISSING[^]*line break/);
  assert.doesNotMatch(out + error, /sk-(first|second)/);
});

test('the plan and the dry run name secrets and never hold them', async (t) => {
  const folder = scenarioFolder(t, smallScenario('http://127.0.0.1:9', { key: 'key secret("BENCHWRIGHT_TEST_KEY")' }));
  const env = { BENCHWRIGHT_TEST_KEY: VALUES[0] ?? '' };
  for (const args of [
    ['plan', folder.file],
    ['run', folder.file, '--dry-run'],
  ]) {
    const { code, out, error } = await runCli(args, { env });
    assert.equal(code, 0, error);
    assert.match(out, /BENCHWRIGHT_TEST_KEY/);
    assert.ok(!(out + error).includes(env.BENCHWRIGHT_TEST_KEY));
  }
});
