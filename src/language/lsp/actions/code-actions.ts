import { UriUtils, type LangiumDocument, type Lexer } from 'langium';
import type { CodeActionProvider, LangiumServices } from 'langium/lsp';
import {
  CodeActionKind,
  type CodeAction,
  type CodeActionParams,
  type Diagnostic,
  type TextEdit,
} from 'vscode-languageserver-protocol';
import { isDiagnosticCode, type DiagnosticCode } from '../../validation/diagnostics.ts';
import type { ImportableNames } from '../importable-names.ts';
import { convertedUnits } from './convert-units.ts';
import { fixesOf } from './fixes.ts';
import { extractInline, inlineDeclaration } from './inline-blocks.ts';
import { organizedImports } from './organize-imports.ts';
import { Problem, type Fix, type FixSurroundings } from './problem.ts';

/** Safe to apply without asking: each has one fix, and it changes no meaning. */
const SAFE: ReadonlySet<DiagnosticCode> = new Set(['BENCH1008', 'BENCH2013', 'BENCH3001']);

/** Quick fixes of diagnostics, changes of form that keep the meaning, and what tidies a whole file. */
export class BenchCodeActionProvider implements CodeActionProvider {
  readonly #lexer: Lexer;
  readonly #names: ImportableNames;
  readonly #files: LangiumServices['shared']['workspace']['FileSystemProvider'];
  readonly #references: LangiumServices['references']['References'];

  constructor(services: LangiumServices, names: ImportableNames) {
    this.#lexer = services.parser.Lexer;
    this.#names = names;
    this.#files = services.shared.workspace.FileSystemProvider;
    this.#references = services.references.References;
  }

  async getCodeActions(document: LangiumDocument, { context, range }: CodeActionParams): Promise<CodeAction[]> {
    const { only, diagnostics } = context;
    const wants = (kind: string): boolean =>
      only === undefined
        ? !kind.startsWith(CodeActionKind.Source)
        : only.some((each) => each === '' || kind === each || kind.startsWith(`${each}.`));
    const offset = document.textDocument.offsetAt(range.start);
    return [
      ...(wants(CodeActionKind.QuickFix) ? await this.#quickFixes(document, diagnostics) : []),
      ...(wants(CodeActionKind.RefactorExtract)
        ? toActions(extractInline(document, offset), CodeActionKind.RefactorExtract, document)
        : []),
      ...(wants(CodeActionKind.RefactorInline)
        ? toActions(inlineDeclaration(document, offset, this.#references), CodeActionKind.RefactorInline, document)
        : []),
      ...(wants(CodeActionKind.RefactorRewrite)
        ? toActions(convertedUnits(document, offset, this.#lexer), CodeActionKind.RefactorRewrite, document)
        : []),
      ...(wants(CodeActionKind.SourceOrganizeImports)
        ? toActions(organizedImports(document), CodeActionKind.SourceOrganizeImports, document)
        : []),
      ...(wants(CodeActionKind.SourceFixAll) ? await this.#fixAll(document) : []),
    ];
  }

  async #quickFixes(document: LangiumDocument, diagnostics: readonly Diagnostic[]): Promise<CodeAction[]> {
    const actions: CodeAction[] = [];
    for (const diagnostic of diagnostics) {
      const { code } = diagnostic;
      if (!isDiagnosticCode(code)) continue;
      const fixes = await fixesOf(new Problem(code, diagnostic, document, this.#around(document)), this.#lexer);
      actions.push(...toActions(fixes, CodeActionKind.QuickFix, document, diagnostic));
    }
    return actions;
  }

  async #fixAll(document: LangiumDocument): Promise<CodeAction[]> {
    const safe = (document.diagnostics ?? []).filter(({ code }) => isDiagnosticCode(code) && SAFE.has(code));
    const edits: TextEdit[] = [];
    for (const diagnostic of safe) {
      const problem = new Problem(diagnostic.code as DiagnosticCode, diagnostic, document, this.#around(document));
      const fixes = await fixesOf(problem, this.#lexer);
      edits.push(...(fixes.find((each) => each.isPreferred === true)?.edits ?? []));
    }
    const title = 'Fix units, escapes and imports of this file';
    return edits.length === 0 ? [] : toActions([{ title, edits }], CodeActionKind.SourceFixAll, document);
  }

  #around(document: LangiumDocument): FixSurroundings {
    return {
      importsOffering: (type, name) => [
        ...new Set(
          this.#names
            .all(document, type)
            .filter((each) => each.name === name)
            .map(({ path }) => path),
        ),
      ],
      importablePaths: () => this.#names.paths(document),
      namesHere: (type) => this.#names.known(document, type),
      filesIn: async (folder) => {
        try {
          const entries = await this.#files.readDirectory(UriUtils.resolvePath(UriUtils.dirname(document.uri), folder));
          return entries.filter(({ isFile }) => isFile).map(({ uri }) => UriUtils.basename(uri));
        } catch {
          return [];
        }
      },
    };
  }
}

function toActions(
  fixes: readonly Fix[],
  kind: CodeActionKind,
  document: LangiumDocument,
  diagnostic?: Diagnostic,
): CodeAction[] {
  return fixes.map(({ title, edits, isPreferred }) => ({
    title,
    kind,
    ...(diagnostic === undefined ? {} : { diagnostics: [diagnostic] }),
    ...(isPreferred === true ? { isPreferred } : {}),
    edit: { changes: { [document.uri.toString()]: [...edits] } },
  }));
}
