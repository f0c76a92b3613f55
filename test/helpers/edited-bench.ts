/** A file under the fingers of somebody who types, as the language server holds it; and random edits to type. */
import type { AstNode, CstNode, LangiumDocument } from 'langium';
import { TextDocument, URI } from 'langium';
import fc from 'fast-check';
import { BenchFileSystemProvider, type LanguageFileSystem } from '../../src/language/file-system.ts';
import { createBenchServices, type BenchServices } from '../../src/language/lsp/lsp-module.ts';
import { memoryFiles } from './memory-files.ts';

export interface Editor {
  readonly services: BenchServices;
  document(name: string): LangiumDocument;
  /** Gives the file of that name this text and waits until everything is known of it. */
  type(name: string, text: string): Promise<void>;
  /** Forgets everything that was typed. */
  closeAll(): Promise<void>;
}

export function openEditor(files: LanguageFileSystem = memoryFiles({})): Editor {
  const { shared, bench } = createBenchServices({
    fileSystemProvider: () => new BenchFileSystemProvider(files),
  });
  const { DocumentBuilder, LangiumDocuments, TextDocuments } = shared.workspace;
  DocumentBuilder.updateBuildOptions = { validation: { categories: ['built-in', 'fast'] } };
  const uriOf = (name: string): URI => URI.file(`/scenario/${name}`);
  let version = 0;
  return {
    services: bench,
    document(name) {
      const document = LangiumDocuments.getDocument(uriOf(name));
      if (document === undefined) throw new Error(`${name} is not open`);
      return document;
    },
    async type(name, text) {
      TextDocuments.set(TextDocument.create(uriOf(name).toString(), 'bench', ++version, text));
      await shared.workspace.WorkspaceLock.write((token) => DocumentBuilder.update([uriOf(name)], [], token));
    },
    async closeAll() {
      const uris = LangiumDocuments.all.map(({ uri }) => uri).toArray();
      for (const uri of uris) TextDocuments.delete(uri.toString());
      await DocumentBuilder.update([], uris);
    },
  };
}

export interface Edit {
  /** Place and length as shares of the text, so that an edit fits any text. */
  readonly at: number;
  readonly removed: number;
  readonly added: string;
}

export function applyEdit(text: string, { at, removed, added }: Edit): string {
  const from = Math.floor(at * text.length);
  return text.slice(0, from) + added + text.slice(from + removed);
}

/** What people type, paste and delete, with a liking for what changes the meaning of everything behind it. */
export function edits(sources: readonly string[]): fc.Arbitrary<Edit> {
  const pieces = [...new Set(sources.flatMap((each) => each.match(/"[^"\n]*"|[\w.%-]+|[^\s\w]/g) ?? []))];
  const lines = sources.flatMap((each) => each.split('\n')).map((line) => `${line}\n`);
  const signs = [
    '"',
    '"""',
    '/*',
    '*/',
    '//',
    '{',
    '}',
    '${',
    '(',
    ')',
    '[',
    '\n',
    '\r\n',
    ' ',
    '→',
    '.',
    '-',
    '1',
    'rps',
  ];
  const starts = ['param p = 1\n', 'load l {', 'import "./other.bench"\n', 'benchmark b { on x }\n', '\nsla s { }\n'];
  return fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    removed: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(4), { weight: 1, arbitrary: fc.nat(300) }),
    added: fc.oneof(
      fc.constantFrom(...signs),
      fc.constantFrom(...pieces),
      fc.constantFrom(...lines),
      fc.constantFrom(...starts),
      fc.constant(''),
    ),
  });
}

/** Everything a parser found, as text. */
export function describeParse({ value, parserErrors, lexerErrors }: LangiumDocument['parseResult']): unknown {
  return {
    tree: describeNode(value),
    nodes: value.$cstNode === undefined ? [] : describeCst(value.$cstNode),
    parserErrors: parserErrors.map(({ message, token, ...more }) => ({
      message,
      at: [token.startOffset, token.endOffset, token.startLine, token.startColumn, token.image],
      before: (more as { previousToken?: typeof token }).previousToken?.endOffset,
    })),
    lexerErrors: [...lexerErrors],
  };
}

function describeNode(node: AstNode): unknown {
  const properties = Object.entries(node)
    .filter(([name]) => !name.startsWith('$'))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => [name, Array.isArray(value) ? value.map(describeValue) : describeValue(value)]);
  const { $type, $cstNode, $containerProperty, $containerIndex } = node;
  return [$type, $containerProperty, $containerIndex, $cstNode?.offset, $cstNode?.end, properties];
}

function describeValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$refText' in value)
    return [value.$refText, ('$refNode' in value ? (value.$refNode as CstNode) : undefined)?.range];
  return describeNode(value as AstNode);
}

function describeCst(node: CstNode): unknown {
  const { offset, end, range, hidden } = node;
  const own = [offset, end, range, hidden, node.grammarSource?.$type, node.astNode.$type];
  return 'content' in node ? [...own, (node.content as CstNode[]).map(describeCst)] : own;
}
