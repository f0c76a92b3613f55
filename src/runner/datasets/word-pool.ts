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
 * They follow `head` and a space, or begin the text where it is empty. Put together as bytes: a list of the words would be several times
 * the text.
 */
export function composeText(pool: WordPool, tokens: number, random: Random, head = ''): string {
  const { bytes, starts } = encodedWords(pool);
  let length = head.length;
  reserve(length, 0);
  scratch.write(head, 'latin1');
  let left = tokens;
  while (left > 0) {
    const costs = length === 0 ? pool.tokensAtStart : pool.tokens;
    const index = pickFitting(costs, left, random);
    if (index === undefined) break;
    const end = starts[index + 1] as number;
    let at = starts[index] as number;
    reserve(length + 1 + end - at, length);
    if (length > 0) scratch[length++] = SPACE;
    while (at < end) scratch[length++] = bytes[at++] as number;
    left -= costs[index] as number;
  }
  return scratch.toString('latin1', 0, length);
}

const SPACE = 32;
/** Of the text being put together. */
let scratch = Buffer.allocUnsafeSlow(16 * 1024);

function reserve(neededBytes: number, usedBytes: number): void {
  if (neededBytes <= scratch.length) return;
  const grown = Buffer.allocUnsafeSlow(Math.max(neededBytes, scratch.length * 2));
  grown.set(scratch.subarray(0, usedBytes));
  scratch = grown;
}

interface EncodedWords {
  /** Of all words, one after the other. */
  readonly bytes: Uint8Array;
  /** Where each word begins; one more for the end of the last. */
  readonly starts: Uint32Array;
}

/** Pools live as long as the run. */
const encodedPools = new WeakMap<WordPool, EncodedWords>();

/** The words are plain ASCII. */
function encodedWords(pool: WordPool): EncodedWords {
  let encoded = encodedPools.get(pool);
  if (encoded === undefined) {
    const starts = new Uint32Array(pool.words.length + 1);
    pool.words.forEach((word, index) => (starts[index + 1] = (starts[index] as number) + word.length));
    encodedPools.set(pool, (encoded = { bytes: Buffer.from(pool.words.join(''), 'latin1'), starts }));
  }
  return encoded;
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
