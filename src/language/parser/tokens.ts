/**
 * What the lexer knows beyond the grammar: quantities are built from the table of units, and `${…}` inside a string is a mode of its own,
 * so that names in templates are ordinary references.
 */
import {
  DefaultTokenBuilder,
  type Grammar,
  type GrammarAST,
  type LexerResult,
  type TokenBuilder,
  type TokenBuilderOptions,
} from 'langium';
import { UNITS } from '../../contract/units.ts';
import { MISSPELT_UNITS } from '../values/misspelt-units.ts';

type TokenType = LexerResult['tokens'][number]['tokenType'];
type MultiModeDefinition = Extract<ReturnType<TokenBuilder['buildTokens']>, { defaultMode: string }>;
type CustomPattern = Extract<TokenType['PATTERN'], (...parameters: never[]) => unknown>;

const NUMBER = '[0-9][0-9_]*(?:\\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?';
/** A unit ends where a name would end: `5 min` is a quantity, `5 minimum` is not. */
const UNIT_END = '(?![A-Za-z0-9_µμ°]|-[A-Za-z0-9_]|/[A-Za-z])';
/** In `requests 2_000  tokens 1_000` the word `tokens` is a name, because a value follows it. */
const NOT_A_NAME = '(?![ \\t]+["0-9])';

const wordUnits = alternatives(UNITS.map((unit) => unit.symbol).filter((symbol) => symbol !== '%'));
const misspeltWords = alternatives(Object.keys(MISSPELT_UNITS));
const knownUnit = `(?:%|(?:${wordUnits})${UNIT_END}${NOT_A_NAME})`;
const misspeltUnit = `(?:${misspeltWords})${UNIT_END}${NOT_A_NAME}`;

export const QUANTITY_PATTERN = new RegExp(`${NUMBER}[ \\t]*${knownUnit}`);
/** `5mins`, `100RPS`: surely meant as a unit. Known slips are also recognised with a space before them. */
export const UNKNOWN_QUANTITY_PATTERN = new RegExp(
  `${NUMBER}(?:(?![eE][0-9+-])[A-Za-zµμ°][A-Za-z0-9_µμ°]*(?:/[A-Za-z0-9]+)?|[ \\t]+${misspeltUnit})`,
);

/** A unit after `)` or `]` applies to what is inside. */
const trailingUnit = new RegExp(`${knownUnit}|${misspeltUnit}`, 'y');
const matchTrailingUnit: CustomPattern = (text, offset, matchedTokens) => {
  const previous = matchedTokens[matchedTokens.length - 1]?.image;
  if (previous !== ')' && previous !== ']') return null;
  trailingUnit.lastIndex = offset;
  return trailingUnit.exec(text);
};
const trailingUnitStarts = [
  ...new Set(
    ['%', ...UNITS.map((unit) => unit.symbol), ...Object.keys(MISSPELT_UNITS)].map((symbol) => symbol.charAt(0)),
  ),
];

/** What goes on with a text after a `${…}`, between one quote and between three. */
const IN_TEMPLATE = ['TEMPLATE_MIDDLE', 'TEMPLATE_END', 'UNCLOSED_TEMPLATE'];
const IN_BLOCK = ['BLOCK_MIDDLE', 'BLOCK_END', 'UNCLOSED_BLOCK_TEMPLATE'];

export class BenchTokenBuilder extends DefaultTokenBuilder {
  override buildTokens(grammar: Grammar, options?: TokenBuilderOptions): MultiModeDefinition {
    const unordered = super.buildTokens(grammar, options) as TokenType[];
    const isHidden = (token: TokenType): boolean => token.GROUP !== undefined;
    const tokens = [...unordered.filter(isHidden), ...unordered.filter((token) => !isHidden(token))];
    const blank = tokens.find((token) => token.name === 'WS');
    const skipped = blank?.GROUP === undefined ? {} : { GROUP: blank.GROUP };
    const inLine: TokenType = { name: 'BLANK', PATTERN: /[ \t]+/, ...skipped };
    // A template that is not closed on its line ends there, so that the rest of the file keeps its meaning.
    const lineEnd: TokenType = { name: 'LINE_END', PATTERN: /[\r\n]+/, ...skipped, LINE_BREAKS: true, POP_MODE: true };
    const without = (...names: string[]): TokenType[] => tokens.filter((token) => !names.includes(token.name));
    return {
      defaultMode: 'file',
      modes: {
        file: without(...IN_TEMPLATE, ...IN_BLOCK),
        template: [
          inLine,
          lineEnd,
          ...without('WS', 'ML_COMMENT', 'SL_COMMENT', 'UNCLOSED_COMMENT', '{', '}', ...IN_BLOCK),
        ],
        block: without('{', '}', ...IN_TEMPLATE),
      },
    };
  }

  /** Words only: of the terminals, comments and numbers stand before the keywords anyway, and not every mode has every terminal. */
  protected override findLongerAlt(keyword: GrammarAST.Keyword, terminals: TokenType[]): TokenType[] {
    return /^\w/.test(keyword.value) ? terminals.filter((token) => token.name === 'ID') : [];
  }

  protected override buildTerminalToken(terminal: GrammarAST.TerminalRule): TokenType {
    const token = super.buildTerminalToken(terminal);
    switch (terminal.name) {
      case 'QUANTITY':
        return { ...token, PATTERN: QUANTITY_PATTERN };
      case 'UNKNOWN_QUANTITY':
        return { ...token, PATTERN: UNKNOWN_QUANTITY_PATTERN };
      case 'TRAILING_UNIT':
        return { ...token, PATTERN: matchTrailingUnit, START_CHARS_HINT: trailingUnitStarts, LINE_BREAKS: false };
      case 'TEMPLATE_START':
        return { ...token, PUSH_MODE: 'template' };
      case 'BLOCK_START':
        return { ...token, PUSH_MODE: 'block' };
      case 'TEMPLATE_END':
      case 'UNCLOSED_TEMPLATE':
      case 'BLOCK_END':
      case 'UNCLOSED_BLOCK_TEMPLATE':
        return { ...token, POP_MODE: true };
      default:
        return token;
    }
  }
}

function alternatives(words: readonly string[]): string {
  return [...words]
    .sort((left, right) => right.length - left.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('|');
}
