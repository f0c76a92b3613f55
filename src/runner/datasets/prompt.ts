import type { ChatMessage, Prompt } from './dataset.ts';

const SPEAKERS: Readonly<Record<ChatMessage['role'], string>> = {
  system: '',
  user: 'User: ',
  assistant: 'Assistant: ',
};

/** The prompt of a completion endpoint: the message itself, or a transcript that the model is to go on with. */
function textOfMessages(messages: readonly ChatMessage[]): string {
  const [only] = messages;
  if (only !== undefined && messages.length === 1) return only.content;
  return [...messages.map(({ role, content }) => SPEAKERS[role] + content), 'Assistant:'].join('\n\n');
}

/** Leaves out what is not known, as `exactOptionalPropertyTypes` wants. */
export function createPrompt(
  messages: readonly ChatMessage[],
  facts: { readonly [Key in 'inputTokens' | 'outputTokens' | 'session' | 'turn']: Prompt[Key] | undefined } & {
    readonly turns?: number;
  },
): Prompt {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  return { messages, text: textOfMessages(messages), ...Object.fromEntries(known) };
}
