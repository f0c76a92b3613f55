/** A language server without a wire: the editor's questions at a `<|>` in a text. The only place of the tests that touches these APIs. */
import { EmptyFileSystem, EmptyFileSystemProvider, URI, type LangiumDocument } from 'langium';
import { clearDocuments } from 'langium/test';
import type { CompletionItem, DocumentSymbol } from 'vscode-languageserver-protocol';
import { REPORT_SCHEMA } from '../../src/contract/report.ts';
import { sourceSha256 } from '../../src/language/compile.ts';
import { formatText } from '../../src/language/lsp/formatter.ts';
import { createBenchServices } from '../../src/language/lsp/lsp-module.ts';

const { shared, bench } = createBenchServices(EmptyFileSystem);
const CURSOR = '<|>';

async function open(marked: string): Promise<{ document: LangiumDocument; offset: number }> {
  await clearDocuments(shared);
  const offset = marked.indexOf(CURSOR);
  const uri = URI.parse('file:///scenario.bench');
  const document = shared.workspace.LangiumDocumentFactory.fromString(marked.replace(CURSOR, ''), uri);
  shared.workspace.LangiumDocuments.addDocument(document);
  await shared.workspace.DocumentBuilder.build([document], { validation: false });
  return { document, offset };
}

/** Proposals at the cursor, best first. */
export async function completionsAt(marked: string): Promise<readonly CompletionItem[]> {
  const { document, offset } = await open(marked);
  const position = document.textDocument.positionAt(offset);
  const list = await bench.lsp.CompletionProvider?.getCompletion(document, {
    textDocument: document.textDocument,
    position,
  });
  return list?.items ?? [];
}

/** Markdown of the hover at the cursor; empty when there is none. */
export async function hoverAt(marked: string): Promise<string> {
  const { document, offset } = await open(marked);
  const position = document.textDocument.positionAt(offset);
  const hover = await bench.lsp.HoverProvider?.getHoverContent(document, {
    textDocument: document.textDocument,
    position,
  });
  return (hover?.contents as { value?: string } | undefined)?.value ?? '';
}

/** The outline as nested names. */
export async function outlineOf(text: string): Promise<readonly string[]> {
  const { document } = await open(text);
  const symbols =
    (await bench.lsp.DocumentSymbolProvider?.getSymbols(document, { textDocument: document.textDocument })) ?? [];
  const flatten = (each: DocumentSymbol, prefix: string): string[] => [
    prefix + each.name,
    ...(each.children ?? []).flatMap((child) => flatten(child, `${prefix}${each.name}/`)),
  ];
  return symbols.flatMap((each) => flatten(each, ''));
}

export async function lensTitlesOf(text: string): Promise<readonly string[]> {
  const { document } = await open(text);
  const lenses =
    (await bench.lsp.CodeLensProvider?.provideCodeLens(document, { textDocument: document.textDocument })) ?? [];
  return lenses.map((lens) => `${lens.range.start.line}: ${lens.command?.title ?? ''}`);
}

/** Inlay hints as `line: label`, by line. */
export async function inlayHintsOf(text: string): Promise<readonly string[]> {
  const { document } = await open(text);
  const range = { start: { line: 0, character: 0 }, end: { line: document.textDocument.lineCount, character: 0 } };
  const hints =
    (await bench.lsp.InlayHintProvider?.getInlayHints(document, { textDocument: document.textDocument, range })) ?? [];
  return hints
    .toSorted(
      (left, right) => left.position.line - right.position.line || left.position.character - right.position.character,
    )
    .map((hint) => `${hint.position.line}: ${hint.label as string}`);
}

export async function linksOf(text: string): Promise<readonly string[]> {
  const { document } = await open(text);
  const links =
    (await bench.lsp.DocumentLinkProvider?.getDocumentLinks(document, { textDocument: document.textDocument })) ?? [];
  return links.map((link) => link.target ?? '');
}

