import { assertNever, RunError } from '../../contract/errors.ts';
import type { TokenizerPlan } from '../../contract/plan.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * The tokenizer that counts here; `undefined` where the server's counts are taken, or none.
 * @throws RunError RUN_TOKENIZER_UNUSABLE, RUN_NOT_AVAILABLE
 */
export async function openTokenizer(plan: TokenizerPlan): Promise<Tokenizer | undefined> {
  switch (plan.kind) {
    case 'server':
    case 'none':
      return undefined;
    case 'file':
      return (await import('./file.ts')).openFileTokenizer(plan.path);
    case 'tiktoken':
      throw new RunError('RUN_NOT_AVAILABLE', `The tokenizer tiktoken "${plan.encoding}" is not available yet.`, {
        hint: 'Use `tokenizer server`, or `tokenizer file` with a tokenizer.json.',
      });
    default:
      return assertNever(plan, 'tokenizer');
  }
}
