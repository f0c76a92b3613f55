/** The language server as an editor sees it: what it publishes while one types, and what it answers beyond LSP. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  BENCHMARKS_REQUEST,
  COMPILE_REQUEST,
  type BenchmarkItem,
  type CompileResult,
} from '../../src/contract/protocol/language.ts';
import { compileText, nodeFileSystem } from '../../src/language/index.ts';
import { startLanguageClient } from '../helpers/language-client.ts';

const LIBRARY = 'param peak = 5 rps\nsla interactive { ttft p95 < 1 s }\n';
const SCENARIO = `import "./lib.bench"
backend demo { protocol simulator }
dataset prompts { from random  input 64 tokens  output 8 tokens }
benchmark run {
  on demo  send prompts
  load { warmup 5 requests  stage s { rate peak for 1 min } }
  expect interactive
}
`;

function makeFolder(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-language-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

const codesOf = (diagnostics: readonly { code?: unknown }[]): string[] => diagnostics.map(({ code }) => String(code));
const limits = { timeout: 30_000 };

test(
  'a plan is of the text in the editor, saved or not, and the same bytes as without an editor',
  limits,
  async (t) => {
    const folder = makeFolder(t, { 'lib.bench': LIBRARY, 'main.bench': SCENARIO });
    const [main, library] = [path.join(folder, 'main.bench'), path.join(folder, 'lib.bench')];
    const client = await startLanguageClient(t, folder);
    const unsaved = SCENARIO.replace('for 1 min', 'for 2 min');
    await client.open(main, unsaved);
    await client.open(library, LIBRARY.replace('5 rps', '7 rps'));
    const uri = pathToFileURL(main).href;
    const set = { peak: '9 rps' };
    const compiled = await client.request<CompileResult>(COMPILE_REQUEST, { uri, benchmark: 'run', set });

    writeFileSync(library, LIBRARY.replace('5 rps', '7 rps'));
    const headless = await compileText(unsaved, main, { fileSystem: nodeFileSystem, set });
    assert.equal(compiled.planJson, headless.plan('run')?.json);
    assert.match(compiled.planJson ?? '', /"ratePerSecond": 9\b/);
    assert.match(compiled.planJson ?? '', /"durationMs": 120000\b/);

    const [benchmark] = await client.request<BenchmarkItem[]>(BENCHMARKS_REQUEST, { uri });
    assert.deepEqual(benchmark, {
      name: 'run',
      range: { start: { line: 3, character: 10 }, end: { line: 3, character: 13 } },
      slas: [{ text: 'ttft p95 < 1 s', file: library, line: 2 }],
    });
  },
);

test('a file with errors has diagnostics and no plan', limits, async (t) => {
  const folder = makeFolder(t, { 'lib.bench': LIBRARY, 'main.bench': SCENARIO.replace('rate peak', 'rate peek') });
  const client = await startLanguageClient(t, folder);
  const uri = pathToFileURL(path.join(folder, 'main.bench')).href;
  const compiled = await client.request<CompileResult>(COMPILE_REQUEST, { uri, benchmark: 'run' });
  assert.equal(compiled.planJson, undefined);
  assert.ok(codesOf(compiled.diagnostics).includes('BENCH3011'));
});

test('what has no place on the disk is not compiled, and the answer says what to do', limits, async (t) => {
  const client = await startLanguageClient(t, makeFolder(t, {}));
  const compiling = client.request(COMPILE_REQUEST, { uri: 'untitled:Untitled-1', benchmark: 'run' });
  await assert.rejects(compiling, /Save Untitled-1 as a file first/);
});

test('a change of an imported file is seen in the files that import it', limits, async (t) => {
  const folder = makeFolder(t, { 'lib.bench': LIBRARY, 'main.bench': SCENARIO });
  const [main, library] = [path.join(folder, 'main.bench'), path.join(folder, 'lib.bench')];
  const client = await startLanguageClient(t, folder);
  await client.open(main, SCENARIO);
  await client.diagnosticsOf(main, (diagnostics) => diagnostics.length === 0);
  await client.open(library, LIBRARY);
  await client.change(library, LIBRARY.replace('interactive', 'responsive'));
  const broken = await client.diagnosticsOf(main, (diagnostics) => diagnostics.length > 0);
  assert.deepEqual(codesOf(broken), ['BENCH2001']);
  await client.change(library, LIBRARY);
  await client.diagnosticsOf(main, (diagnostics) => diagnostics.length === 0);
});

test('a file that is imported before it exists is found once it does', limits, async (t) => {
  const folder = makeFolder(t, { 'main.bench': SCENARIO });
  const [main, library] = [path.join(folder, 'main.bench'), path.join(folder, 'lib.bench')];
  const client = await startLanguageClient(t, folder);
  await client.open(main, SCENARIO);
  const missing = await client.diagnosticsOf(main, (diagnostics) => diagnostics.length > 0);
  assert.ok(codesOf(missing).includes('BENCH2003'));
  writeFileSync(library, LIBRARY);
  await client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: pathToFileURL(library).href, type: 1 }] });
  await client.diagnosticsOf(main, (diagnostics) => diagnostics.length === 0);
});

test('data files are looked at once the typing stops, and once only', limits, async (t) => {
  const text = 'dataset prompts { from jsonl "./prompts.jsonl" }\n';
  const folder = makeFolder(t, { 'main.bench': text });
  const main = path.join(folder, 'main.bench');
  const client = await startLanguageClient(t, folder);
  await client.open(main, text);
  const quick = await client.diagnosticsOf(main, () => true);
  assert.deepEqual(codesOf(quick), [], 'the first answer does not wait for the disk');
  const slow = await client.diagnosticsOf(main, (diagnostics) => diagnostics.length > 0);
  assert.deepEqual(codesOf(slow), ['BENCH9001']);
  writeFileSync(path.join(folder, 'prompts.jsonl'), '{ "prompt": "Hi" }\n');
  await client.change(main, `// now it is there\n${text}`);
  await client.diagnosticsOf(main, (diagnostics) => diagnostics.length === 0);
});
