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
export function factsOf(prompt: Prompt): PromptFacts {
  return withFacts<Draft<PromptFacts>>({}, prompt);
}

export function createPrompt(messages: readonly ChatMessage[], facts: Known): Prompt {
  return withFacts<Draft<Prompt>>({ messages, text: textOfMessages(messages) }, facts);
}

type Known = { readonly [Key in keyof PromptFacts]?: PromptFacts[Key] | undefined };

/** Leaves out what is not known, as `exactOptionalPropertyTypes` wants. */
function withFacts<To extends Draft<PromptFacts>>(to: To, facts: Known): To {
  const { inputTokens, outputTokens, dataset, session, turn, turns } = facts;
  if (inputTokens !== undefined) to.inputTokens = inputTokens;
  if (outputTokens !== undefined) to.outputTokens = outputTokens;
  if (dataset !== undefined) to.dataset = dataset;
  if (session !== undefined) to.session = session;
  if (turn !== undefined) to.turn = turn;
  if (turns !== undefined) to.turns = turns;
  return to;
}
