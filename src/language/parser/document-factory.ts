/** Parses a document that changed from what it was, instead of from the beginning. */
import {
  DefaultLangiumDocumentFactory,
  type AstNode,
  type LangiumDocuments,
  type LangiumSharedCoreServices,
  type ParseResult,
  type URI,
} from 'langium';
import { isBenchFile } from '../ast.ts';
import { parseChange } from './incremental-parse.ts';

export class BenchDocumentFactory extends DefaultLangiumDocumentFactory {
  readonly #documents: () => LangiumDocuments;

  constructor(services: LangiumSharedCoreServices) {
    super(services);
    this.#documents = () => services.workspace.LangiumDocuments;
  }

  protected override parseAsync<T extends AstNode>(uri: URI, text: string): Promise<ParseResult<T>> {
    const previous = this.#documents().getDocument(uri)?.parseResult;
    const parseText = (part: string): ParseResult<T> => this.parse<T>(uri, part);
    const isUsable = previous !== undefined && isBenchFile(previous.value) && previous.value.$cstNode !== undefined;
    const changed = isUsable ? parseChange(previous, text, parseText) : undefined;
    return Promise.resolve((changed as ParseResult<T> | undefined) ?? parseText(text));
  }
}
