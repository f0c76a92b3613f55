/** What the last run measured, as diagnostics on the SLA lines; dimmed to information once the file has changed since. */
import { AstUtils, type LangiumDocument, type URI } from 'langium';
import { DiagnosticSeverity, type Diagnostic, type Range } from 'vscode-languageserver-protocol';
import type { SlaResult } from '../../contract/report.ts';
import { formatMeasured } from '../../contract/format-measured.ts';
import { isLimit } from '../ast.ts';
import { DIAGNOSTIC_SOURCE, DIAGNOSTICS, type DiagnosticCode } from '../validation/diagnostics.ts';
import type { MeasuredResult } from './last-result.ts';

/** Diagnostics of this document's SLA lines from a run's report. `isStale`: the scenario's text is no longer what was run. */
export function resultDiagnostics(document: LangiumDocument, report: MeasuredResult, isStale: boolean): Diagnostic[] {
  const ranges = limitRanges(document);
  return report.sla
    .filter((sla) => isSameFile(document.uri, sla.file))
    .flatMap((sla) =>
      toDiagnostic(sla, ranges.get(sla.text) ?? (isStale ? undefined : recordedRange(sla)), report, isStale),
    );
}

function toDiagnostic(
  sla: SlaResult,
  range: Range | undefined,
  report: MeasuredResult,
  isStale: boolean,
): Diagnostic[] {
  if (range === undefined || (sla.verdict !== 'breached' && sla.verdict !== 'undecided')) return [];
  const measured = {
    text: sla.text,
    actual: actualText(sla),
    when: `${report.run.startedAt.slice(0, 16).replace('T', ' ')} UTC`,
  };
  if (isStale)
    return [
      diagnostic(
        'BENCH0003',
        range,
        DIAGNOSTICS.BENCH0003.message({ ...measured, verdict: sla.verdict }),
        DiagnosticSeverity.Information,
      ),
    ];
  if (sla.verdict === 'breached')
    return [diagnostic('BENCH0001', range, DIAGNOSTICS.BENCH0001.message(measured), DiagnosticSeverity.Error)];
  return [
    diagnostic(
      'BENCH0002',
      range,
      DIAGNOSTICS.BENCH0002.message({ ...measured, note: sla.note }),
      DiagnosticSeverity.Warning,
    ),
  ];
}

function diagnostic(code: DiagnosticCode, range: Range, message: string, severity: DiagnosticSeverity): Diagnostic {
  return { range, message, severity, code, source: DIAGNOSTIC_SOURCE };
}

function actualText(sla: SlaResult): string {
  return sla.actual === undefined ? 'nothing' : formatMeasured(sla.actual, sla.unit);
}

/** Where each limit stands now, by its text with white space folded. */
function limitRanges(document: LangiumDocument): ReadonlyMap<string, Range> {
  const ranges = new Map<string, Range>();
  for (const node of AstUtils.streamAst(document.parseResult.value)) {
    const cst = isLimit(node) ? node.$cstNode : undefined;
    if (cst !== undefined) ranges.set(cst.text.replace(/\s+/g, ' '), cst.range);
  }
  return ranges;
}

function recordedRange(sla: SlaResult): Range {
  return {
    start: { line: sla.line - 1, character: sla.column - 1 },
    end: { line: sla.endLine - 1, character: sla.endColumn - 1 },
  };
}

function isSameFile(uri: URI, file: string): boolean {
  return uri.scheme === 'file' && (uri.fsPath === file || uri.path === file);
}
