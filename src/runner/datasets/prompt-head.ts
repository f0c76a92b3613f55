/**
 * What stands at the head of prompts: words that no earlier run has sent, so that the server's prefix cache cannot help, or a prefix that
 * a group of prompts has in common, where that is the experiment. In tokens, words of the pool are exact.
 */
import { createRandom } from '../platform/random.ts';
import type { DatasetPlan } from '../../contract/plan.ts';
import { numberOption } from './plan-options.ts';
import { composeText, type WordPool } from './word-pool.ts';

export interface HeadContext {
  readonly seed: number;
  readonly nonce: string;
  readonly pool: WordPool;
}

export interface PromptHead {
  /** Empty: nothing is put before the prompt. */
  readonly text: string;
  readonly tokens: number;
}

/** Enough for a head to be unique: eight words of 1024 are 80 bits. */
const FRESH_PREFIX_TOKENS = 8;

/**
 * @param key What the fresh words depend on besides the nonce; prompts with the same key have the same head.
 * @param promptTokens Length of the whole prompt, or of what follows the head (`lengthOf`).
 */
export function headOf(
  plan: DatasetPlan,
  context: HeadContext,
  key: readonly (number | string)[],
  { promptTokens, lengthOf }: { readonly promptTokens: number; readonly lengthOf: 'whole' | 'rest' },
): PromptHead {
  const ratio = numberOption(plan, 'sharedPrefixRatio');
  if (ratio !== undefined && ratio > 0)
    return sharedPrefix(plan, context, key, sharedTokens(ratio, promptTokens, lengthOf));
  if (!plan.freshPrefix) return { text: '', tokens: 0 };
  const tokens = lengthOf === 'whole' ? Math.min(promptTokens, FRESH_PREFIX_TOKENS) : FRESH_PREFIX_TOKENS;
  const random = createRandom(context.seed, 'fresh', context.nonce, ...key);
  return { text: composeText(context.pool, tokens, random), tokens };
}

function sharedTokens(ratio: number, promptTokens: number, lengthOf: 'whole' | 'rest'): number {
  // As a share of the whole prompt, which the prefix itself makes longer; a prompt that is all prefix needs a rest all the same.
  return Math.round(lengthOf === 'whole' ? ratio * promptTokens : (promptTokens * ratio) / Math.max(1 - ratio, 0.001));
}

/** The same words for a group, as many of them as each prompt's length asks for; new ones in each run where prefixes are to be fresh. */
function sharedPrefix(
  plan: DatasetPlan,
  { seed, nonce, pool }: HeadContext,
  key: readonly (number | string)[],
  tokens: number,
): PromptHead {
  const groups = numberOption(plan, 'prefixGroups') ?? 1;
  const group = Math.floor(createRandom(seed, 'group', ...key)() * groups);
  const random = createRandom(seed, 'prefix', plan.freshPrefix ? nonce : '', group);
  return { text: composeText(pool, tokens, random), tokens };
}
