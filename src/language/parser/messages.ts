/** What the parser says, in words of the language instead of token names. */
import { LangiumParserErrorMessageProvider, type LexerResult } from 'langium';

type Token = LexerResult['tokens'][number];
type TokenType = Token['tokenType'];

const NAMES: Readonly<Record<string, string>> = {
  ID: 'a name',
  STRING: 'a text in quotes',
  BLOCK_STRING: 'a text in quotes',
  TEMPLATE_START: 'a text in quotes',
  BLOCK_START: 'a text in quotes',
  UNCLOSED_STRING: 'a text in quotes',
  UNCLOSED_BLOCK: 'a text in quotes',
  QUANTITY: 'a quantity such as `500 ms`',
  UNKNOWN_QUANTITY: 'a quantity such as `500 ms`',
  NUMBER: 'a number',
  RESOLUTION: 'a size such as `512 x 512`',
  TRAILING_UNIT: 'a unit',
  TEMPLATE_MIDDLE: '`}`',
  TEMPLATE_END: '`}`',
  BLOCK_MIDDLE: '`}`',
  BLOCK_END: '`}`',
  UNCLOSED_TEMPLATE: '`}`',
  UNCLOSED_BLOCK_TEMPLATE: '`}`',
};

const MOST_LISTED = 8;

export class BenchParserMessages extends LangiumParserErrorMessageProvider {
  override buildMismatchTokenMessage({ expected, actual }: { expected: TokenType; actual: Token }): string {
    return `Expected ${nameOf(expected)}, found ${found(actual)}.`;
  }

  override buildNotAllInputParsedMessage({ firstRedundant }: { firstRedundant: Token }): string {
    return `Expected a declaration such as \`backend\` or \`benchmark\`, found ${found(firstRedundant)}.`;
  }

  override buildNoViableAltMessage(options: { expectedPathsPerAlt: TokenType[][][]; actual: Token[] }): string {
    const first = options.expectedPathsPerAlt.flatMap((paths) => paths.flatMap((path) => path[0] ?? []));
    return sentence(first, options.actual[0]);
  }

  override buildEarlyExitMessage(options: { expectedIterationPaths: TokenType[][]; actual: Token[] }): string {
    return sentence(
      options.expectedIterationPaths.flatMap((path) => path[0] ?? []),
      options.actual[0],
    );
  }
}

function sentence(expected: readonly TokenType[], actual: Token | undefined): string {
  const isNameExpected = expected.some((type) => type.name === 'ID');
  // Where a name may stand, most keywords may too: listing them all would only hide the point.
  const relevant = isNameExpected ? expected.filter((type) => type.name in NAMES) : expected;
  const names = [...new Set(relevant.map(nameOf))];
  const list = names.length > MOST_LISTED ? `${names.slice(0, MOST_LISTED).join(', ')} or the like` : joined(names);
  return `Expected ${list}, found ${found(actual)}.`;
}

function joined(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? 'something else') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

function nameOf(type: TokenType): string {
  return NAMES[type.name] ?? (type.name === 'EOF' ? 'the end of the file' : `\`${type.name}\``);
}

function found(token: Token | undefined): string {
  if (token === undefined || token.tokenType.name === 'EOF') return 'the end of the file';
  const text = token.image.split('\n', 1)[0] ?? '';
  return `\`${text.length > 40 ? `${text.slice(0, 40)}…` : text}\``;
}
