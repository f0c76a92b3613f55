/** Recorded conversations in ShareGPT's form: a JSON array, or one object per line, each with a list of turns. */
import type { Conversation, Question } from './conversation.ts';
import { describeType, orderConversation, readTurn } from './conversation.ts';
import { createSelection, type Selection } from './conversation-selection.ts';
import { countTokensOf, finishSelection, openConversations } from './conversation-source.ts';
import type { DatasetKind } from './dataset.ts';
import { openDatasetFile, type DatasetFile } from './dataset-file.ts';
import { readJsonEntries, type JsonEntry } from './json-entries.ts';
import type { DatasetPlan } from '../../contract/plan.ts';

const EXPECTED_ENTRY =
  'objects like `{ "conversations": [{ "from": "human", "value": "…" }, { "from": "gpt", "value": "…" }] }`, in a list or one per line';
const LISTS = ['conversations', 'conversation', 'messages'];

const sharegpt: DatasetKind = {
  async load(plan, context) {
    const file = openDatasetFile(plan);
    const turns = plan.options['turns'] ?? 'first';
    const selection = createSelection({
      plan,
      seed: plan.seed ?? context.seed,
      countTokens: countTokensOf(context),
      choose: (conversation) => chooseQuestions(conversation, turns, plan),
    });
    const isWholeFile = await readConversations(file, selection);
    return finishSelection(file, plan, context, selection, { hasTurns: turns !== 'first', isWholeFile });
  },
  open: openConversations,
};
export default sharegpt;

/** Returns whether the whole file was read. */
async function readConversations(file: DatasetFile, selection: Selection): Promise<boolean> {
  let shapeless: JsonEntry | undefined;
  let hasShape = false;
  for await (const entry of readJsonEntries(file, EXPECTED_ENTRY)) {
    const turns = turnsOf(entry);
    if (turns === undefined) {
      shapeless ??= entry;
      selection.leaveOut('without a list of turns');
      continue;
    }
    hasShape = true;
    const messages = turns.map(readTurn);
    const problem = messages.find((message) => typeof message === 'string');
    if (problem !== undefined) selection.leaveOut(`with ${problem}`);
    else if (!selection.offer(orderConversation(messages.filter((message) => typeof message !== 'string'))))
      return false;
  }
  // Some entries without turns are the mess of the field; if none has turns, it is another kind of file.
  if (shapeless !== undefined && !hasShape)
    file.malformed(shapeless.line, {
      expected: EXPECTED_ENTRY,
      found: describeType(shapeless.value),
      hint: 'If each line has a prompt of its own, use `from jsonl`.',
    });
  return true;
}

function turnsOf(entry: JsonEntry): readonly unknown[] | undefined {
  return LISTS.map((key) => entry.value[key]).find((list) => Array.isArray(list));
}

/** A question without an answer has no length to ask for, unless the plan gives one. */
function chooseQuestions(conversation: Conversation, turns: unknown, plan: DatasetPlan): readonly Question[] {
  const usable = conversation.questions.filter(({ answer }) => answer !== undefined || plan.outputTokens !== undefined);
  if (turns === 'all') return usable;
  return usable.slice(0, typeof turns === 'number' ? turns : 1);
}
