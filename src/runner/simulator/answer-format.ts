/**
 * The texts of one answer as OpenAI-compatible engines send them: for streams a first chunk with nothing but the role, one chunk per
 * token, a chunk with the finish reason, a usage chunk without choices where asked for, `[DONE]`. All of it is ASCII.
 */
import { ONE_TOKEN_WORDS } from '../datasets/one-token-words.ts';
import type { GenerationRequest } from './generation-request.ts';
import { wordToken } from './prompt-tokens.ts';

export interface AnswerFormat {
  /** Sent with the head of a stream, before any token. */
  start(): string;
  token(index: number): string;
  /** Which token stands at this place of the answer, as a prompt that repeats the answer would have it. */
  tokenAt(index: number): number;
  /** What follows the last token. */
  end(): string;
  /** The answer of a request without `stream`. */
  whole(): string;
}

export interface AnswerFacts {
  readonly number: number;
  readonly outputTokens: number;
  readonly createdEpochS: number;
  /** Prompt tokens found in the prefix cache, asked at the end; absent where there is none. */
  readonly cachedTokens?: () => number;
}

export function createAnswerFormat(request: GenerationRequest, facts: AnswerFacts): AnswerFormat {
  const isChat = request.api === 'chat';
  const head = {
    id: `${isChat ? 'chatcmpl' : 'cmpl'}-${facts.number}`,
    object: isChat ? (request.isStreaming ? 'chat.completion.chunk' : 'chat.completion') : 'text_completion',
    created: facts.createdEpochS,
    model: request.model,
  };
  const finishReason = request.askedOutputTokens === undefined ? 'stop' : 'length';
  const usage = (): object => ({
    prompt_tokens: request.inputTokens,
    completion_tokens: facts.outputTokens,
    total_tokens: request.inputTokens + facts.outputTokens,
    ...(facts.cachedTokens === undefined ? {} : { prompt_tokens_details: { cached_tokens: facts.cachedTokens() } }),
  });
  const word = (index: number): string => `${index === 0 ? '' : ' '}${wordAt(facts.number, index)}`;
  const event = (value: object): string => `data: ${toAscii(JSON.stringify(value))}\n\n`;
  const chunk = (text: string | undefined, reason: string | null, isFirst = false): string =>
    event({
      ...head,
      choices: [
        isChat
          ? {
              index: 0,
              delta: { ...(isFirst ? { role: 'assistant' } : {}), ...(text === undefined ? {} : { content: text }) },
              logprobs: null,
              finish_reason: reason,
            }
          : { index: 0, text: text ?? '', logprobs: null, finish_reason: reason },
      ],
      // Engines that are asked for usage say `null` until they know it.
      ...(request.includeUsage ? { usage: null } : {}),
    });
  // A token's chunk differs from the next one's in its word only: the rest is made once per answer.
  const sample = chunk('|', null);
  const wordAtIndex = sample.lastIndexOf('"|"');
  const before = sample.slice(0, wordAtIndex);
  const after = sample.slice(wordAtIndex + 3);

  return {
    start: () => (isChat ? chunk('', null, true) : ''),
    token: (index) => `${before}"${word(index)}"${after}`,
    tokenAt: (index) => wordToken(wordAt(facts.number, index), isChat && index === 0 ? 'assistant' : undefined),
    end: () =>
      chunk(undefined, finishReason) +
      (request.includeUsage ? event({ ...head, choices: [], usage: usage() }) : '') +
      'data: [DONE]\n\n',
    whole: () => {
      const text = Array.from({ length: facts.outputTokens }, (_, index) => word(index)).join('');
      const choice = isChat ? { index: 0, message: { role: 'assistant', content: text } } : { index: 0, text };
      const choices = [{ ...choice, logprobs: null, finish_reason: finishReason }];
      return JSON.stringify({ ...head, choices, usage: usage() });
    },
  };
}

/** Looks like prose, and is the same for the same request number. */
function wordAt(number: number, index: number): string {
  const mixed = Math.imul(Math.imul(number + 1, 0x9e3779b1) ^ (index + 1), 0x85ebca6b) >>> 22;
  return ONE_TOKEN_WORDS[mixed % ONE_TOKEN_WORDS.length] ?? '';
}

/** A model may have any name; in a JSON string every character can be written in ASCII. */
function toAscii(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
