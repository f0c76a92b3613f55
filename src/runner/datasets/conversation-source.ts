/** Prompts out of a table of conversations: what the file datasets have in common once they are loaded. */
import type { DatasetPlan } from '../../contract/plan.ts';
import {
  buildConversationTable,
  promptCount,
  readTablePrompt,
  type ConversationTable,
  type PreparedConversation,
  type TablePrompt,
} from './conversation-table.ts';
import type { Selection } from './conversation-selection.ts';
import type { ChatMessage, DatasetContext, LoadedDataset, PromptSource, SessionSource } from './dataset.ts';
import type { DatasetFile } from './dataset-file.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { outputLength } from './lengths.ts';
import { createRandom, sampleDistribution } from '../platform/random.ts';
import { distributionOption, numberOption } from './plan-options.ts';
import { createPrompt } from './prompt.ts';
import { headOf, type PromptHead } from './prompt-head.ts';
import { ASSUMED_WORD_POOL } from './word-pool.ts';

/** @throws RunError RUN_DATASET_EMPTY */
export function finishSelection(
  file: DatasetFile,
  plan: DatasetPlan,
  context: DatasetContext,
  selection: Selection,
  options: { readonly hasTurns: boolean; readonly isWholeFile: boolean; readonly hasArrivals?: boolean },
): LoadedDataset {
  const conversations = selection.take();
  const leftOut = [...selection.leftOut].map(([why, count]) => `${count} ${why}`).join(', ');
  if (conversations.length === 0)
    return file.empty(
      selection.entries === 0
        ? 'the file has no entries.'
        : `none of its ${selection.entries} entries can be used: ${leftOut}.`,
    );
  const ordered = options.hasArrivals === true ? conversations.toSorted(byArrival) : conversations;
  const table = buildConversationTable(ordered, options.hasTurns);
  const sample = numberOption(plan, 'sample');
  const read = `${selection.entries} entries ${options.isWholeFile ? '' : '(as many as were needed) '}of ${file.path} read`;
  return {
    size: promptCount(table),
    ...(table.arrivalsMs === undefined ? {} : { arrivalSpanMs: table.arrivalsMs.at(-1) ?? 0 }),
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

function byArrival(left: PreparedConversation, right: PreparedConversation): number {
  return (left.arrivalMs ?? 0) - (right.arrivalMs ?? 0);
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
  const headFor = (entry: TablePrompt, round: number, promptTokens: number): PromptHead =>
    // Where the data begins again its prompts would be known to the server; all turns of a conversation keep their head.
    headOf(plan, { seed, nonce, pool: ASSUMED_WORD_POOL }, [entry.conversation, round], {
      promptTokens,
      lengthOf: 'rest',
    });
  return {
    size,
    promptAt(index) {
      const entry = readTablePrompt(table, index % size);
      const head = headFor(entry, Math.floor(index / size), entry.inputTokens);
      return createPrompt(withHead(entry.messages, head), {
        inputTokens: entry.inputTokens + head.tokens,
        outputTokens: outputLength(plan, seed, index, entry.outputTokens),
        session: table.hasTurns ? sessionName(entry.conversation, Math.floor(index / size)) : undefined,
        turn: table.hasTurns ? entry.turn : undefined,
      });
    },
    ...(table.hasTurns ? { sessions: openSessions(table, { plan, seed, size, headFor }) } : {}),
    ...(table.arrivalsMs === undefined ? {} : { arrivalsMs: table.arrivalsMs }),
  };
}

function openSessions(
  table: ConversationTable,
  parts: {
    readonly plan: DatasetPlan;
    readonly seed: number;
    /** Prompts in the table. */
    readonly size: number;
    readonly headFor: (entry: TablePrompt, round: number, promptTokens: number) => PromptHead;
  },
): SessionSource {
  const { plan, seed, size, headFor } = parts;
  const firsts = firstPrompts(table);
  const hasRecordedAnswers = plan.options['answers'] === 'recorded';
  const think = distributionOption(plan, 'thinkMs');
  return {
    size: firsts.length,
    sessionAt(index) {
      const conversation = index % firsts.length;
      const round = Math.floor(index / firsts.length);
      const first = firsts[conversation] as number;
      const turns = (firsts[conversation + 1] ?? size) - first;
      const entryOf = (turn: number): TablePrompt => readTablePrompt(table, first + turn - 1);
      const lengthOf = (turn: number): number => readTablePrompt(table, first + turn - 1, 'numbers').messageCount;
      return {
        turns,
        promptAt(turn, answers) {
          const entry = entryOf(turn);
          // As long as for the first turn: later turns must begin as the earlier ones did.
          const head = headFor(entry, round, readTablePrompt(table, first, 'numbers').inputTokens);
          const isAsRecorded = hasRecordedAnswers || turn === 1;
          const said = isAsRecorded ? entry.messages : withAnswers(entry.messages, answers, lengthOf);
          return createPrompt(withHead(said, head), {
            inputTokens: isAsRecorded ? entry.inputTokens + head.tokens : undefined,
            outputTokens: outputLength(plan, seed, first + turn - 1 + round * size, entry.outputTokens),
            session: sessionName(conversation, round),
            turn,
            turns,
          });
        },
        thinkMs(turn) {
          if (think === undefined) return 0;
          return Math.max(0, sampleDistribution(think, createRandom(seed, 'session-think', index, turn)));
        },
      };
    },
  };
}

function sessionName(conversation: number, round: number): string {
  return round === 0 ? String(conversation) : `${conversation}.${round}`;
}

/** Index of the first prompt of each conversation. */
function firstPrompts(table: ConversationTable): readonly number[] {
  const firsts: number[] = [];
  let previous = -1;
  for (let index = 0; index < promptCount(table); index += 1) {
    const { conversation } = readTablePrompt(table, index, 'numbers');
    if (conversation !== previous) firsts.push(index);
    previous = conversation;
  }
  return firsts;
}

/** Answers to turns that were sent take the place of the recorded ones. */
function withAnswers(
  messages: readonly ChatMessage[],
  answers: readonly string[],
  /** How many messages a turn was sent with: the answer to it is the one after. */
  lengthOf: (turn: number) => number,
): readonly ChatMessage[] {
  const changed = [...messages];
  answers.forEach((content, index) => {
    const at = lengthOf(index + 1);
    const recorded = changed[at];
    if (recorded?.role === 'assistant') changed[at] = { role: 'assistant', content };
  });
  return changed;
}

function withHead(messages: readonly ChatMessage[], head: PromptHead): readonly ChatMessage[] {
  const [first, ...rest] = messages;
  if (head.text === '' || first === undefined) return messages;
  return [{ ...first, content: `${head.text}\n\n${first.content}` }, ...rest];
}
