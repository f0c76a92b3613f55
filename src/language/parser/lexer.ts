/** The lexer, with limits: a huge or absurdly nested file costs bounded time and gets one clear diagnostic. */
import { DefaultLexer, type LexerResult } from 'langium';

export const MAXIMUM_FILE_CHARACTERS = 4_000_000;
export const MAXIMUM_NESTING = 100;
/** Longest chain of operators in one expression. */
export const MAXIMUM_OPERATORS = 500;

export type LimitKind = 'file-too-large' | 'nested-too-deep' | 'expression-too-long';
type Token = LexerResult['tokens'][number];
export interface LimitError {
  readonly limit: LimitKind;
}

const OPENING = new Set(['(', '[', '{', 'TEMPLATE_START', 'BLOCK_START']);
const CLOSING = new Set([')', ']', '}', 'TEMPLATE_END', 'BLOCK_END']);
const OPERATORS = new Set(['+', '-', '*', '/']);

export class BenchLexer extends DefaultLexer {
  override tokenize(text: string): LexerResult {
    if (text.length > MAXIMUM_FILE_CHARACTERS)
      return { tokens: [], hidden: [], errors: [limitError('file-too-large', undefined)] };
    const result = super.tokenize(text);
    const excess = findExcess(result.tokens);
    if (excess === undefined) return result;
    const { index, limit } = excess;
    return {
      ...result,
      tokens: result.tokens.slice(0, index),
      errors: [...result.errors, limitError(limit, result.tokens[index])],
    };
  }
}

function findExcess(tokens: readonly Token[]): { index: number; limit: LimitKind } | undefined {
  let depth = 0;
  let operators = 0;
  for (let index = 0; index < tokens.length; index++) {
    const name = tokens[index]?.tokenType.name ?? '';
    if (OPENING.has(name) && ++depth > MAXIMUM_NESTING) return { index, limit: 'nested-too-deep' };
    if (CLOSING.has(name)) depth--;
    if (name === '{' || name === '}') operators = 0;
    if (OPERATORS.has(name) && ++operators > MAXIMUM_OPERATORS) return { index, limit: 'expression-too-long' };
  }
  return undefined;
}

const MESSAGES: Readonly<Record<LimitKind, string>> = {
  'file-too-large': `The file has more than ${MAXIMUM_FILE_CHARACTERS / 1_000_000} million characters and is not read.`,
  'nested-too-deep': `More than ${MAXIMUM_NESTING} brackets are open here; the file is not read further.`,
  'expression-too-long': `More than ${MAXIMUM_OPERATORS} operators stand in one block; the file is not read further.`,
};

function limitError(limit: LimitKind, token: Token | undefined): LexerResult['errors'][number] & LimitError {
  return {
    limit,
    message: MESSAGES[limit],
    offset: token?.startOffset ?? 0,
    line: token?.startLine ?? 1,
    column: token?.startColumn ?? 1,
    length: token?.image.length ?? 1,
  };
}
