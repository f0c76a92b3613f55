/** Diagnostics for machines: SARIF for code scanning, workflow commands for GitHub's annotations. */
import type { CompileDiagnostic } from '../../contract/protocol/language.ts';
import { VERSION } from '../../contract/version.ts';
import { visibleText } from '../terminal/visible-text.ts';

/** SARIF 2.1.0, one run. `showPath` gives paths relative to the working directory, with `/`. */
export function renderSarif(diagnostics: readonly CompileDiagnostic[], showPath: (path: string) => string): string {
  const codes = [...new Set(diagnostics.map((each) => each.code))].sort();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Benchwright', version: VERSION, rules: codes.map((id) => ruleOf(id, diagnostics)) } },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((each) => ({
          ruleId: each.code,
          ruleIndex: codes.indexOf(each.code),
          level: { error: 'error', warning: 'warning', info: 'note', hint: 'note' }[each.severity],
          message: { text: each.message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: asUri(showPath(each.file)) },
                region: {
                  startLine: each.line,
                  startColumn: each.column,
                  endLine: each.endLine,
                  endColumn: each.endColumn,
                },
              },
            },
          ],
        })),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

/** What a viewer shows of a code: its meaning, and where to read more. */
function ruleOf(id: string, diagnostics: readonly CompileDiagnostic[]): object {
  const { title, docs } = diagnostics.find((each) => each.code === id) ?? {};
  return {
    id,
    ...(title === undefined ? {} : { shortDescription: { text: title } }),
    ...(docs === undefined ? {} : { help: { text: `See ${docs}.` } }),
  };
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** One GitHub workflow command; what could end it early is escaped as its runner wants. */
export function renderAnnotation(annotation: Annotation): string {
  const property = (name: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [`${name}=${escapeData(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`];
  const properties = [
    ...property('file', annotation.file),
    ...property('line', annotation.line),
    ...property('endLine', annotation.endLine),
    ...property('col', annotation.column),
    ...property('endColumn', annotation.endColumn),
    ...property('title', annotation.title),
  ];
  return `::${annotation.level} ${properties.join(',')}::${escapeData(annotation.message)}`;
}

export function diagnosticAnnotation(diagnostic: CompileDiagnostic, showPath: (path: string) => string): Annotation {
  const { severity, code, message, file, line, column, endLine, endColumn } = diagnostic;
  const level = severity === 'error' || severity === 'warning' ? severity : 'notice';
  return { level, title: code, message, file: showPath(file), line, column, endLine, endColumn };
}

function escapeData(text: string): string {
  const harmless = text.split('\n').map(visibleText).join('\n');
  return harmless.replaceAll('%', '%25').replaceAll('\n', '%0A');
}

/** Relative to the working directory where it lies below; else a `file:` address. */
function asUri(path: string): string {
  const drive = /^[A-Za-z]:(?=[\\/])/.exec(path)?.[0] ?? '';
  const segments = path.slice(drive.length).split(/[\\/]/).map(encodeURIComponent).join('/');
  if (drive !== '') return `file:///${drive}${segments}`;
  return segments.startsWith('/') ? `file://${segments}` : segments;
}
