/** One JSON object per line, with a prompt in each: a text, or a list of chat messages. The author's own file, so nothing wrong is passed over. */
import { findDataset } from '../../contract/catalog/datasets.ts';
import { RunError } from '../../contract/errors.ts';
import type { DatasetPlan } from '../../contract/plan.ts';
import {
  describeType,
  listKeys,
  orderConversation,
  readTurn,
  type Conversation,
  type Question,
} from './conversation.ts';
import { createSelection } from './conversation-selection.ts';
import { countTokensOf, finishSelection, openConversations } from './conversation-source.ts';
import type { ChatMessage, DatasetKind } from './dataset.ts';
import { openDatasetFile, type DatasetFile } from './dataset-file.ts';
import { readJsonEntries, type JsonEntry } from './json-entries.ts';
import { followJsonPath, parseJsonPath, type JsonPath } from './json-path.ts';
import { textOption } from './plan-options.ts';

const jsonl: DatasetKind = {
  async load(plan, context) {
    const file = openDatasetFile(plan);
    const promptPath = textOption(plan, 'promptPath') ?? defaultPromptPath();
    const prompt = readPath(plan, promptPath);
    const outputPath = textOption(plan, 'outputPath');
    const output = outputPath === undefined ? undefined : readPath(plan, outputPath);
    const selection = createSelection({
      plan,
      seed: plan.seed ?? context.seed,
      countTokens: countTokensOf(context),
      choose: lastQuestion,
    });
    let isWholeFile = true;
    for await (const entry of readJsonEntries(file, 'one JSON object per line')) {
      const messages = readMessages(file, entry, promptPath, prompt);
      const tokens =
        outputPath === undefined || output === undefined
          ? undefined
          : readOutputTokens(file, entry, outputPath, output);
      isWholeFile = selection.offer(orderConversation(messages), tokens);
      if (!isWholeFile) break;
    }
    return finishSelection(file, plan, context, selection, { hasTurns: false, isWholeFile });
  },
  open: openConversations,
};
export default jsonl;

function defaultPromptPath(): string {
  return JSON.parse(findDataset('jsonl')?.options['prompt']?.defaultText ?? '"$.prompt"') as string;
}

function readPath(plan: DatasetPlan, text: string): JsonPath {
  const path = parseJsonPath(text);
  if (path !== undefined) return path;
  throw new RunError('RUN_PLAN_UNREADABLE', `Dataset ${plan.name}: the path "${text}" does not name one place.`, {
    hint: 'Write a field name or a JSONPath of fields and indexes, such as $.messages[0].content.',
    location: plan.location,
  });
}

function readMessages(file: DatasetFile, entry: JsonEntry, pathText: string, path: JsonPath): ChatMessage[] {
  const value = followJsonPath(entry.value, path);
  if (typeof value === 'string') return [{ role: 'user', content: value }];
  const expected = `a text or a list of chat messages at ${pathText}`;
  if (!Array.isArray(value))
    return file.malformed(entry.line, {
      expected,
      found: value === undefined ? listKeys(entry.value) : describeType(value),
      hint: 'Say with `prompt` where each entry carries its prompt.',
    });
  return value.map((turn, index) => {
    const message = readTurn(turn);
    return typeof message === 'string'
      ? file.malformed(entry.line, { expected, found: `${message} (number ${index + 1} in the list)` })
      : message;
  });
}

function readOutputTokens(file: DatasetFile, entry: JsonEntry, pathText: string, path: JsonPath): number {
  const value = followJsonPath(entry.value, path);
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  return file.malformed(entry.line, {
    expected: `a whole number of tokens, at least 1, at ${pathText}`,
    found: typeof value === 'number' ? String(value) : describeType(value),
  });
}

/** All of the messages are one prompt; an answer after the last question says how long an answer is wanted. */
function lastQuestion(conversation: Conversation): readonly Question[] {
  return conversation.questions.slice(-1);
}
