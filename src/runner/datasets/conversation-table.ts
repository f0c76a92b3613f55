/**
 * Conversations as a worker gets them: all text in one SharedArrayBuffer that every worker reads, with numbers beside it, so that a
 * gigabyte of conversations is held once whatever the number of workers.
 */
import type { ChatMessage } from './dataset.ts';
import type { Conversation } from './conversation.ts';

/** Prompts of one conversation that are to be sent, with their lengths. Those of `buildConversationTable` come in order of arrival. */
export interface PreparedConversation {
  readonly conversation: Conversation;
  readonly prompts: readonly PreparedPrompt[];
  /** When it arrived, by the dataset's own clock, ms. */
  readonly arrivalMs?: number | undefined;
}

export interface PreparedPrompt {
  readonly messageCount: number;
  readonly inputTokens: number;
  /** Length of the recorded answer. */
  readonly outputTokens: number | undefined;
  /** Number of the question within its conversation, from 1. */
  readonly turn: number;
}

/** Survives structured cloning without a copy. */
export interface ConversationTable {
  /** UTF-8 of all messages, one after the other. */
  readonly text: SharedArrayBuffer;
  /** Where each message ends in `text`. */
  readonly messageEnds: Float64Array<SharedArrayBuffer>;
  /** Index into ROLES for each message. */
  readonly messageRoles: Uint8Array<SharedArrayBuffer>;
  /** Six numbers for each prompt: see PROMPT. */
  readonly prompts: Float64Array<SharedArrayBuffer>;
  /** Whether a conversation may have several prompts. */
  readonly hasTurns: boolean;
  /** When each conversation arrived, ms since the first, ascending; absent where the dataset does not say. */
  readonly arrivalsMs?: Float64Array<SharedArrayBuffer>;
}

export interface TablePrompt {
  readonly conversation: number;
  readonly messageCount: number;
  readonly messages: readonly ChatMessage[];
  readonly inputTokens: number;
  readonly outputTokens: number | undefined;
  readonly turn: number;
}

const ROLES: readonly ChatMessage['role'][] = ['system', 'user', 'assistant'];
const PROMPT = { conversation: 0, firstMessage: 1, messageCount: 2, inputTokens: 3, outputTokens: 4, turn: 5 } as const;
const PROMPT_WIDTH = 6;

export function buildConversationTable(
  conversations: readonly PreparedConversation[],
  hasTurns: boolean,
): ConversationTable {
  const encoder = new TextEncoder();
  const used = conversations.map(({ conversation, prompts }) => {
    const count = Math.max(...prompts.map(({ messageCount }) => messageCount));
    return conversation.messages.slice(0, count);
  });
  const messages = used.flat();
  // Twice over the text, so that it is held only once: UTF-8 needs to be measured before it is written.
  const textBytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  const text = new SharedArrayBuffer(textBytes);
  const messageEnds = sharedNumbers(messages.length);
  const messageRoles = new Uint8Array(new SharedArrayBuffer(messages.length));
  let end = 0;
  messages.forEach(({ role, content }, index) => {
    end += encoder.encodeInto(content, new Uint8Array(text, end)).written;
    messageEnds[index] = end;
    messageRoles[index] = ROLES.indexOf(role);
  });

  const prompts = sharedNumbers(conversations.reduce((sum, each) => sum + each.prompts.length, 0) * PROMPT_WIDTH);
  let firstMessage = 0;
  let offset = 0;
  conversations.forEach((each, conversation) => {
    for (const { messageCount, inputTokens, outputTokens, turn } of each.prompts) {
      prompts.set([conversation, firstMessage, messageCount, inputTokens, outputTokens ?? Number.NaN, turn], offset);
      offset += PROMPT_WIDTH;
    }
    firstMessage += used[conversation]?.length ?? 0;
  });
  const table = { text, messageEnds, messageRoles, prompts, hasTurns };
  const [earliest] = conversations;
  if (earliest?.arrivalMs === undefined) return table;
  const arrivalsMs = sharedNumbers(conversations.length);
  arrivalsMs.set(conversations.map(({ arrivalMs = 0 }) => arrivalMs - (earliest.arrivalMs ?? 0)));
  return { ...table, arrivalsMs };
}

export function promptCount(table: ConversationTable): number {
  return table.prompts.length / PROMPT_WIDTH;
}

/** @param what `numbers`: without the messages. */
export function readTablePrompt(table: ConversationTable, index: number, what: 'all' | 'numbers' = 'all'): TablePrompt {
  const field = (name: keyof typeof PROMPT): number => table.prompts[index * PROMPT_WIDTH + PROMPT[name]] as number;
  const first = field('firstMessage');
  const outputTokens = field('outputTokens');
  return {
    conversation: field('conversation'),
    messageCount: field('messageCount'),
    messages: Array.from({ length: what === 'all' ? field('messageCount') : 0 }, (_, offset) =>
      readMessage(table, first + offset),
    ),
    inputTokens: field('inputTokens'),
    outputTokens: Number.isNaN(outputTokens) ? undefined : outputTokens,
    turn: field('turn'),
  };
}

function readMessage(table: ConversationTable, index: number): ChatMessage {
  const start = index === 0 ? 0 : (table.messageEnds[index - 1] as number);
  const end = table.messageEnds[index] as number;
  return {
    role: ROLES[table.messageRoles[index] as number] as ChatMessage['role'],
    // Buffer reads shared memory directly; TextDecoder refuses it.
    content: Buffer.from(table.text, start, end - start).toString('utf8'),
  };
}

function sharedNumbers(length: number): Float64Array<SharedArrayBuffer> {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}
