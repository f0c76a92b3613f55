/** A file that was typed is understood as one that was opened: tree, diagnostics, symbols and plans, whatever was typed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AstNode, ParseResult } from 'langium';
import { isBenchmark } from '../../../../src/language/ast.ts';
import { lowerBenchmark } from '../../../../src/language/lowering/lower-benchmark.ts';
import { Lowering } from '../../../../src/language/lowering/lowering.ts';
import { parseChange } from '../../../../src/language/parser/incremental-parse.ts';
import { benchFileOf } from '../../../../src/language/references/imports.ts';
import { Environment } from '../../../../src/language/values/evaluate.ts';
import { applyEdit, describeParse, edits, openEditor, type Edit, type Editor } from '../../../helpers/edited-bench.ts';
import { largeScenario } from '../../../helpers/large-scenario.ts';

const examples = path.join(import.meta.dirname, '../../../../examples');
const tour = readFileSync(path.join(examples, 'tour.bench'), 'utf8');
const generated = largeScenario({ lines: 200, seed: 7 });

const edit = edits([tour, generated]);
const typed = openEditor();
const parse = (text: string): ParseResult<AstNode> => typed.services.parser.LangiumParser.parse(text);

function textsOf(start: string, sequence: readonly Edit[]): string[] {
  const texts = [start];
  for (const each of sequence) texts.push(applyEdit(texts.at(-1) ?? '', each));
  return texts.slice(1);
}

/** What chance has found before. */
const FOUND: readonly Edit[][] = [
  [
    { at: 0, removed: 0, added: '${' },
    { at: 0, removed: 0, added: '"""' },
    { at: 0, removed: 0, added: '' },
  ],
];

for (const [name, start] of Object.entries({ 'the tour': tour, 'a generated file': generated }))
  test(`${name}, edited at random, has the tree of a file that was just opened`, () => {
    const sequence = fc.array(edit, { minLength: 1, maxLength: 12 });
    const check = (each: readonly Edit[]): void => {
      let result = parse(start);
      for (const text of textsOf(start, each)) {
        result = parseChange(result, text, parse) ?? parse(text);
        assert.deepEqual(describeParse(result), describeParse(parse(text)));
      }
    };
    fc.assert(fc.property(sequence, check), { numRuns: 15, examples: FOUND.map((each): [readonly Edit[]] => [each]) });
  });

test('what is typed into the middle of a long file is all that is parsed', () => {
  const start = largeScenario({ lines: 2000, seed: 3 });
  const at = start.indexOf('rate 10 rps', start.length / 2);
  const lengths: number[] = [];
  const result = parseChange(parse(start), `${start.slice(0, at)}rate 1${start.slice(at + 6)}`, (text) => {
    lengths.push(text.length);
    return parse(text);
  });
  assert.ok(result !== undefined);
  assert.ok(Math.max(...lengths) < 3000 && lengths.length === 1);
});

const LIBRARY = `param goal = 300 ms
sla shared { ttft p95 < goal }
backend box { protocol openai.chat  url "http://127.0.0.1:8000"  model "m" }
dataset words { from random  input 64 tokens  output 8 tokens }
`;
const MAIN = `${largeScenario({ lines: 90, seed: 5, imports: ['./lib.bench'], slas: ['shared'] })}
backend bigger extends box { model "n" }
benchmark both { on bigger  send words  load day-0  expect shared  watch host-0 }
`;

/** Everything an editor shows of the scenario, and what would be run. */
async function lookAt(editor: Editor): Promise<unknown> {
  const document = editor.document('main.bench');
  const { services } = editor;
  const request = { textDocument: { uri: document.uri.toString() } };
  const benchmarks = benchFileOf(document).declarations.filter(isBenchmark);
  const lowering = (): Lowering => new Lowering(new Environment(), services.values.parseValue);
  return {
    diagnostics: [...(document.diagnostics ?? [])].map((each) => JSON.stringify(each)).sort(),
    symbols: await services.lsp.DocumentSymbolProvider?.getSymbols(document, request),
    plans: benchmarks.map((each) => lowerBenchmark(each, { file: '', textSha256: '', params: {} }, lowering())),
  };
}

test('two files, edited at random, have the diagnostics, symbols and plans of files that were just opened', async () => {
  const opened = openEditor();
  const sequence = fc.array(fc.tuple(fc.boolean(), edit), { minLength: 1, maxLength: 8 });
  const check = async (each: readonly (readonly [boolean, Edit])[]): Promise<void> => {
    const texts: Record<string, string> = { 'lib.bench': LIBRARY, 'main.bench': MAIN };
    await typed.closeAll();
    for (const [name, text] of Object.entries(texts)) await typed.type(name, text);
    for (const [isLibrary, change] of each) {
      const name = isLibrary ? 'lib.bench' : 'main.bench';
      texts[name] = applyEdit(texts[name] ?? '', change);
      await typed.type(name, texts[name]);
      await opened.closeAll();
      for (const [other, text] of Object.entries(texts)) await opened.type(other, text);
      assert.deepEqual(await lookAt(typed), await lookAt(opened));
    }
  };
  await fc.assert(fc.asyncProperty(sequence, check), { numRuns: Number(process.env['RUNS'] ?? 20) });
});
