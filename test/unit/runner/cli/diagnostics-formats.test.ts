/** Diagnostics for machines, as whole texts where that says most. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompileDiagnostic } from '../../../../src/contract/protocol/language.ts';
import { diagnosticAnnotation, renderAnnotation, renderSarif } from '../../../../src/runner/cli/diagnostics-formats.ts';

const diagnostic = (changes: Partial<CompileDiagnostic> = {}): CompileDiagnostic => ({
  code: 'BENCH4001',
  title: 'Unknown protocol',
  severity: 'error',
  message: 'There is no protocol `opena.chat`.',
  file: '/home/ada/chat.bench',
  line: 1,
  column: 22,
  endLine: 1,
  endColumn: 32,
  docs: 'docs/diagnostics/BENCH4001.md',
  ...changes,
});

interface Sarif {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly object[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly locations: readonly {
        readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
      }[];
    }[];
  }[];
}

function sarif(
  diagnostics: readonly CompileDiagnostic[],
  showPath = (path: string): string => path,
): Sarif['runs'][number] {
  const [run] = (JSON.parse(renderSarif(diagnostics, showPath)) as Sarif).runs;
  assert.ok(run);
  return run;
}

test('SARIF names each code once, with its meaning and its page, whatever the order of diagnostics', () => {
  const one = diagnostic();
  const other = diagnostic({ code: 'BENCH1002', title: 'Text without its closing quote', severity: 'hint' });
  const run = sarif([one, other, one]);
  assert.deepEqual(run.tool.driver.rules, [
    {
      id: 'BENCH1002',
      shortDescription: { text: 'Text without its closing quote' },
      help: { text: 'See docs/diagnostics/BENCH4001.md.' },
    },
    {
      id: 'BENCH4001',
      shortDescription: { text: 'Unknown protocol' },
      help: { text: 'See docs/diagnostics/BENCH4001.md.' },
    },
  ]);
  assert.deepEqual(
    run.results.map(({ ruleId, ruleIndex, level }) => [ruleId, ruleIndex, level]),
    [
      ['BENCH4001', 1, 'error'],
      ['BENCH1002', 0, 'note'],
      ['BENCH4001', 1, 'error'],
    ],
  );
});

for (const [shown, uri] of [
  ['examples/a b.bench', 'examples/a%20b.bench'],
  ['/tmp/broken.bench', 'file:///tmp/broken.bench'],
  ['C:\\bench\\ü.bench', 'file:///C:/bench/%C3%BC.bench'],
  ['..\\up.bench', '../up.bench'],
] as const)
  test(`SARIF's address of ${shown} is ${uri}`, () => {
    const [result] = sarif([diagnostic()], () => shown).results;
    assert.equal(result?.locations[0]?.physicalLocation.artifactLocation.uri, uri);
  });

test('an annotation cannot be ended early by what it says', () => {
  const text = renderAnnotation(
    diagnosticAnnotation(diagnostic({ message: 'a\nb %0A ::error::', file: '/x,y:z.bench' }), (path) => path),
  );
  assert.equal(
    text,
    '::error file=/x%2Cy%3Az.bench,line=1,endLine=1,col=22,endColumn=32,title=BENCH4001::a%0Ab %250A ::error::',
  );
});
