/** Langium's parser, which gives up on a text of nothing but mistakes: each costs a search for where to go on, and nobody reads a thousand. */
import {
  createParser,
  LangiumParser,
  type AstNode,
  type LangiumCoreServices,
  type LexerResult,
  type ParseResult,
  type ParserOptions,
} from 'langium';
import { CERTAIN_WORDS } from './units.ts';

const MOST_MISTAKES = 1000;

/** What Chevrotain calls for each mistake, its switch for going on behind one, and its question whether to overlook a token. */
interface Recovering {
  SAVE_ERROR(error: unknown): unknown;
  recoveryEnabled: boolean;
  canRecoverWithSingleTokenDeletion(expected: unknown): boolean;
  LA(ahead: number): LexerResult['tokens'][number];
}

class BenchParser extends LangiumParser {
  readonly #recovering: Recovering;
  #mistakes = 0;

  constructor(services: LangiumCoreServices) {
    super(services);
    const recovering = this.wrapper as unknown as Recovering;
    const save = recovering.SAVE_ERROR.bind(recovering);
    recovering.SAVE_ERROR = (error) => {
      if (++this.#mistakes >= MOST_MISTAKES) recovering.recoveryEnabled = false;
      return save(error);
    };
    // In `dataset half { from` before a line `sla chat {`, `chat` would be what `from` waits for, and the SLA would be gone.
    const canDelete = recovering.canRecoverWithSingleTokenDeletion.bind(recovering);
    recovering.canRecoverWithSingleTokenDeletion = (expected) =>
      !CERTAIN_WORDS.has(recovering.LA(1).tokenType.name) && canDelete(expected);
    this.#recovering = recovering;
  }

  override parse<T extends AstNode = AstNode>(text: string, options?: ParserOptions): ParseResult<T> {
    this.#mistakes = 0;
    this.#recovering.recoveryEnabled = true;
    return super.parse<T>(text, options);
  }
}

export function createBenchParser(services: LangiumCoreServices): LangiumParser {
  const parser = new BenchParser(services);
  createParser(services.Grammar, parser, services.parser.Lexer.definition);
  parser.finalize();
  return parser;
}
