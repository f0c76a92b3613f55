/** Prompts of random words with chosen lengths in tokens; needs no file and never ends. */
import { findDataset } from '../../contract/catalog/datasets.ts';
import type { Distribution } from '../../contract/distribution.ts';
import { invariant } from '../../contract/errors.ts';
import type { DatasetPlan } from '../../contract/plan.ts';
import { createRandom } from '../platform/random.ts';
import type { DatasetContext, DatasetKind, LoadedDataset, PromptSource } from './dataset.ts';
import { drawLength, outputLength } from './lengths.ts';
import { createPrompt } from './prompt.ts';
import { headOf } from './prompt-head.ts';
import { ASSUMED_WORD_POOL, composeText, measureWordPool, type WordPool } from './word-pool.ts';

/** `undefined`: the assumed pool, which every worker has. */
type RandomData = { readonly pool: WordPool } | undefined;

const random: DatasetKind = {
  load(plan, context) {
    const { countTokens } = context;
    const data: RandomData = countTokens === undefined ? undefined : { pool: measureWordPool(countTokens) };
    const notes = countTokens === undefined ? [ASSUMPTION] : [describeError(plan, data, context, countTokens)];
    return Promise.resolve<LoadedDataset>({ size: undefined, data, notes });
  },
  open(plan, data, context) {
    return openRandom(plan, (data as RandomData)?.pool ?? ASSUMED_WORD_POOL, context);
  },
};
export default random;

const ASSUMPTION =
  'Prompts are made of words that are one token each in the usual vocabularies (GPT, Llama, Qwen, DeepSeek, Gemma); no local tokenizer checked it.';

function openRandom(
  plan: DatasetPlan,
  pool: WordPool,
  { seed: runSeed, nonce }: Omit<DatasetContext, 'countTokens'>,
): PromptSource {
  const seed = plan.seed ?? runSeed;
  const lengths = inputLengths(plan);
  return {
    size: undefined,
    promptAt(index) {
      const inputTokens = drawLength(lengths, plan.keep?.inputTokens, seed, 'input', index);
      const head = headOf(plan, { seed, nonce, pool }, [index], { promptTokens: inputTokens, lengthOf: 'whole' });
      const content = composeText(pool, inputTokens - head.tokens, createRandom(seed, 'words', index), head.text);
      return createPrompt([{ role: 'user', content }], {
        inputTokens,
        outputTokens: outputLength(plan, seed, index, undefined),
        session: undefined,
        turn: undefined,
      });
    },
  };
}

/** The plan's, or the catalog's default where a plan made by hand has none. */
function inputLengths(plan: DatasetPlan): Distribution {
  const value = plan.options['inputTokens'];
  if (typeof value === 'number') return { kind: 'constant', value };
  if (typeof value === 'object' && 'kind' in value && value['kind'] !== 'secret') return value as Distribution;
  const defaultTokens = Number.parseInt(findDataset('random')?.options['input']?.defaultText ?? '', 10);
  invariant(defaultTokens > 0, 'the catalog has a default for the prompt length');
  return { kind: 'constant', value: defaultTokens };
}

const SAMPLES = 16;

/** Counts a few prompts whole: words that cost what they should one by one need not do so in a row. */
function describeError(
  plan: DatasetPlan,
  data: RandomData,
  context: DatasetContext,
  countTokens: (text: string) => number,
): string {
  const source = openRandom(plan, data?.pool ?? ASSUMED_WORD_POOL, context);
  let worstRatio = 0;
  for (let index = 0; index < SAMPLES; index += 1) {
    const { text, inputTokens = 1 } = source.promptAt(index);
    worstRatio = Math.max(worstRatio, Math.abs(countTokens(text) - inputTokens) / inputTokens);
  }
  if (worstRatio === 0) return `Prompt lengths are exact by the local tokenizer (${SAMPLES} prompts counted).`;
  return `Prompt lengths are off by up to ${(100 * worstRatio).toFixed(1)} % by the local tokenizer (${SAMPLES} prompts counted).`;
}
