/** Whatever the text, there is a tree and there are diagnostics; nothing throws, and nothing takes long. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { codesOf, compileBench } from '../../../helpers/check-bench.ts';

const tour = readFileSync(path.join(import.meta.dirname, '../../../../examples/tour.bench'), 'utf8');
/** Words and signs of the language, as somebody might mix them up. */
const pieces = [...new Set(tour.match(/"[^"\n]*"|[\w.%-]+|[^\s\w]/g) ?? [])];

async function assertCompiles(text: string): Promise<void> {
  const { diagnostics } = await compileBench(text);
  for (const { code, line, column, message } of diagnostics) {
    assert.match(code, /^BENCH\d{4}$/, message);
    assert.ok(line >= 1 && column >= 1);
  }
}

test('random text gives diagnostics, never an exception', async () => {
  await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), assertCompiles), { numRuns: 30 });
});

test('words of the language in random order give diagnostics, never an exception', async () => {
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((words) => words.join(' '));
  await fc.assert(fc.asyncProperty(text, assertCompiles), { numRuns: 40 });
});

test('the tour, cut anywhere, gives diagnostics, never an exception', async () => {
  const cut = fc.nat(tour.length).map((length) => tour.slice(0, length));
  await fc.assert(fc.asyncProperty(cut, assertCompiles), { numRuns: 40 });
});

test('the tour with a piece missing gives diagnostics, never an exception', async () => {
  const torn = fc
    .tuple(fc.nat(tour.length), fc.nat(200))
    .map(([from, length]) => tour.slice(0, from) + tour.slice(from + length));
  await fc.assert(fc.asyncProperty(torn, assertCompiles), { numRuns: 40 });
});

function words(count: number, make: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => make(index)).join('\n');
}

const ATTACKS: Readonly<Record<string, string>> = {
  brackets: `param x = ${'('.repeat(50_000)}`,
  lists: `param x = ${'['.repeat(50_000)}1`,
  blocks: 'backend x { a { '.repeat(20_000),
  templates: `param x = ${'"${'.repeat(20_000)}`,
  operators: `param x = 1${' + 1'.repeat(100_000)}`,
  'doubling params': [
    'param p0 = "xxxxxxxx"',
    ...Array.from({ length: 60 }, (_, index) => `param p${index + 1} = "\${p${index}}\${p${index}}"`),
  ].join('\n'),
  'an unclosed text of many lines': `param x = """${'line "\n'.repeat(100_000)}`,
  'a long line': `param x = "${'a'.repeat(900_000)}`,
  'a template that never ends': `param x = "\${${'}'.repeat(300_000)}`,
  'a template of three quotes that never ends': `param x = """\${${'}'.repeat(300_000)}`,
  'many properties in one block': `backend x { protocol simulator ${words(20_000, (index) => `p${index} ${index}`)} }`,
  'many limits in one SLA': `sla s { ${words(10_000, (index) => `ttft p95 < ${index} ms`)} }`,
  'many imports of one file': words(5_000, () => 'import "./main.bench"'),
  'many backends without an address': words(4_000, (index) => `backend b${index} { protocol vllm }`),
  'many backends, each extending the one before': words(
    4_000,
    (index) => `backend b${index + 1} extends b${index} { }`,
  ),
};

for (const [name, text] of Object.entries(ATTACKS))
  test(`${name} without end cost bounded time`, { timeout: 20_000 }, async () => {
    const { diagnostics } = await compileBench(text);
    assert.notEqual(diagnostics.length, 0);
  });

test('what follows a slip keeps its meaning', async () => {
  const { benchmarks, diagnostics } = await compileBench(`
backend broken { url }
backend demo { protocol simulator  first-token 100 rps }
dataset prompts { from random  input 64 tokens  output 8 tokens }
benchmark run { on demo  send prompts  load { warmup 5 requests  stage s { rate 5 rps for 10 s } } }
`);
  assert.deepEqual(benchmarks, ['run']);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  assert.deepEqual(codesOf(errors), ['BENCH1001', 'BENCH3002']);
});

test('a byte order mark is no character', async () => {
  const { diagnostics } = await compileBench('\uFEFFparam peak = 5 rps');
  assert.deepEqual(codesOf(diagnostics), []);
});
