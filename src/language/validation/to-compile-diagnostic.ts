/** Diagnostics in the form in which they leave the language: absolute file, 1-based positions. */
import { AstUtils, getDiagnosticRange, type AstNode, type DiagnosticInfo, type LangiumDocument } from 'langium';
import type { CompileDiagnostic } from '../../contract/protocol/language.ts';
import { DIAGNOSTICS, docsOf, isDiagnosticCode, type DiagnosticCode } from './diagnostics.ts';
import { pathOf } from '../file-system.ts';
import type { Report } from './report.ts';

type Range = ReturnType<typeof getDiagnosticRange>;

const SEVERITIES: readonly CompileDiagnostic['severity'][] = ['error', 'error', 'warning', 'info', 'hint'];

export function toCompileDiagnostics(document: LangiumDocument<AstNode>): CompileDiagnostic[] {
  return (document.diagnostics ?? []).map(({ range, severity, code, message }) => ({
    code: String(code ?? ''),
    ...(isDiagnosticCode(code) ? { title: DIAGNOSTICS[code].title } : {}),
    severity: SEVERITIES[severity ?? 1] ?? 'error',
    message: typeof message === 'string' ? message : message.value,
    ...placed(document, range),
    ...(isDiagnosticCode(code) ? { docs: docsOf(code) } : {}),
  }));
}

/** A report that ends in a list, for what is said outside of Langium's validation. */
export function reportInto(diagnostics: CompileDiagnostic[]): Report {
  return (code: DiagnosticCode, place, props) => {
    const { severity, title, message } = DIAGNOSTICS[code];
    const say = message as (props: unknown) => string;
    const range = getDiagnosticRange(place as DiagnosticInfo<AstNode, string>);
    const where = placed(AstUtils.getDocument(place.node), range);
    diagnostics.push({ code, title, severity, message: say(props), ...where, docs: docsOf(code) });
  };
}

function placed(
  document: LangiumDocument<AstNode>,
  { start, end }: Range,
): Pick<CompileDiagnostic, 'file' | 'line' | 'column' | 'endLine' | 'endColumn'> {
  return {
    file: pathOf(document.uri),
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}
