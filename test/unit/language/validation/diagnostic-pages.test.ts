/** docs/diagnostics: each code has a page, and the examples of a page are what the page says they are. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  DIAGNOSTICS,
  docsOf,
  isDiagnosticCode,
  type DiagnosticCode,
} from '../../../../src/language/validation/diagnostics.ts';
import { MAXIMUM_FILE_CHARACTERS } from '../../../../src/language/parser/lexer.ts';
import { MOST_DIAGNOSTICS } from '../../../../src/language/validation/bench-document-validator.ts';
import { codesOf, compileBench, type CheckOptions } from '../../../helpers/check-bench.ts';
import { readExample, readPage } from '../../../helpers/diagnostic-page.ts';

const root = path.join(import.meta.dirname, '..', '..', '..', '..');
const folder = path.join(root, 'docs', 'diagnostics');
const codes = Object.keys(DIAGNOSTICS) as DiagnosticCode[];

/** What cannot be shown on a page: too long, not text, or not a matter of text at all. */
const MADE: Partial<Record<DiagnosticCode, { readonly text: string; readonly options?: CheckOptions }>> = {
  BENCH1004: { text: `// ${'long '.repeat(MAXIMUM_FILE_CHARACTERS / 5)}` },
  BENCH1005: { text: `param deep = ${'('.repeat(200)}1${')'.repeat(200)}` },
  BENCH1006: { text: '// caf\uFFFD' },
  BENCH1009: { text: `param many = "${'\\d'.repeat(MOST_DIAGNOSTICS + 1)}"` },
  BENCH2014: {
    text: Array.from({ length: 60 }, (_, index) => `sla s${index} extends s${index + 1} { ttft p95 < 1 s }`)
      .concat('sla s60 { itl p95 < 1 s }')
      .join('\n'),
  },
  BENCH2015: {
    text: Array.from({ length: 202 }, (_, index) => `param p${index} = p${index + 1}`)
      .concat('param p202 = 1')
      .join('\n'),
  },
  BENCH9003: {
    text: 'dataset prompts { from jsonl "./data"  prompt "question" }',
    options: { directories: ['data'] },
  },
};

/** Told by the last run, and tested with it (lsp/last-result.test.ts). */
const OF_THE_LAST_RUN: ReadonlySet<DiagnosticCode> = new Set(['BENCH0001', 'BENCH0002', 'BENCH0003']);

test('there are pages for these codes and for no others', () => {
  const pages = readdirSync(folder)
    .filter((name) => name !== 'README.md')
    .map((name) => name.replace('.md', ''));
  assert.deepEqual(pages.sort(), [...codes].sort());
});

test('the index of the pages lists each code with its severity and title', () => {
  const index = readFileSync(path.join(folder, 'README.md'), 'utf8').replaceAll(/ +/g, ' ');
  for (const code of codes)
    assert.ok(
      index.includes(`| [${code}](${code}.md) | ${DIAGNOSTICS[code].severity} | ${DIAGNOSTICS[code].title} |`),
      code,
    );
});

for (const code of codes) {
  const { severity, title } = DIAGNOSTICS[code];

  test(`the page of ${code} is headed as the table has it`, () => {
    const page = readPage(code);
    assert.ok(page.startsWith(`# ${code}: ${title}\n\nSeverity: ${severity}\n\n`), page.slice(0, 120));
  });

  if (OF_THE_LAST_RUN.has(code)) continue;
  const made = MADE[code];
  test(`${code} is said of what its page calls wrong`, async () => {
    const { text, options } = made === undefined ? readExample(readPage(code), 'Wrong') : { options: {}, ...made };
    const { diagnostics } = await compileBench(text, options);
    const found = diagnostics.filter((each) => each.code === code);
    assert.notEqual(found.length, 0, `only ${codesOf(diagnostics).join(' ')}`);
    assert.ok(found.every((each) => each.severity === severity && each.docs === docsOf(code)));
    const others = diagnostics.filter((each) => each.severity === 'error' && each.code !== code);
    assert.deepEqual(others, [], 'an example is wrong in one way only');
  });

  if (made !== undefined) continue;
  test(`${code} is not said of what its page calls right, nor is any error`, async () => {
    const { text, options } = readExample(readPage(code), 'Right');
    const { diagnostics } = await compileBench(text, options);
    const errors = diagnostics.filter((each) => each.severity === 'error' || each.code === code);
    assert.deepEqual(errors, []);
  });
}

test('every diagnostic that leaves the language has a code of the table', async () => {
  const { diagnostics } = await compileBench(
    'backend { url } §\nload l { stage s { rat 5 rsp } }\nsla s { ttfx < }\nimport 5',
  );
  assert.ok(diagnostics.length > 2);
  assert.deepEqual(
    diagnostics.filter(({ code }) => !isDiagnosticCode(code)),
    [],
  );
});
