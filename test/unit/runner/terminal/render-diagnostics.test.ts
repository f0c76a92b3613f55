import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompileDiagnostic } from '../../../../src/contract/protocol/language.ts';
import { renderDiagnosticCounts, renderDiagnostics } from '../../../../src/runner/terminal/render-diagnostics.ts';
import { widthOf } from '../../../../src/runner/terminal/layout.ts';
import { UNCOLOURED } from '../../../../src/runner/terminal/style.ts';

const SOURCE = 'sla fast {\n\ttftf p95 < 500 ms\n  e2e p95 < 2 s\n}\n';

function diagnostic(changes: Partial<CompileDiagnostic> = {}): CompileDiagnostic {
  return {
    code: 'BENCH2003',
    severity: 'error',
    message: 'There is no metric `tftf`; did you mean `ttft`?',
    file: '/home/ada/chat.bench',
    line: 2,
    column: 2,
    endLine: 2,
    endColumn: 6,
    ...changes,
  };
}

function render(
  diagnostics: readonly CompileDiagnostic[],
  text: string | undefined = SOURCE,
  columns = 80,
): readonly string[] {
  return renderDiagnostics(diagnostics, {
    columns,
    style: UNCOLOURED,
    showPath: (path) => path.replace('/home/ada/', ''),
    readText: () => text,
  });
}

test('place, code, message, the line and a caret under the word meant, where to read more', () => {
  assert.deepEqual(render([diagnostic({ docs: 'docs/diagnostics/BENCH2003.md' })]), [
    'chat.bench:2:2 error BENCH2003 There is no metric `tftf`; did you mean `ttft`?',
    '    2 |  tftf p95 < 500 ms',
    '      |  ^^^^',
    '  see docs/diagnostics/BENCH2003.md',
  ]);
});

test('a range over several lines is marked to the end of its first', () => {
  assert.deepEqual(render([diagnostic({ line: 1, column: 5, endLine: 4, endColumn: 2 })]).slice(1), [
    '    1 | sla fast {',
    '      |     ^^^^^^',
  ]);
});

test('wide characters before the mark do not shift it; an empty range still gets one caret', () => {
  assert.deepEqual(render([diagnostic({ line: 1, column: 4, endLine: 1, endColumn: 4 })], '你好 x').slice(1), [
    '    1 | 你好 x',
    '      |      ^',
  ]);
});

test('of a very long line the part around the mark is shown', () => {
  const lines = render(
    [diagnostic({ line: 1, column: 401, endLine: 1, endColumn: 405 })],
    `${'a'.repeat(400)}tftf${'b'.repeat(400)}`,
    60,
  );
  for (const line of lines.slice(-2)) assert.ok(widthOf(line) <= 60, line);
  const from = lines.at(-1)?.indexOf('^') ?? 0;
  assert.equal(lines.at(-2)?.slice(from, from + 4), 'tftf');
});

test('a file that cannot be read, or is not text, does no harm', () => {
  assert.equal(
    renderDiagnostics([diagnostic()], {
      columns: 120,
      style: UNCOLOURED,
      showPath: (path) => path,
      readText: () => undefined,
    }).length,
    1,
  );
  const lines = render(
    [diagnostic({ line: 1, column: 1, endLine: 1, endColumn: 3, message: 'bad \u001b[2J bytes' })],
    '\u001b[2Jx',
  );
  assert.ok(lines.every((line) => !line.includes('\u001b')));
});

test('counts name errors and warnings, in the right number', () => {
  assert.equal(
    renderDiagnosticCounts([diagnostic(), diagnostic(), diagnostic({ severity: 'warning' })]),
    '2 errors, 1 warning',
  );
  assert.equal(renderDiagnosticCounts([diagnostic({ severity: 'hint' })]), '');
});
