import type { LangiumDocument } from 'langium';
import type { CodeActionProvider } from 'langium/lsp';
import {
  CodeActionKind,
  type CodeAction,
  type CodeActionParams,
  type Diagnostic,
  type TextEdit,
} from 'vscode-languageserver-protocol';
import { isDiagnosticCode, type DiagnosticCode } from '../validation/diagnostics.ts';

interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}
type Facts = Readonly<Record<string, unknown>>;

/** Fixes by code; each gets the diagnostic, the facts of its message and the document. */
const FIXES: Partial<
  Record<DiagnosticCode, (diagnostic: Diagnostic, facts: Facts, document: LangiumDocument) => Fix | undefined>
> = {
  BENCH2008: (diagnostic, _facts, document) => ({
    title: 'Remove the unused import',
    edits: [removeLines(diagnostic, document)],
  }),
  BENCH2013: (diagnostic, _facts, document) => ({
    title: 'Remove the second import',
    edits: [removeLines(diagnostic, document)],
  }),
  BENCH3003: (diagnostic, facts) => ({
    title: `Write \`${String(facts['number'])} ${String(facts['unit'])}\``,
    edits: [{ range: diagnostic.range, newText: `${String(facts['number'])} ${String(facts['unit'])}` }],
  }),
  BENCH8001: (diagnostic) => ({
    title: 'Refer to a secret instead: secret("API_KEY")',
    edits: [{ range: diagnostic.range, newText: 'secret("API_KEY")' }],
  }),
};

/** Quick fixes: did-you-mean for every code that knows a nearest name, and the fixes of single codes. */
export class BenchCodeActionProvider implements CodeActionProvider {
  getCodeActions(document: LangiumDocument, params: CodeActionParams): CodeAction[] {
    return params.context.diagnostics.flatMap((diagnostic) => {
      const { code } = diagnostic;
      if (!isDiagnosticCode(code)) return [];
      const facts = factsOf(diagnostic);
      const fixes = [suggested(diagnostic, facts, document), FIXES[code]?.(diagnostic, facts, document)];
      return fixes.filter((fix) => fix !== undefined).map((fix) => toAction(fix, diagnostic, document));
    });
  }
}

function suggested(diagnostic: Diagnostic, facts: Facts, document: LangiumDocument): Fix | undefined {
  const { suggestion, name, unit } = facts;
  if (typeof suggestion !== 'string') return undefined;
  const written = document.textDocument.getText(diagnostic.range);
  const wrong = [unit, name].find((each): each is string => typeof each === 'string' && written.includes(each));
  // A unit is one token with its number: only the unit is replaced.
  const newText =
    wrong === undefined
      ? suggestion
      : written.slice(0, written.lastIndexOf(wrong)) +
        suggestion +
        written.slice(written.lastIndexOf(wrong) + wrong.length);
  return { title: `Change to \`${suggestion}\``, edits: [{ range: diagnostic.range, newText }] };
}

function toAction(fix: Fix, diagnostic: Diagnostic, document: LangiumDocument): CodeAction {
  return {
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    isPreferred: true,
    edit: { changes: { [document.uri.toString()]: [...fix.edits] } },
  };
}

function removeLines(diagnostic: Diagnostic, document: LangiumDocument): TextEdit {
  const { start, end } = diagnostic.range;
  const lineCount = document.textDocument.lineCount;
  const next = end.line + 1 < lineCount ? { line: end.line + 1, character: 0 } : end;
  return { range: { start: { line: start.line, character: 0 }, end: next }, newText: '' };
}

function factsOf(diagnostic: Diagnostic): Facts {
  const data = diagnostic.data as { props?: Facts } | undefined;
  return data?.props ?? {};
}
