/** Scenarios and data with mistakes: said with file and line, exit code as promised, and not one byte sent. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { runCli, type CliResult } from '../helpers/cli.ts';
import { openAiServer } from '../helpers/openai-server.ts';
import { scenarioFolder, smallScenario, type ScenarioFolder } from '../helpers/scenario-folder.ts';

/** Runs a scenario that must not get as far as load: the server counts. */
async function refused(
  t: TestContext,
  changes: Readonly<Record<string, string>>,
  prepare: (folder: ScenarioFolder) => void = () => {},
  args: readonly string[] = [],
): Promise<CliResult & { readonly folder: ScenarioFolder }> {
  const server = await openAiServer(t);
  const folder = scenarioFolder(t, smallScenario(server.url, changes));
  prepare(folder);
  const result = await runCli(['run', folder.file, ...args], { env: { BENCHWRIGHT_TEST_KEY: '' } });
  assert.equal(server.requests.filter((each) => each.method === 'POST').length, 0, 'nothing was sent');
  if (result.code === 2) assert.equal(server.connectionCount(), 0, 'nobody connected');
  return { ...result, folder };
}

test('a file that does not parse: diagnostics with line and caret, exit code 2, nothing sent', async (t) => {
  const { code, error, out } = await refused(t, { stage: 'stage short { rate 40 rps for }' });
  assert.equal(code, 2);
  assert.match(error, /chat\.bench:\d+:\d+ error BENCH1\d{3}[^]*\| {3}load \{ stage short \{ rate 40 rps for \}[^]*\^/);
  assert.match(error, /1 error.*Nothing was sent/);
  assert.equal(out, '');
});

test('a name that does not exist is an error with the nearest one, exit code 2', async (t) => {
  const { code, error } = await refused(t, { stage: 'stage short { rate 40 rps poison for 20 requests }' });
  assert.equal(code, 2);
  assert.match(error, /poisson/);
});

test('--set of a param that does not exist is refused', async (t) => {
  const { code, error } = await refused(t, {}, undefined, ['--set', 'rate=1 rps']);
  assert.equal(code, 2);
  assert.match(error, /rate/);
});

test('a data file that is missing is named, with where it was looked for', async (t) => {
  const { code, error, folder } = await refused(t, { from: 'from jsonl "./prompts.jsonl"' });
  assert.ok(code === 2 || code === 3, String(code));
  assert.match(error, new RegExp(`${folder.path}/prompts\\.jsonl|\\./prompts\\.jsonl`));
  assert.match(error, /chat\.bench:\d+:\d+/);
});

test('a data file of the wrong shape: file, line, what was expected and what was found', async (t) => {
  const lines = ['{"prompt":"good"}', '{"prompt":"also good"}', '{"prompt": 7}'];
  const { code, error } = await refused(t, { from: 'from jsonl "./prompts.jsonl"' }, (folder) =>
    folder.write('prompts.jsonl', `${lines.join('\n')}\n`),
  );
  assert.ok(code === 2 || code === 3, String(code));
  assert.match(error, /prompts\.jsonl(:|[^]{1,6}line )3/);
  assert.match(error, /expected/i);
});

test('a data file that is not JSON at all: the line that is not', async (t) => {
  const { code, error } = await refused(t, { from: 'from jsonl "./prompts.jsonl"' }, (folder) =>
    folder.write('prompts.jsonl', '{"prompt":"good"}\nnot json\n'),
  );
  assert.ok(code === 2 || code === 3, String(code));
  assert.match(error, /prompts\.jsonl(:|[^]{1,6}line )2/);
});

test('a missing secret is named, with where it is looked for', async (t) => {
  const { code, error, folder } = await refused(t, { key: 'key secret("BENCHWRIGHT_TEST_KEY")' });
  assert.equal(code, 3);
  assert.match(error, /RUN_SECRET_MISSING[^]*BENCHWRIGHT_TEST_KEY/);
  assert.match(error, /environment/);
  assert.equal(existsSync(`${folder.file}.results`), false, 'no result directory is left of a run that never began');
});

test('check says the same in every format, and sends nothing', async (t) => {
  const folder = scenarioFolder(t, smallScenario('http://127.0.0.1:9', { stage: 'stage s { rate 40 rps for }' }));
  const check = (format: string): Promise<CliResult> =>
    runCli(['check', 'chat.bench', '--format', format], { cwd: folder.path });
  const [text, json, sarif, github] = await Promise.all(['text', 'json', 'sarif', 'github'].map(check));
  for (const result of [text, json, sarif, github]) assert.equal(result?.code, 2, result?.error);
  const [first] = JSON.parse(json?.out ?? '') as { code: string; line: number; column: number }[];
  assert.match(text?.out ?? '', new RegExp(`^chat\\.bench:${first?.line}:${first?.column} error ${first?.code}`, 'm'));
  assert.match(github?.out ?? '', new RegExp(`^::error file=chat\\.bench,line=${first?.line},`, 'm'));
  const log = JSON.parse(sarif?.out ?? '') as {
    runs: {
      results: {
        ruleId: string;
        locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
      }[];
    }[];
  };
  const result = log.runs[0]?.results[0];
  assert.equal(result?.ruleId, first?.code);
  assert.deepEqual(result?.locations[0]?.physicalLocation.artifactLocation.uri, 'chat.bench');
  assert.equal(result?.locations[0]?.physicalLocation.region.startLine, first?.line);
});
