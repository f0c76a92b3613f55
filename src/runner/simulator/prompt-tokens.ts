/** Words as tokens: a number of 32 bits for each, so that a prefix cache can tell whether two prompts begin alike. */
import { ONE_TOKEN_WORDS } from '../datasets/one-token-words.ts';

/** A piece of a prompt. A role makes its first word another token: the same words said by somebody else are another prompt. */
export interface PromptPart {
  readonly text: string;
  readonly role?: string;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** One token for each run of characters other than white space. */
export function promptTokens(parts: readonly PromptPart[]): number[] {
  const tokens: number[] = [];
  for (const { text, role } of parts) {
    let seed = role === undefined ? FNV_OFFSET : hashText(role);
    let hash = seed;
    let isInWord = false;
    for (let index = 0; index <= text.length; index += 1) {
      const code = index < text.length ? text.charCodeAt(index) : 0x20;
      if (code > 0x20) {
        hash = Math.imul(hash ^ code, FNV_PRIME);
        isInWord = true;
      } else if (isInWord) {
        tokens.push(hash >>> 0);
        seed = FNV_OFFSET;
        hash = seed;
        isInWord = false;
      }
    }
  }
  return tokens;
}

/** Token of a word of an answer. `role` as in a PromptPart, for the first one. */
export function wordToken(word: string, role?: string): number {
  return role === undefined ? (known.get(word) ?? hashText(word)) : hashText(word, hashText(role));
}

function hashText(text: string, seed = FNV_OFFSET): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  return hash >>> 0;
}

const known: ReadonlyMap<string, number> = new Map(ONE_TOKEN_WORDS.map((word) => [word, hashText(word)]));
