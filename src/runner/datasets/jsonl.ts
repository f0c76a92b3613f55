/** One JSON object per line, with a prompt in each: a text, or a list of chat messages. The author's own file, so nothing wrong is passed over. */
import { findDataset } from '../../contract/catalog/datasets.ts';
import { RunError } from '../../contract/errors.ts';
import { followJsonPath, parseJsonPath, type JsonPath } from '../../contract/json-path.ts';
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
import { textOption } from './plan-options.ts';

const jsonl: DatasetKind = {
  async load(plan, context) {
    const file = openDatasetFile(plan);
    const promptPath = textOption(plan, 'promptPath') ?? defaultPromptPath();
    const prompt = readPath(plan, promptPath);
    const outputPath = textOption(plan, 'outputPath');
    const output = outputPath === undefined ? undefined : readPath(plan, outputPath);
    const timestampPath = textOption(plan, 'timestampPath');
    const timestamp = timestampPath === undefined ? undefined : readPath(plan, timestampPath);
    const turns = plan.options['turns'];
    const selection = createSelection({
      plan,
      seed: plan.seed ?? context.seed,
      countTokens: countTokensOf(context),
      choose: (conversation) => chooseQuestions(conversation, turns),
    });
    let isWholeFile = true;
    for await (const entry of readJsonEntries(file, 'one JSON object per line')) {
      const messages = readMessages(file, entry, promptPath, prompt);
      const tokens =
        outputPath === undefined || output === undefined
          ? undefined
          : readOutputTokens(file, entry, outputPath, output);
      isWholeFile = selection.offer(orderConversation(messages), {
        outputTokens: tokens,
        ...(timestampPath === undefined || timestamp === undefined
          ? {}
          : { arrivalMs: readTimestamp(file, entry, timestampPath, timestamp, plan.options['timestampUnit']) }),
      });
      if (!isWholeFile) break;
    }
    return finishSelection(file, plan, context, selection, {
      hasTurns: turns !== undefined,
      isWholeFile,
      hasArrivals: timestamp !== undefined,
    });
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

/** @returns ms on the recording's own clock. */
function readTimestamp(file: DatasetFile, entry: JsonEntry, pathText: string, path: JsonPath, unit: unknown): number {
  const value = followJsonPath(entry.value, path);
  if (typeof value === 'number' && Number.isFinite(value)) return unit === 's' ? value * 1_000 : value;
  const parsedMs = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isFinite(parsedMs)) return parsedMs;
  return file.malformed(entry.line, {
    expected: `a number or a date and time at ${pathText}`,
    found: typeof value === 'string' ? `"${value.slice(0, 40)}"` : describeType(value),
    hint: 'Say with `timestamp` where each entry carries its arrival time, and with `timestamp-unit` what it counts.',
  });
}

/**
 * Where `turns` says nothing, all of the messages are one prompt; an answer after the last question says how long an answer is wanted.
 * Else each question is a turn.
 */
function chooseQuestions({ questions }: Conversation, turns: unknown): readonly Question[] {
  if (turns === undefined) return questions.slice(-1);
  if (turns === 'all') return questions;
  return questions.slice(0, typeof turns === 'number' ? turns : 1);
}
