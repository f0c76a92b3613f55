/** Words of known length in tokens, and texts of an exact length made of them. Plain data, so that workers get what the main thread measured. */
import type { Random } from '../platform/random.ts';
import { ONE_TOKEN_WORDS } from './one-token-words.ts';

export interface WordPool {
  readonly words: readonly string[];
  /** Tokens each word adds to a text that goes before it. */
  readonly tokens: readonly number[];
  /** Tokens of each word at the beginning of a text. */
  readonly tokensAtStart: readonly number[];
}

/** By the assumption stated in one-token-words.ts. */
export const ASSUMED_WORD_POOL: WordPool = {
  words: ONE_TOKEN_WORDS,
  tokens: ONE_TOKEN_WORDS.map(() => 1),
  tokensAtStart: ONE_TOKEN_WORDS.map(() => 1),
};

/** With so many words of one token each, texts of different prompts have nothing in common. */
const ENOUGH_WORDS = 128;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** A pool as a tokenizer counts: the words that are one token, or, where these are few, all words and letters with what each costs. */
export function measureWordPool(countTokens: (text: string) => number): WordPool {
  const before = ONE_TOKEN_WORDS[0] ?? '';
  const beforeTokens = countTokens(before);
  const measured = [...ONE_TOKEN_WORDS, ...LETTERS].map((word) => ({
    word,
    tokens: countTokens(`${before} ${word}`) - beforeTokens,
    tokensAtStart: countTokens(word),
  }));
  const usable = measured.filter(({ tokens, tokensAtStart }) => tokens > 0 && tokensAtStart > 0);
  const single = usable.filter(
    ({ word, tokens, tokensAtStart }) => word.length > 1 && tokens === 1 && tokensAtStart === 1,
  );
  const chosen = single.length >= ENOUGH_WORDS ? single : usable;
  return {
    words: chosen.map(({ word }) => word),
    tokens: chosen.map(({ tokens }) => tokens),
    tokensAtStart: chosen.map(({ tokensAtStart }) => tokensAtStart),
  };
}

/**
 * Random words, separated by spaces, of exactly `tokens` tokens; as near below as the pool's words allow where no word is one token.
 * `isStart`: the words begin the text, else they follow others and a space.
 */
export function composeWords(pool: WordPool, tokens: number, random: Random, isStart: boolean): string[] {
  const chosen: string[] = [];
  let left = tokens;
  while (left > 0) {
    const costs = isStart && chosen.length === 0 ? pool.tokensAtStart : pool.tokens;
    const index = pickFitting(costs, left, random);
    if (index === undefined) break;
    chosen.push(pool.words[index] as string);
    left -= costs[index] as number;
  }
  return chosen;
}

/** A random word that costs at most `most`. Tried at random first: near the end of a text only may there be few. */
function pickFitting(costs: readonly number[], most: number, random: Random): number | undefined {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const index = Math.floor(random() * costs.length);
    if ((costs[index] ?? Number.POSITIVE_INFINITY) <= most) return index;
  }
  const fitting = [...costs.keys()].filter((index) => (costs[index] as number) <= most);
  return fitting[Math.floor(random() * fitting.length)];
}
