/** Moves what a parser made to another place in the text: a subtree, an error, a token know their offset and line themselves. */
import type { CstNode, ParseResult } from 'langium';

export interface Shift {
  readonly characters: number;
  readonly lines: number;
}

/** Langium's nodes keep their place in private fields, and a composite keeps its range once it was asked for it. */
interface PlacedNode {
  content?: PlacedNode[];
  _rangeCache?: unknown;
  _offset: number;
  _startLine: number;
  _endLine: number;
}

export function shiftNode(node: CstNode, { characters, lines }: Shift): void {
  if (characters === 0 && lines === 0) return;
  const stack = [node as unknown as PlacedNode];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.content === undefined) {
      next._offset += characters;
      next._startLine += lines;
      next._endLine += lines;
    } else {
      next._rangeCache = undefined;
      for (const child of next.content) stack.push(child);
    }
  }
}

export type ParserError = ParseResult['parserErrors'][number];
export type LexerError = ParseResult['lexerErrors'][number];
type Token = ParserError['token'];

/** Where the parser noticed the error; behind everything where it did at the end of the text. */
export function offsetOf({ token }: ParserError): number {
  return isEnd(token) ? Number.POSITIVE_INFINITY : token.startOffset;
}

/** The end of the text is one frozen token for all texts, and stands nowhere. */
function isEnd({ tokenType }: Token): boolean {
  return tokenType.name === 'EOF';
}

/** Errors share tokens, so all of one text are moved together. */
export function shiftParserErrors(errors: readonly ParserError[], { characters, lines }: Shift): void {
  const tokens = new Set<Token>();
  for (const error of errors) {
    tokens.add(error.token);
    for (const token of error.resyncedTokens) tokens.add(token);
    const { previousToken } = error as { previousToken?: Token };
    if (previousToken !== undefined) tokens.add(previousToken);
  }
  for (const token of tokens) {
    if (isEnd(token)) continue;
    token.startOffset += characters;
    if (token.endOffset !== undefined) token.endOffset += characters;
    if (token.startLine !== undefined) token.startLine += lines;
    if (token.endLine !== undefined) token.endLine += lines;
  }
}

export function shiftLexerError(error: LexerError, { characters, lines }: Shift): LexerError {
  return {
    ...error,
    offset: error.offset + characters,
    ...(error.line === undefined ? {} : { line: error.line + lines }),
  };
}