/** The text after renaming the symbol at the cursor. */
export async function renamed(marked: string, newName: string): Promise<string> {
  const { document, offset } = await open(marked);
  const { textDocument } = document;
  const position = textDocument.positionAt(offset);
  const edit = await bench.lsp.RenameProvider?.rename(document, { textDocument, position, newName });
  const edits = [...(edit?.changes?.[document.uri.toString()] ?? [])];
  edits.sort((left, right) => textDocument.offsetAt(right.range.start) - textDocument.offsetAt(left.range.start));
  return edits.reduce(
    (text, each) =>
      text.slice(0, textDocument.offsetAt(each.range.start)) +
      each.newText +
      text.slice(textDocument.offsetAt(each.range.end)),
    textDocument.getText(),
  );
}

/** Text of the declaration the name at the cursor leads to. */
export async function definitionAt(marked: string): Promise<string> {
  const { document, offset } = await open(marked);
  const position = document.textDocument.positionAt(offset);
  const links =
    (await bench.lsp.DefinitionProvider?.getDefinition(document, { textDocument: document.textDocument, position })) ??
    [];
  return links.map((link) => document.textDocument.getText(link.targetSelectionRange)).join(',');
}

export function format(text: string): string {
  return formatText(text, bench.parser.Lexer);
}

/** Semantic token types in order of appearance, with their text. */
export async function semanticTokensOf(text: string): Promise<readonly string[]> {
  const { document } = await open(text);
  const provider = bench.lsp.SemanticTokenProvider;
  const data = (await provider?.semanticHighlight(document, { textDocument: document.textDocument }))?.data ?? [];
  const types = Object.entries(provider?.tokenTypes ?? {});
  const found: string[] = [];
  let line = 0;
  let character = 0;
  for (let index = 0; index < data.length; index += 5) {
    const [lines = 0, characters = 0, length = 0, type = 0] = data.slice(index, index + 5);
    line += lines;
    character = lines === 0 ? character + characters : characters;
    const start = { line, character };
    const word = document.textDocument.getText({ start, end: { line, character: character + length } });
    found.push(`${word}:${types.find(([, number]) => number === type)?.[0] ?? '?'}`);
  }
  return found;
}

/** Diagnostics of the last run as `line:char-line:char severity code message`, for a scenario with a result beside it. */
export async function resultDiagnosticsOf(given: {
  readonly scenario: string;
  /** The text that was run. */
  readonly ran: string;
  readonly sla: readonly object[];
  readonly latest?: string;
}): Promise<readonly string[]> {
  const file = '/work/s.bench';
  const report = {
    schema: REPORT_SCHEMA,
    run: { benchmark: 'run', file, textSha256: await sourceSha256([given.ran]), startedAt: '2026-11-21T10:00:00Z' },
    sla: given.sla,
  };
  const files: Readonly<Record<string, string>> = {
    [`${file}.results/latest.json`]: given.latest ?? JSON.stringify({ directory: 'newest' }),
    [`${file}.results/newest/report.json`]: JSON.stringify(report),
  };
  const services = createBenchServices({ fileSystemProvider: () => new MemoryFileSystem(files) });
  const document = services.shared.workspace.LangiumDocuments.createDocument(URI.file(file), given.scenario);
  await services.shared.workspace.DocumentBuilder.build([document], { validation: true });
  const severities = ['', 'error', 'warning', 'info', 'hint'];
  return (document.diagnostics ?? [])
    .filter((each) => String(each.code).startsWith('BENCH0'))
    .map(({ range: { start, end }, severity, code, message }) => {
      const place = `${start.line}:${start.character}-${end.line}:${end.character}`;
      return `${place} ${severities[severity ?? 0] ?? ''} ${String(code)} ${typeof message === 'string' ? message : message.value}`;
    });
}

class MemoryFileSystem extends EmptyFileSystemProvider {
  readonly #files: Readonly<Record<string, string>>;

  constructor(files: Readonly<Record<string, string>>) {
    super();
    this.#files = files;
  }

  override async readBinary(uri?: URI): Promise<Uint8Array> {
    const text = this.#files[uri?.path ?? ''];
    if (text === undefined) throw new Error(`no file ${uri?.path ?? ''}`);
    return new TextEncoder().encode(text);
  }
}
