/** The lexer, with limits: a huge or absurdly nested file costs bounded time and gets one clear diagnostic. */
import { DefaultLexer, type LexerResult, type LexingReport } from 'langium';
import { CERTAIN_WORDS } from './units.ts';

export const MAXIMUM_FILE_CHARACTERS = 1_000_000;
export const MAXIMUM_NESTING = 100;
/** Declarations that begin while another is still open. */
export const MAXIMUM_UNCLOSED = 1000;
/** Longest chain of operators in one expression. */
export const MAXIMUM_OPERATORS = 500;

/** What the lexer reports beside characters that mean nothing. */
export interface LexingProblem {
  readonly problem: 'unclosed-text' | 'unclosed-comment' | 'file-too-large' | 'nested-too-deep' | 'not-text';
}
/** What the lexer tells of a text beside its mistakes. */
export interface TextReport extends LexingReport {
  /** A word that begins a declaration stands where a text's `${` is open: from there on, tokens mean something else than they do by themselves. */
  readonly hasDeclarationInText: boolean;
}

type Token = LexerResult['tokens'][number];
type LexingError = LexerResult['errors'][number];

const TEXT_OPENING = new Set(['TEMPLATE_START', 'BLOCK_START']);
const TEXT_CLOSING = new Set(['TEMPLATE_END', 'BLOCK_END', 'UNCLOSED_TEMPLATE', 'UNCLOSED_BLOCK_TEMPLATE']);
const OPENING = new Set(['(', '[', '{', ...TEXT_OPENING]);
const CLOSING = new Set([')', ']', '}', ...TEXT_CLOSING]);
const UNCLOSED_TEXTS = new Set(['UNCLOSED_STRING', 'UNCLOSED_BLOCK', 'UNCLOSED_TEMPLATE', 'UNCLOSED_BLOCK_TEMPLATE']);
const OPERATORS = new Set(['+', '-', '*', '/']);

export class BenchLexer extends DefaultLexer {
  override tokenize(text: string): LexerResult {
    if (text.length > MAXIMUM_FILE_CHARACTERS)
      return { tokens: [], hidden: [], errors: [lexingError('file-too-large', TOO_LARGE, undefined)] };
    // UTF-16 read as UTF-8 has one in each character; a picture has them too.
    if (text.includes('\0')) return { tokens: [], hidden: [], errors: [lexingError('not-text', NOT_TEXT, undefined)] };
    const result = super.tokenize(text);
    // Chevrotain's own words name the offset, which changes with every character typed before it.
    const meaningless = result.errors.map((error) => ({ ...error, message: 'unexpected characters' }));
    const errors = [...meaningless, ...findUnclosed(result)];
    const report: TextReport = {
      diagnostics: [],
      ...result.report,
      hasDeclarationInText: hasDeclarationInText(result.tokens),
    };
    const excess = findExcess(result.tokens);
    if (excess === undefined) return { ...result, errors, report };
    const { index, message } = excess;
    return {
      ...result,
      report,
      tokens: result.tokens.slice(0, index),
      errors: [...errors, lexingError('nested-too-deep', message, result.tokens[index])],
    };
  }
}

function findUnclosed({ tokens, hidden }: LexerResult): LexingError[] {
  const texts = tokens.filter(({ tokenType }) => UNCLOSED_TEXTS.has(tokenType.name));
  const comments = hidden.filter(({ tokenType }) => tokenType.name === 'UNCLOSED_COMMENT');
  return [
    ...texts.map((token) => lexingError('unclosed-text', 'unclosed text', token)),
    ...comments.map((token) => lexingError('unclosed-comment', 'unclosed comment', token)),
  ];
}

function hasDeclarationInText(tokens: readonly Token[]): boolean {
  let open = 0;
  for (const { tokenType } of tokens) {
    if (TEXT_OPENING.has(tokenType.name)) open++;
    else if (TEXT_CLOSING.has(tokenType.name)) open--;
    else if (open > 0 && CERTAIN_WORDS.has(tokenType.name)) return true;
  }
  return false;
}

function findExcess(tokens: readonly Token[]): { index: number; message: string } | undefined {
  let depth = 0;
  let operators = 0;
  let unclosed = 0;
  for (let index = 0; index < tokens.length; index++) {
    const name = tokens[index]?.tokenType.name ?? '';
    // The parser gives up what is open when it meets one of these, so what is open does not add up over the declarations of a file.
    if (CERTAIN_WORDS.has(name)) {
      if (depth > 0 && ++unclosed > MAXIMUM_UNCLOSED) return { index, message: TOO_MANY_UNCLOSED };
      depth = 0;
    }
    if (OPENING.has(name) && ++depth > MAXIMUM_NESTING) return { index, message: TOO_DEEP };
    if (CLOSING.has(name)) depth--;
    if (name === '{' || name === '}' || CERTAIN_WORDS.has(name)) operators = 0;
    if (OPERATORS.has(name) && ++operators > MAXIMUM_OPERATORS) return { index, message: TOO_LONG };
  }
  return undefined;
}

const NOT_TEXT = 'The file has characters with the number zero and is not read.';
const TOO_LARGE = 'The file has more than a million characters and is not read.';
const TOO_DEEP = `More than ${MAXIMUM_NESTING} brackets are open here; the file is not read further.`;
const TOO_MANY_UNCLOSED = `More than ${MAXIMUM_UNCLOSED} declarations are not closed; the file is not read further.`;
const TOO_LONG = `More than ${MAXIMUM_OPERATORS} operators stand in one block; the file is not read further.`;

/** Underlines the token's first line. */
function lexingError(
  problem: LexingProblem['problem'],
  message: string,
  token: Token | undefined,
): LexingError & LexingProblem {
  return {
    problem,
    message,
    offset: token?.startOffset ?? 0,
    line: token?.startLine ?? 1,
    column: token?.startColumn ?? 1,
    length: token?.image.split('\n', 1)[0]?.length ?? 1,
  };
}
