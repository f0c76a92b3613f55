/** Diagnostics as a good compiler prints them: place, code, message, the line itself with a mark under the words meant. */
import type { CompileDiagnostic } from '../../contract/protocol/language.ts';
import { fit, widthOf, wrap } from './layout.ts';
import { counted } from './words.ts';
import { visibleText } from './visible-text.ts';
import type { Style } from './style.ts';

export interface DiagnosticsOptions {
  readonly columns: number;
  readonly style: Style;
  readonly showPath: (path: string) => string;
  /** Text of a file, for the line shown; `undefined` where it cannot be had. */
  readonly readText: (file: string) => string | undefined;
}

export function renderDiagnostics(
  diagnostics: readonly CompileDiagnostic[],
  options: DiagnosticsOptions,
): readonly string[] {
  const texts = new Map<string, readonly string[]>();
  const lineOf = (file: string, line: number): string | undefined => {
    if (!texts.has(file)) texts.set(file, options.readText(file)?.split(/\r\n|\n|\r/) ?? []);
    return texts.get(file)?.[line - 1];
  };
  return diagnostics.flatMap((each, index) => [...(index === 0 ? [] : ['']), ...renderOne(each, lineOf, options)]);
}

/** `2 errors, 1 warning`; empty when there is nothing to say. */
export function renderDiagnosticCounts(diagnostics: readonly CompileDiagnostic[]): string {
  return (['error', 'warning'] as const)
    .map((severity) => [severity, diagnostics.filter((each) => each.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => counted(count, severity))
    .join(', ');
}

function renderOne(
  diagnostic: CompileDiagnostic,
  lineOf: (file: string, line: number) => string | undefined,
  options: DiagnosticsOptions,
): readonly string[] {
  const { style, columns } = options;
  const paint = { error: style.bad, warning: style.warning, info: style.accent, hint: style.dim }[diagnostic.severity];
  const place = `${options.showPath(diagnostic.file)}:${diagnostic.line}:${diagnostic.column}`;
  const head = `${style.bold(place)} ${paint(`${diagnostic.severity} ${diagnostic.code}`)}`;
  const source = lineOf(diagnostic.file, diagnostic.line);
  return [
    ...wrap(`${head} ${visibleText(diagnostic.message)}`, columns, '  '),
    ...(source === undefined
      ? []
      : excerpt(source, diagnostic, columns).map((line, index) => (index === 1 ? paintMark(line, paint) : line))),
    ...(diagnostic.docs === undefined ? [] : [style.dim(`  see ${diagnostic.docs}`)]),
  ];
}

/** The source line and, under it, carets; of a long line only the part around the mark. */
function excerpt(source: string, diagnostic: CompileDiagnostic, columns: number): readonly [string, string] {
  const margin = `${String(diagnostic.line).padStart(5)} | `;
  const room = Math.max(20, columns - margin.length - 1);
  const endColumn = diagnostic.endLine === diagnostic.line ? diagnostic.endColumn : source.length + 1;
  // More than is shown of a line even if most of it has no width.
  const reach = 8 * room;
  const from = diagnostic.column - 1;
  const to = Math.max(diagnostic.column, endColumn) - 1;
  const before = visibleText(source.slice(Math.max(0, from - reach), from));
  const marked = visibleText(source.slice(from, Math.min(to, from + reach)));
  const after = visibleText(source.slice(to, to + reach));
  const isLong = widthOf(before + marked + after) > room && widthOf(before) > room / 2;
  const cut = isLong ? `…${lastColumns(before, Math.floor(room / 2) - 1)}` : before;
  const carets = '^'.repeat(Math.max(1, Math.min(widthOf(marked), room - widthOf(cut))));
  const shown = fit(`${cut}${marked}${after}`, room);
  return [`${margin}${shown}`.trimEnd(), `${' '.repeat(margin.length - 2)}| ${' '.repeat(widthOf(cut))}${carets}`];
}

function paintMark(line: string, paint: (text: string) => string): string {
  const from = line.indexOf('^');
  return line.slice(0, from) + paint(line.slice(from));
}

function lastColumns(text: string, columns: number): string {
  const characters = [...text];
  let result = '';
  while (characters.length > 0) {
    const next = (characters.pop() ?? '') + result;
    if (widthOf(next) > columns) break;
    result = next;
  }
  return result;
}
