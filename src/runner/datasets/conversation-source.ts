/** Prompts out of a table of conversations: what the file datasets have in common once they are loaded. */
import type { DatasetPlan } from '../../contract/plan.ts';
import { buildConversationTable, promptCount, readTablePrompt, type ConversationTable } from './conversation-table.ts';
import type { Selection } from './conversation-selection.ts';
import type { DatasetContext, LoadedDataset, PromptSource } from './dataset.ts';
import type { DatasetFile } from './dataset-file.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { outputLength } from './lengths.ts';
import { numberOption } from './plan-options.ts';
import { createPrompt } from './prompt.ts';
import { headOf } from './prompt-head.ts';
import { ASSUMED_WORD_POOL } from './word-pool.ts';

/** @throws RunError RUN_DATASET_EMPTY */
export function finishSelection(
  file: DatasetFile,
  plan: DatasetPlan,
  context: DatasetContext,
  selection: Selection,
  options: { readonly hasTurns: boolean; readonly isWholeFile: boolean },
): LoadedDataset {
  const conversations = selection.take();
  const leftOut = [...selection.leftOut].map(([why, count]) => `${count} ${why}`).join(', ');
  if (conversations.length === 0)
    return file.empty(
      selection.entries === 0
        ? 'the file has no entries.'
        : `none of its ${selection.entries} entries can be used: ${leftOut}.`,
    );
  const table = buildConversationTable(conversations, options.hasTurns);
  const sample = numberOption(plan, 'sample');
  const read = `${selection.entries} entries ${options.isWholeFile ? '' : '(as many as were needed) '}of ${file.path} read`;
  return {
    size: promptCount(table),
    data: table,
    notes: [
      `${read}, ${conversations.length} kept, giving ${promptCount(table)} different prompts${leftOut === '' ? '' : `; left out: ${leftOut}`}.`,
      ...(sample !== undefined && conversations.length < sample
        ? [`The sample of ${sample} has ${conversations.length} entries: there are no more that can be used.`]
        : []),
      ...(plan.keep !== undefined && context.countTokens === undefined
        ? ['Lengths for `keep` are estimated (about four characters to a token): there is no local tokenizer.']
        : []),
    ],
  };
}

export function countTokensOf(context: DatasetContext): (text: string) => number {
  return context.countTokens ?? estimateTokens;
}

export function openConversations(
  plan: DatasetPlan,
  data: unknown,
  { seed: runSeed, nonce }: Omit<DatasetContext, 'countTokens'>,
): PromptSource {
  const table = data as ConversationTable;
  const seed = plan.seed ?? runSeed;
  const size = promptCount(table);
  return {
    size,
    promptAt(index) {
      const entry = readTablePrompt(table, index % size);
      // Where the data begins again its prompts would be known to the server; all turns of a conversation keep their head.
      const round = Math.floor(index / size);
      const head = headOf(plan, { seed, nonce, pool: ASSUMED_WORD_POOL }, [entry.conversation, round], {
        promptTokens: entry.inputTokens,
        lengthOf: 'rest',
      });
      const [first, ...rest] = entry.messages;
      const messages =
        head.text === '' || first === undefined
          ? entry.messages
          : [{ ...first, content: `${head.text}\n\n${first.content}` }, ...rest];
      return createPrompt(messages, {
        inputTokens: entry.inputTokens + head.tokens,
        outputTokens: outputLength(plan, seed, index, entry.outputTokens),
        session: table.hasTurns ? `${entry.conversation}${round === 0 ? '' : `.${round}`}` : undefined,
        turn: table.hasTurns ? entry.turn : undefined,
      });
    },
  };
}
