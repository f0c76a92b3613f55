/** The text of the standard library, which lies in no file: an editor opens it, read-only, where a definition leads into it. */
import type { TextDocumentContentProvider } from 'langium/lsp';
import type { TextDocumentContentParams, TextDocumentContentResult } from 'vscode-languageserver-protocol';
import { STANDARD_LIBRARY_TEXT, STANDARD_LIBRARY_URI } from '../library/standard-library.ts';

export class LibraryContentProvider implements TextDocumentContentProvider {
  readonly schemes = [STANDARD_LIBRARY_URI.scheme];

  provideTextDocumentContent({ uri }: TextDocumentContentParams): Promise<TextDocumentContentResult | undefined> {
    return Promise.resolve(uri === STANDARD_LIBRARY_URI.toString() ? { text: STANDARD_LIBRARY_TEXT } : undefined);
  }
}
