import { UriUtils, type AstNode, type LangiumDocument, type LangiumDocuments, type Lexer } from 'langium';
import type { CompletionProvider, CompletionProviderOptions, LangiumServices } from 'langium/lsp';
import {
  CompletionItemKind,
  InsertTextFormat,
  MarkupKind,
  type CompletionItem,
  type CompletionList,
  type CompletionParams,
  type Range,
} from 'vscode-languageserver-protocol';
import type { OptionType, SeriesEntry } from '../../contract/catalog/describe.ts';
import { isMonitor } from '../ast.ts';
import { pieceAround } from '../parser/units.ts';
import { benchFileOf, importTargets } from '../references/imports.ts';
import { monitorSourceOf } from '../schema/property-entry.ts';
import { contextAt } from './block-context.ts';
import { fitsAs } from './fitting-params.ts';
import { importEdit } from './import-edit.ts';
import type { BenchServices } from './lsp-module.ts';
import type { ModelQuestions } from './model-questions.ts';
import type { NamesInScope, Proposal } from './proposal.ts';
import { proposalsFor } from './proposals.ts';

const KINDS: Readonly<Record<Proposal['kind'], CompletionItemKind>> = {
  keyword: CompletionItemKind.Keyword,
  property: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  unit: CompletionItemKind.Unit,
  metric: CompletionItemKind.Field,
  statistic: CompletionItemKind.Operator,
  function: CompletionItemKind.Function,
  name: CompletionItemKind.Reference,
  file: CompletionItemKind.File,
};

/** Completion from the tokens before the cursor and the catalog: it does not need the file to parse. */
export class BenchCompletionProvider implements CompletionProvider {
  readonly completionOptions: CompletionProviderOptions = { triggerCharacters: [' ', '.', '"', '/', '(', '<', '>'] };
  readonly #lexer: Lexer;
  readonly #names: BenchServices['names']['ImportableNames'];
  readonly #documents: LangiumDocuments;
  readonly #models: ModelQuestions;
  readonly #files: LangiumServices['shared']['workspace']['FileSystemProvider'];

  constructor(services: BenchServices) {
    this.#lexer = services.parser.Lexer;
    this.#names = services.names.ImportableNames;
    this.#documents = services.shared.workspace.LangiumDocuments;
    this.#models = services.names.ModelQuestions;
    this.#files = services.shared.workspace.FileSystemProvider;
  }

  async getCompletion(document: LangiumDocument, params: CompletionParams): Promise<CompletionList> {
    const { textDocument } = document;
    const offset = textDocument.offsetAt(params.position);
    const text = textDocument.getText();
    if (isInComment(text, offset)) return { isIncomplete: false, items: [] };
    const { start, end } = pieceAround(benchFileOf(document), offset);
    const context = contextAt(this.#lexer.tokenize(text.slice(start, end)).tokens, offset - start);
    const path = openText(text, offset);
    const proposals = await proposalsFor(context, {
      names: (type) => this.#namesFor(document, type),
      seriesOf: (monitor) => this.#seriesOf(document, monitor),
      // What is typed of a word goes when the proposal is chosen; the answer belongs where it began.
      askForModels: () => this.#models.proposalAt(document, offset - (context.partial?.image.length ?? 0)),
      openText: path,
      listFolder: (folder) => this.#listFolder(document, folder),
    });
    return {
      isIncomplete: false,
      items: proposals.map((proposal, index) =>
        toItem(proposal, index, { document, params, partial: context.partial?.image }),
      ),
    };
  }

  /** Declarations of this file and of the files it imports; then those that an import would make known. */
  #namesFor(document: LangiumDocument, type: string): NamesInScope {
    const detail = type.toLowerCase();
    const known = new Map(this.#names.declared(document, type).map(({ name, node }) => [name, node]));
    const importable = this.#names.all(document, type).filter(({ name }) => !known.has(name));
    const fitting = (node: AstNode | undefined) => (option: OptionType) => fitsAs(option, node);
    return [
      ...[...known].map(([name, node]) => ({ name, detail, fits: fitting(node) })),
      ...importable.map(({ name, path, node }) => ({ name, detail, importPath: path, fits: fitting(node) })),
    ];
  }

  #seriesOf(document: LangiumDocument, name: string): readonly SeriesEntry[] | undefined {
    const imported = importTargets(document).flatMap((target) => this.#documents.getDocument(target) ?? []);
    const monitor = [document, ...imported]
      .flatMap((each) => benchFileOf(each).declarations ?? [])
      .filter(isMonitor)
      .find((each) => each.name === name);
    return monitor === undefined ? undefined : monitorSourceOf(monitor)?.series;
  }

  async #listFolder(
    document: LangiumDocument,
    folder: string,
  ): Promise<readonly { name: string; isFolder: boolean }[]> {
    try {
      const nodes = await this.#files.readDirectory(UriUtils.resolvePath(UriUtils.dirname(document.uri), folder));
      return nodes.map((node) => ({ name: UriUtils.basename(node.uri), isFolder: node.isDirectory }));
    } catch {
      return [];
    }
  }
}

interface Asked {
  readonly document: LangiumDocument;
  readonly params: CompletionParams;
  readonly partial: string | undefined;
}

function toItem(proposal: Proposal, index: number, { document, params, partial }: Asked): CompletionItem {
  const { position } = params;
  // A unit is typed right behind its number: only what follows the digits is replaced.
  const typed =
    partial === undefined ? 0 : proposal.kind === 'unit' ? partial.replace(/^[\d_.]+/, '').length : partial.length;
  const replaced = proposal.replace ?? (proposal.kind === 'file' ? 0 : typed);
  const range: Range = { start: { line: position.line, character: position.character - replaced }, end: position };
  return {
    label: proposal.label,
    kind: KINDS[proposal.kind],
    sortText: String(index).padStart(4, '0'),
    insertTextFormat: proposal.snippet === undefined ? InsertTextFormat.PlainText : InsertTextFormat.Snippet,
    textEdit: { range, newText: proposal.snippet ?? proposal.insert ?? proposal.label },
    ...(proposal.detail === undefined ? {} : { detail: proposal.detail }),
    ...(proposal.doc === undefined ? {} : { documentation: { kind: MarkupKind.Markdown, value: proposal.doc } }),
    ...(proposal.importPath === undefined ? {} : { additionalTextEdits: [importEdit(document, proposal.importPath)] }),
    ...(proposal.asks === undefined
      ? {}
      : { command: { title: proposal.label, command: proposal.asks.command, arguments: [proposal.asks.argument] } }),
    ...(proposal.again === true ? { command: { title: 'More', command: 'editor.action.triggerSuggest' } } : {}),
  };
}

function isInComment(text: string, offset: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const withoutTexts = line.replace(/"([^"\\]|\\.)*"/g, '');
  return withoutTexts.includes('//') && !/"[^"]*\/\/[^"]*$/.test(withoutTexts);
}

/** What stands between an opening quote of this line and the cursor; `undefined` outside a text. */
function openText(text: string, offset: number): string | undefined {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const match = /^(?:[^"]*"[^"]*")*[^"]*"([^"]*)$/.exec(line);
  return match?.[1];
}
