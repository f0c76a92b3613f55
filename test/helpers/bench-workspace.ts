/** A workspace of several files without a wire: what an editor asks at a `<|>` in one of them, and what its edits make of the texts. */
import { EmptyFileSystem, TextDocument, URI, type LangiumDocument } from 'langium';
import {
  ResponseError,
  type CodeAction,
  type CompletionItem,
  type Diagnostic,
  type Position,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol';
import { BenchFileSystemProvider } from '../../src/language/file-system.ts';
import { selectionRangeAt } from '../../src/language/lsp/selection-ranges.ts';
import { createBenchServices } from '../../src/language/lsp/lsp-module.ts';
import { memoryFiles } from './memory-files.ts';

const CURSOR = '<|>';
/** By path below `/work/`. */
export type Files = Readonly<Record<string, string>>;

export class BenchWorkspace {
  readonly shared;
  readonly bench;
  readonly #files: Files;
  document!: LangiumDocument;
  offset = 0;

  private constructor(files: Files) {
    this.#files = files;
    const onDisk = Object.fromEntries(Object.entries(files).map(([name, text]) => [pathOf(name), plain(text)]));
    const services = createBenchServices({
      ...EmptyFileSystem,
      fileSystemProvider: () => new BenchFileSystemProvider(memoryFiles(onDisk)),
    });
    this.shared = services.shared;
    this.bench = services.bench;
  }

  /** The first file is the open one unless another has the cursor. */
  static async open(files: Files): Promise<BenchWorkspace> {
    const workspace = new BenchWorkspace(files);
    const { LangiumDocuments, DocumentBuilder } = workspace.shared.workspace;
    const scenarios = Object.entries(files).filter(([name]) => name.endsWith('.bench'));
    const documents = scenarios.map(([name, text]) =>
      LangiumDocuments.createDocument(URI.file(pathOf(name)), plain(text)),
    );
    await DocumentBuilder.build(documents, { validation: true });
    const index = Math.max(
      0,
      scenarios.findIndex(([, text]) => text.includes(CURSOR)),
    );
    const [, text = ''] = scenarios[index] ?? [];
    const [document] = documents.slice(index);
    if (document === undefined) throw new Error('a workspace has at least one scenario');
    workspace.document = document;
    workspace.offset = Math.max(0, text.indexOf(CURSOR));
    return workspace;
  }

  get position(): Position {
    return this.document.textDocument.positionAt(this.offset);
  }

  get at(): { textDocument: { uri: string }; position: Position } {
    return { textDocument: { uri: this.document.uri.toString() }, position: this.position };
  }

  /** Texts after an edit, of the files it changes, by name. */
  apply(edit: WorkspaceEdit | undefined): Record<string, string> {
    const changed: Record<string, string> = {};
    for (const [uri, edits] of Object.entries(edit?.changes ?? {})) {
      const name = URI.parse(uri).path.replace('/work/', '');
      changed[name] = applyEdits(plain(this.#files[name] ?? ''), edits);
    }
    return changed;
  }
}

function pathOf(name: string): string {
  return `/work/${name}`;
}

function plain(text: string): string {
  return text.replace(CURSOR, '');
}

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return TextDocument.applyEdits(TextDocument.create('file:///x', 'bench', 0, text), [...edits]);
}

/** The changed files after renaming what is at the cursor, or why that was refused. */
export async function renameIn(files: Files, newName: string): Promise<Record<string, string> | string> {
  const workspace = await BenchWorkspace.open(files);
  const provider = workspace.bench.lsp.RenameProvider;
  try {
    return workspace.apply((await provider?.rename(workspace.document, { ...workspace.at, newName })) ?? undefined);
  } catch (error) {
    if (error instanceof ResponseError) return error.message;
    throw error;
  }
}

/** What would be renamed: its text, `undefined` for nothing, or why it is refused. */
export async function renamableAt(files: Files): Promise<string | undefined> {
  const workspace = await BenchWorkspace.open(files);
  try {
    const range = await workspace.bench.lsp.RenameProvider?.prepareRename(workspace.document, workspace.at);
    return range === undefined ? undefined : workspace.document.textDocument.getText(range);
  } catch (error) {
    if (error instanceof ResponseError) return error.message;
    throw error;
  }
}

/** Places that refer to what is at the cursor, as `file:line`, declaration included. */
export async function referencesIn(files: Files): Promise<readonly string[]> {
  const workspace = await BenchWorkspace.open(files);
  const found = await workspace.bench.lsp.ReferencesProvider?.findReferences(workspace.document, {
    ...workspace.at,
    context: { includeDeclaration: true },
  });
  return (found ?? []).map(({ uri, range }) => `${fileOf(uri)}:${range.start.line + 1}`).sort();
}

/** Where the name at the cursor is declared, as `file:line`. */
export async function definitionIn(files: Files): Promise<readonly string[]> {
  const workspace = await BenchWorkspace.open(files);
  const found = await workspace.bench.lsp.DefinitionProvider?.getDefinition(workspace.document, workspace.at);
  return (found ?? []).map(({ targetUri, targetRange }) => `${fileOf(targetUri)}:${targetRange.start.line + 1}`);
}

/** Texts of what is highlighted together with the word at the cursor, by `line:column`. */
export async function highlightsAt(marked: string): Promise<readonly string[]> {
  const workspace = await BenchWorkspace.open({ 'main.bench': marked });
  const found = await workspace.bench.lsp.DocumentHighlightProvider?.getDocumentHighlight(
    workspace.document,
    workspace.at,
  );
  return (found ?? []).map(({ range }) => `${range.start.line + 1}:${range.start.character + 1}`).sort();
}

export async function workspaceSymbolsIn(files: Files, query: string): Promise<readonly string[]> {
  const { shared } = await BenchWorkspace.open(files);
  const found = (await shared.lsp.WorkspaceSymbolProvider?.getSymbols({ query })) ?? [];
  return found.map(({ name, location }) => `${name} in ${fileOf(location.uri)}`).sort();
}

/** Each signature with the active parameter in brackets, `*` before the active signature; empty when there is none. */
export async function signaturesAt(
  marked: string,
): Promise<{ readonly shown: readonly string[]; readonly doc: string }> {
  const workspace = await BenchWorkspace.open({ 'main.bench': marked });
  const help = await workspace.bench.lsp.SignatureHelp?.provideSignatureHelp(workspace.document, workspace.at);
  const doc = (help?.signatures[0]?.documentation as { value?: string } | undefined)?.value ?? '';
  const shown = (help?.signatures ?? []).map(({ label, parameters }, index) => {
    if (index !== help?.activeSignature) return label;
    const [start, end] = (parameters ?? [])[help.activeParameter ?? 0]?.label ?? [0, 0];
    if (typeof start !== 'number' || typeof end !== 'number') return label;
    return `*${label.slice(0, start)}[${label.slice(start, end)}]${label.slice(end)}`;
  });
  return { shown, doc };
}

/** The texts that "expand selection" selects, one after the other. */
export async function selectionsAt(marked: string): Promise<readonly string[]> {
  const { document, position } = await BenchWorkspace.open({ 'main.bench': marked });
  const found: string[] = [];
  for (
    let range = selectionRangeAt(document, position) as ReturnType<typeof selectionRangeAt> | undefined;
    range !== undefined;
    range = range.parent
  )
    found.push(document.textDocument.getText(range.range));
  return found;
}

/** Folds as `first-last kind`, lines from 1. */
export async function foldsOf(text: string): Promise<readonly string[]> {
  const { document, bench } = await BenchWorkspace.open({ 'main.bench': text });
  const found =
    (await bench.lsp.FoldingRangeProvider?.getFoldingRanges(document, { textDocument: document.textDocument })) ?? [];
  return found.map(
    ({ startLine, endLine, kind }) => `${startLine + 1}-${endLine + 1}${kind === undefined ? '' : ` ${kind}`}`,
  );
}

/** The text after `typed` was typed at the cursor and formatting on type did its work. */
export async function formattedOnType(marked: string, typed: string): Promise<string> {
  const text = marked.replace(CURSOR, typed + CURSOR);
  const workspace = await BenchWorkspace.open({ 'main.bench': text });
  const edits = await workspace.bench.lsp.Formatter?.formatDocumentOnType?.(workspace.document, {
    ...workspace.at,
    ch: typed,
    options: { tabSize: 2, insertSpaces: true },
  });
  return applyEdits(plain(text), edits ?? []);
}

/** Markdown of the hover at the cursor; empty when there is none. */
export async function hoverIn(files: Files): Promise<string> {
  const workspace = await BenchWorkspace.open(files);
  const hover = await workspace.bench.lsp.HoverProvider?.getHoverContent(workspace.document, workspace.at);
  return (hover?.contents as { value?: string } | undefined)?.value ?? '';
}

/** Proposals at the cursor. `asks`: the client can ask servers for their models. */
export async function completionsIn(files: Files, asks = false): Promise<readonly CompletionItem[]> {
  const workspace = await BenchWorkspace.open(files);
  workspace.bench.names.ModelQuestions.isOffered = asks;
  return (await workspace.bench.lsp.CompletionProvider?.getCompletion(workspace.document, workspace.at))?.items ?? [];
}

/** Code lenses as `line: title → command`, lines from 1. */
export async function lensesIn(files: Files): Promise<readonly string[]> {
  const { document, bench } = await BenchWorkspace.open(files);
  const found =
    (await bench.lsp.CodeLensProvider?.provideCodeLens(document, { textDocument: document.textDocument })) ?? [];
  return found.map(({ range, command }) => {
    const name = command?.command.replace('benchwright.', '') ?? '';
    return `${range.start.line + 1}: ${command?.title ?? ''}${name === '' ? '' : ` → ${name}`}`;
  });
}

/** Code actions at the cursor, or with the diagnostics of the whole file; each with what it makes of the open file. */
export async function actionsIn(
  files: Files,
  ask: { readonly only?: readonly string[]; readonly about?: (diagnostic: Diagnostic) => boolean } = {},
): Promise<readonly { readonly title: string; readonly isPreferred: boolean; readonly text: string }[]> {
  const workspace = await BenchWorkspace.open(files);
  const { document } = workspace;
  const name = fileOf(document.uri.toString());
  const diagnostics = (document.diagnostics ?? []).filter(ask.about ?? (() => true));
  const found = await workspace.bench.lsp.CodeActionProvider?.getCodeActions(document, {
    textDocument: document.textDocument,
    range: { start: workspace.position, end: workspace.position },
    context: { diagnostics, ...(ask.only === undefined ? {} : { only: [...ask.only] }) },
  });
  return ((found ?? []) as CodeAction[]).map(({ title, isPreferred, edit }) => ({
    title,
    isPreferred: isPreferred === true,
    text: workspace.apply(edit)[name] ?? '',
  }));
}

/** Diagnostics of the open file as `line code message`. */
export async function problemsIn(
  files: Files,
): Promise<readonly { readonly code: string; readonly line: number; readonly severity: number }[]> {
  const { document } = await BenchWorkspace.open(files);
  return (document.diagnostics ?? []).map(({ code, range, severity }) => ({
    code: String(code),
    line: range.start.line + 1,
    severity: severity ?? 1,
  }));
}

/** Asks everything an editor asks, with the cursor at the end of the text and at its middle; the names of what was asked. */
export async function askEverything(text: string): Promise<readonly string[]> {
  const workspace = await BenchWorkspace.open({ 'main.bench': `${text}${CURSOR}` });
  const { document, bench } = workspace;
  bench.names.ModelQuestions.isOffered = true;
  const { textDocument } = document;
  const end = textDocument.positionAt(text.length);
  const range = { start: { line: 0, character: 0 }, end };
  const asked: string[] = [];
  for (const offset of [text.length, Math.floor(text.length / 2)]) {
    workspace.offset = offset;
    const { at, position } = workspace;
    const { lsp } = bench;
    const context = { diagnostics: document.diagnostics ?? [] };
    const answers: Record<string, unknown> = {
      completion: await lsp.CompletionProvider?.getCompletion(document, at),
      hover: await lsp.HoverProvider?.getHoverContent(document, at),
      signature: await lsp.SignatureHelp?.provideSignatureHelp(document, at),
      selection: selectionRangeAt(document, position),
      folds: await lsp.FoldingRangeProvider?.getFoldingRanges(document, at),
      symbols: await lsp.DocumentSymbolProvider?.getSymbols(document, at),
      tokens: await lsp.SemanticTokenProvider?.semanticHighlight(document, at),
      hints: await lsp.InlayHintProvider?.getInlayHints(document, { ...at, range }),
      lenses: await lsp.CodeLensProvider?.provideCodeLens(document, at),
      links: await lsp.DocumentLinkProvider?.getDocumentLinks(document, at),
      highlights: await lsp.DocumentHighlightProvider?.getDocumentHighlight(document, at),
      definition: await lsp.DefinitionProvider?.getDefinition(document, at),
      references: await lsp.ReferencesProvider?.findReferences(document, {
        ...at,
        context: { includeDeclaration: true },
      }),
      rename: await lsp.RenameProvider?.prepareRename(document, at),
      actions: await lsp.CodeActionProvider?.getCodeActions(document, {
        ...at,
        range: { start: position, end: position },
        context,
      }),
      tidied: await lsp.CodeActionProvider?.getCodeActions(document, {
        ...at,
        range: { start: position, end: position },
        context: { ...context, only: ['source'] },
      }),
      format: await lsp.Formatter?.formatDocument(document, { ...at, options: { tabSize: 2, insertSpaces: true } }),
    };
    asked.push(...Object.keys(answers));
  }
  return asked;
}

function fileOf(uri: string): string {
  return URI.parse(uri).path.replace('/work/', '');
}
