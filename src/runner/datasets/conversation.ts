/** Recorded conversations, put in order: what people exported to files is rarely as clean as its format. */
import type { ChatMessage } from './dataset.ts';

/** A question of a conversation, and what stood around it. */
export interface Question {
  /** Messages of the conversation up to and including the question. */
  readonly messageCount: number;
  /** The recorded answer; `undefined` if there is none. */
  readonly answer: string | undefined;
}

export interface Conversation {
  readonly messages: readonly ChatMessage[];
  readonly questions: readonly Question[];
}

const ROLES: Readonly<Record<string, ChatMessage['role']>> = {
  system: 'system',
  developer: 'system',
  human: 'user',
  user: 'user',
  prompter: 'user',
  gpt: 'assistant',
  assistant: 'assistant',
  chatgpt: 'assistant',
  bing: 'assistant',
  bard: 'assistant',
  model: 'assistant',
  bot: 'assistant',
};

/** One turn, as `{ from, value }` or `{ role, content }`, content being text or a list of parts; otherwise what is wrong with it. */
export function readTurn(turn: unknown): ChatMessage | string {
  if (typeof turn !== 'object' || turn === null) return `a turn that is ${describeType(turn)}`;
  const fields = turn as Record<string, unknown>;
  const speaker = fields['from'] ?? fields['role'];
  if (typeof speaker !== 'string') return 'a turn without `from` or `role`';
  const role = ROLES[speaker.toLowerCase()];
  if (role === undefined) return `a turn of an unknown speaker "${speaker}"`;
  const content = readContent(fields['value'] ?? fields['content']);
  return content === undefined ? 'a turn without text' : { role, content };
}

/**
 * Empty turns are left out, neighbouring turns of one speaker joined, what the assistant said before any question dropped.
 * A system message counts only at the beginning.
 */
export function orderConversation(turns: readonly ChatMessage[]): Conversation {
  const messages: { role: ChatMessage['role']; content: string }[] = [];
  for (const { role, content } of turns) {
    if (content.trim() === '') continue;
    const previous = messages.at(-1);
    if (role === 'system' && messages.some((message) => message.role !== 'system')) continue;
    if (role === 'assistant' && (previous === undefined || previous.role === 'system')) continue;
    if (previous?.role === role) previous.content += `\n\n${content}`;
    else messages.push({ role, content });
  }
  const questions = messages.flatMap(({ role }, index) =>
    role === 'user' ? [{ messageCount: index + 1, answer: messages[index + 1]?.content }] : [],
  );
  return { messages, questions };
}

function readContent(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (!Array.isArray(value)) return undefined;
  const texts = value.map((part: unknown) =>
    typeof part === 'string' ? part : (part as { text?: unknown } | null)?.text,
  );
  return texts.filter((text) => typeof text === 'string').join('\n');
}

export function describeType(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return `an object with ${listKeys(value)}`;
  return `a ${typeof value}`;
}

/** The first few keys, for messages. */
export function listKeys(value: object): string {
  const keys = Object.keys(value);
  if (keys.length === 0) return 'no fields';
  const shown = keys.slice(0, 6).map((key) => `\`${key.slice(0, 40)}\``);
  return `the fields ${shown.join(', ')}${keys.length > 6 ? ', …' : ''}`;
}
