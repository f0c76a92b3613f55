/** Files nobody meant to write: each gets few, clear diagnostics in bounded time, and what is good in it stays of use. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSlowChecksWhenQuiet } from '../../../../src/language/validation/slow-check-runner.ts';
import { MOST_DIAGNOSTICS } from '../../../../src/language/validation/bench-document-validator.ts';
import { codesOf, compileBench, MAIN_FILE, type CheckOptions } from '../../../helpers/check-bench.ts';
import { openEditor } from '../../../helpers/edited-bench.ts';
import { compileFile } from '../../../../src/language/compile.ts';
import { memoryFiles } from '../../../helpers/memory-files.ts';

const GOOD = 'param peak = 5 rps\nsla café { ttft p95 < 1 s }\n';

function utf16(text: string, isMarked: boolean): Uint8Array {
  return Buffer.from(`${isMarked ? '\uFEFF' : ''}${text}`, 'utf16le');
}

const BYTES: Readonly<Record<string, { content: Uint8Array; codes: readonly string[] }>> = {
  'UTF-16 with its mark': { content: utf16(GOOD, true), codes: ['BENCH1006'] },
  'UTF-16 without a mark': { content: utf16('param peak = 5 rps\n', false), codes: ['BENCH1006'] },
  'Latin-1': { content: Buffer.from('// caf\u00e9\nparam peak = 5 rps\n', 'latin1'), codes: ['BENCH1006'] },
  'NUL bytes': { content: Buffer.from('param peak = 5 rps\n\0\0\0'), codes: ['BENCH1006'] },
  '50 MB': { content: new Uint8Array(50_000_000).fill(32), codes: ['BENCH1004'] },
  'a line of 5 MB': { content: Buffer.from(`param x = "${'a'.repeat(5_000_000)}"`), codes: ['BENCH1004'] },
};

for (const [name, { content, codes }] of Object.entries(BYTES))
  test(`${name}: one clear diagnostic`, { timeout: 5_000 }, async () => {
    const { diagnostics } = await compileFile(MAIN_FILE, { fileSystem: memoryFiles({ [MAIN_FILE]: content }) });
    assert.deepEqual(codesOf(diagnostics), codes);
  });

const TEXTS: Readonly<Record<string, { text: string; options?: CheckOptions; codes: readonly string[] }>> = {
  'an import cycle': {
    text: 'import "./lib.bench"',
    options: { files: { 'lib.bench': 'import "./main.bench"' } },
    codes: ['BENCH2004', 'BENCH2004'],
  },
  'an import of a directory': { text: 'import "./lib"', options: { directories: ['lib'] }, codes: ['BENCH2003'] },
  'an import of a huge file': {
    text: 'import "./lib.bench"',
    options: { files: { 'lib.bench': new Uint8Array(20_000_000).fill(32) } },
    codes: ['BENCH1004'],
  },
  'a cyclic extends': {
    text: 'sla a extends b { }\nsla b extends a { }',
    codes: ['BENCH2005', 'BENCH2005'],
  },
};

for (const [name, { text, options, codes }] of Object.entries(TEXTS))
  test(`${name}: a clear diagnostic`, { timeout: 5_000 }, async () => {
    const { diagnostics } = await compileBench(text, options);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    assert.deepEqual(codesOf(errors), codes);
  });

function numbered(count: number, make: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => make(index)).join('\n');
}

const MISTAKES: Readonly<Record<string, string>> = {
  'words without meaning': 'param '.repeat(150_000),
  'declarations without values': 'param = \n'.repeat(80_000),
  'blocks never closed': 'backend x { a { '.repeat(60_000),
  prose: 'The quick brown fox jumps over the lazy dog; it is said.\n'.repeat(17_000),
  'one property again and again': `backend b { ${'url '.repeat(50_000)}}`,
  'one param again and again': 'param x '.repeat(50_000),
  'unknown words in a block': `backend b { protocol simulator ${numbered(40_000, (n) => `w${n}`)} }`,
  'reports again and again': `benchmark b { report ${'html, '.repeat(100_000)}html }`,
  'names that refer to nothing': numbered(15_000, (n) => `benchmark b${n} { on x${n}  send y  load z }`),
};

for (const [name, text] of Object.entries(MISTAKES))
  test(`a huge file of ${name} costs bounded time`, { timeout: 15_000 }, async () => {
    const { diagnostics } = await compileBench(text);
    assert.ok(diagnostics.length > 0 && diagnostics.length <= MOST_DIAGNOSTICS + 1, String(diagnostics.length));
    assert.ok(diagnostics.every(({ code }) => code.startsWith('BENCH')));
  });

const CHAINS: Readonly<Record<string, string>> = {
  'params that wait for the next': numbered(10_000, (n) => `param x${n} = x${n + 1}`),
  'params that use the last one': numbered(10_000, (n) => `param x${n} = ${n === 0 ? '1' : `x${n - 1} + 1`}`),
  'declarations that extend the next': numbered(10_000, (n) => `sla s${n} extends s${n + 1} { }`),
};

for (const [name, text] of Object.entries(CHAINS))
  test(`a chain of ${name} costs bounded time`, { timeout: 15_000 }, async () => {
    const { diagnostics } = await compileBench(text);
    assert.ok(diagnostics.some(({ code }) => code === 'BENCH2014' || code === 'BENCH2015'));
    assert.ok(diagnostics.every(({ code }) => code.startsWith('BENCH')));
  });

test('of many problems the errors are listed, and a last diagnostic counts the others', async () => {
  const hints = `param many = "${'\\d'.repeat(MOST_DIAGNOSTICS + 5)}"\n`;
  const { diagnostics, plan } = await compileBench(`${hints}param bad = 5 mins / 0`);
  assert.equal(diagnostics.length, MOST_DIAGNOSTICS + 1);
  assert.ok(diagnostics.some(({ severity }) => severity === 'error'));
  const last = diagnostics.find(({ code }) => code === 'BENCH1009');
  assert.match(last?.message ?? '', /^The file has \d+ more problems/);
  assert.equal(plan(), undefined);
});

const HALF_TYPED: readonly string[] = ['dataset half {', 'dataset half { from', 'dataset half {\n  from random  input'];

for (const half of HALF_TYPED)
  test(`a file with \`${half}\` keeps its outline, its names and the diagnostics of its good parts`, async () => {
    const editor = openEditor();
    const text = `backend demo { protocol simulatr }\n${half}\nsla chat { ttft p95 < 1 rps }\nbenchmark run { on `;
    await editor.type('main.bench', text);
    const document = editor.document('main.bench');
    const textDocument = { uri: document.uri.toString() };
    const symbols = await editor.services.lsp.DocumentSymbolProvider?.getSymbols(document, { textDocument });
    assert.deepEqual(
      symbols?.map(({ name }) => name),
      ['demo', 'half', 'chat', 'run'],
    );
    const codes = document.diagnostics?.map(({ code }) => code);
    assert.ok(codes?.includes('BENCH4001'), 'of the backend before it');
    assert.ok(codes?.includes('BENCH3002'), 'of the SLA behind it');
    const position = document.textDocument.positionAt(text.length);
    const completion = await editor.services.lsp.CompletionProvider?.getCompletion(document, {
      textDocument,
      position,
    });
    assert.ok(completion?.items.some(({ label }) => label === 'demo'));
  });

test('a data file that does not answer delays no diagnostics', { timeout: 10_000 }, async () => {
  const reads: string[] = [];
  let whenAsked: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (whenAsked = resolve));
  const never = new Promise<never>(() => undefined);
  const editor = openEditor({
    ...memoryFiles({}),
    stat(path) {
      reads.push(path);
      whenAsked();
      return never;
    },
  });
  const { shared } = editor.services;
  runSlowChecksWhenQuiet(shared, () => Promise.resolve());
  const scenario = 'dataset d { from jsonl "./data.jsonl" }\n';
  await editor.type('main.bench', scenario);
  await asked;
  await editor.type('main.bench', `${scenario}param x = `);
  assert.deepEqual(reads.length, 1);
  assert.ok(editor.document('main.bench').diagnostics?.some(({ code }) => code === 'BENCH1001'));
});
