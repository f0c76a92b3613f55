import type { Lexer, LangiumDocument } from 'langium';
import type { Formatter, LangiumServices } from 'langium/lsp';
import type {
  DocumentFormattingParams,
  DocumentOnTypeFormattingOptions,
  DocumentOnTypeFormattingParams,
  DocumentRangeFormattingParams,
  Range,
  TextEdit,
} from 'vscode-languageserver-protocol';
import { applyLayout, layoutEdits, type LayoutEdit, type LayoutToken } from './layout.ts';

/** Text as the formatter wants it; unchanged where it cannot be read token by token. */
export function formatText(text: string, lexer: Lexer): string {
  const edits = editsOf(text, lexer);
  return edits === undefined ? text : applyLayout(text, edits);
}

export class BenchFormatter implements Formatter {
  readonly #lexer: Lexer;

  constructor(services: LangiumServices) {
    this.#lexer = services.parser.Lexer;
  }

  formatDocument(document: LangiumDocument, _params: DocumentFormattingParams): TextEdit[] {
    return this.#edits(document);
  }

  formatDocumentRange(document: LangiumDocument, params: DocumentRangeFormattingParams): TextEdit[] {
    return this.#edits(document).filter((edit) => within(edit.range, params.range.start.line, params.range.end.line));
  }

  formatDocumentOnType(document: LangiumDocument, params: DocumentOnTypeFormattingParams): TextEdit[] {
    const { line } = params.position;
    // Never what stands behind the cursor: people have not finished there.
    return this.#edits(document).filter((edit) => within(edit.range, line - 1, line) && isIndentation(edit));
  }

  get formatOnTypeOptions(): DocumentOnTypeFormattingOptions {
    return { firstTriggerCharacter: '}' };
  }

  #edits(document: LangiumDocument): TextEdit[] {
    const { textDocument } = document;
    const edits = editsOf(textDocument.getText(), this.#lexer) ?? [];
    return edits.map((edit) => ({
      range: { start: textDocument.positionAt(edit.start), end: textDocument.positionAt(edit.end) },
      newText: edit.text,
    }));
  }
}

function editsOf(text: string, lexer: Lexer): readonly LayoutEdit[] | undefined {
  const result = lexer.tokenize(text);
  if (result.errors.length > 0) return undefined;
  const tokens = [...result.tokens, ...result.hidden.filter((token) => !/^\s*$/.test(token.image))];
  return layoutEdits(
    text,
    tokens
      .sort((left, right) => left.startOffset - right.startOffset)
      .map((token): LayoutToken => ({
        image: token.image,
        startOffset: token.startOffset,
        kind: kindOf(token.tokenType.name),
      })),
  );
}

function kindOf(tokenType: string): LayoutToken['kind'] {
  if (tokenType === 'SL_COMMENT') return 'comment-line';
  if (tokenType === 'ML_COMMENT') return 'comment-block';
  return /^(TEMPLATE|BLOCK)_(START|MIDDLE|END)$/.test(tokenType) ? 'template' : 'other';
}

function within(range: Range, firstLine: number, lastLine: number): boolean {
  return range.start.line >= firstLine && range.end.line <= lastLine;
}

function isIndentation(edit: TextEdit): boolean {
  return edit.newText.includes('\n');
}
