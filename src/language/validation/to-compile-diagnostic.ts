/** A document's diagnostics in the form in which they leave the language: absolute file, 1-based positions. */
import { URI, type AstNode, type LangiumDocument } from 'langium';
import type { CompileDiagnostic } from '../../contract/protocol/language.ts';

const SEVERITIES: readonly CompileDiagnostic['severity'][] = ['error', 'error', 'warning', 'info', 'hint'];

export function toCompileDiagnostics(document: LangiumDocument<AstNode>): CompileDiagnostic[] {
  return (document.diagnostics ?? []).map(({ range, severity, code, codeDescription, message }) => ({
    code: String(code ?? ''),
    severity: SEVERITIES[severity ?? 1] ?? 'error',
    message: typeof message === 'string' ? message : message.value,
    file: pathOf(document.uri),
    line: range.start.line + 1,
    column: range.start.character + 1,
    endLine: range.end.line + 1,
    endColumn: range.end.character + 1,
    ...(codeDescription === undefined ? {} : { docs: codeDescription.href }),
  }));
}

/** The absolute path of a file; of a document that is none (the standard library), its address. */
export function pathOf(uri: URI): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}
