import type { Draft } from '../../contract/draft.ts';
import type { ChatMessage, Prompt, PromptFacts } from './dataset.ts';

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

/** Of a prompt whose text is no longer needed: it would be in memory as long as its request is under way. */
export function factsOf({ inputTokens, outputTokens, dataset, session, turn, turns }: Prompt): PromptFacts {
  const facts: Draft<PromptFacts> = {};
  if (inputTokens !== undefined) facts.inputTokens = inputTokens;
  if (outputTokens !== undefined) facts.outputTokens = outputTokens;
  if (dataset !== undefined) facts.dataset = dataset;
  if (session !== undefined) facts.session = session;
  if (turn !== undefined) facts.turn = turn;
  if (turns !== undefined) facts.turns = turns;
  return facts;
}

/** Leaves out what is not known, as `exactOptionalPropertyTypes` wants. */
export function createPrompt(
  messages: readonly ChatMessage[],
  facts: { readonly [Key in 'inputTokens' | 'outputTokens' | 'session' | 'turn']: Prompt[Key] | undefined } & {
    readonly turns?: number;
  },
): Prompt {
  const prompt: Draft<Prompt> = { messages, text: textOfMessages(messages) };
  const { inputTokens, outputTokens, session, turn, turns } = facts;
  if (inputTokens !== undefined) prompt.inputTokens = inputTokens;
  if (outputTokens !== undefined) prompt.outputTokens = outputTokens;
  if (session !== undefined) prompt.session = session;
  if (turn !== undefined) prompt.turn = turn;
  if (turns !== undefined) prompt.turns = turns;
  return prompt;
}
