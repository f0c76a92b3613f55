/** What the simulator understands of an OpenAI request body; the rest (sampling, stop words …) is accepted and has no effect. */
import type { ApiError } from './api-error.ts';
import { promptTokens, type PromptPart } from './prompt-tokens.ts';

export interface GenerationRequest {
  readonly api: 'chat' | 'completions';
  readonly model: string;
  readonly isStreaming: boolean;
  readonly includeUsage: boolean;
  /** Words of the prompt: what `usage.prompt_tokens` says. */
  readonly inputTokens: number;
  /** A number of 32 bits for each of them, made when asked for. */
  tokens(): readonly number[];
  /** `max_completion_tokens` or `max_tokens`; absent: as the simulator's own distribution says. */
  readonly askedOutputTokens?: number;
}

const MOST_OUTPUT_TOKENS = 1_000_000;

export function readGenerationRequest(
  api: GenerationRequest['api'],
  bodyText: string,
  knownModel: string | undefined,
): GenerationRequest | ApiError {
  const { body, error } = readBody(bodyText);
  if (body === undefined) return error;
  const model = body['model'] ?? knownModel ?? 'simulator';
  if (typeof model !== 'string') return badRequest('`model` must be a string.');
  if (knownModel !== undefined && model !== knownModel)
    return { status: 404, type: 'NotFoundError', message: `The model \`${model}\` does not exist.` };
  if ((body['n'] ?? 1) !== 1) return badRequest('`n` must be 1.');
  const asked = body['max_completion_tokens'] ?? body['max_tokens'] ?? undefined;
  if (asked !== undefined && !(Number.isInteger(asked) && Number(asked) >= 1 && Number(asked) <= MOST_OUTPUT_TOKENS))
    return badRequest(
      `\`max_tokens\` must be an integer from 1 to ${MOST_OUTPUT_TOKENS}, got ${JSON.stringify(asked)}.`,
    );
  const inputTokens = api === 'chat' ? countChat(body['messages']) : countPrompt(body['prompt']);
  if (typeof inputTokens === 'string') return badRequest(inputTokens);
  const streamOptions = body['stream_options'];
  return {
    api,
    model,
    isStreaming: body['stream'] === true,
    includeUsage: isObject(streamOptions) && streamOptions['include_usage'] === true,
    inputTokens,
    tokens: () => tokensOf(api, body),
    ...(asked === undefined ? {} : { askedOutputTokens: Number(asked) }),
  };
}

/** What `/tokenize` answers: tokens of a `prompt` or of `messages`. */
export function readTokenizeRequest(bodyText: string): readonly number[] | ApiError {
  const { body, error } = readBody(bodyText);
  if (body === undefined) return error;
  const api = body['messages'] === undefined ? 'completions' : 'chat';
  const count = api === 'chat' ? countChat(body['messages']) : countPrompt(body['prompt']);
  return typeof count === 'string' ? badRequest(count) : tokensOf(api, body);
}

/** Of a body whose prompt was counted. */
function tokensOf(api: GenerationRequest['api'], body: Readonly<Record<string, unknown>>): readonly number[] {
  if (api === 'chat') return promptTokens((body['messages'] as readonly unknown[]).flatMap(partsOf));
  const prompt = body['prompt'];
  return typeof prompt === 'string' ? promptTokens([{ text: prompt }]) : (prompt as readonly number[]);
}

function partsOf(message: unknown): PromptPart[] {
  if (!isObject(message)) return [];
  const { content, role } = message;
  const roleText = typeof role === 'string' ? role : '';
  if (typeof content === 'string') return [{ text: content, role: roleText }];
  if (!Array.isArray(content)) return [];
  return content.flatMap((part: unknown) => {
    const text = isObject(part) ? part['text'] : undefined;
    return typeof text === 'string' ? [{ text, role: roleText }] : [];
  });
}

type Body =
  | { readonly body: Readonly<Record<string, unknown>>; readonly error?: never }
  | { readonly body?: never; readonly error: ApiError };

function readBody(text: string): Body {
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? { body } : { error: badRequest('The body must be a JSON object.') };
  } catch (error) {
    return { error: badRequest(`The body is not JSON: ${(error as Error).message}`) };
  }
}

function badRequest(message: string): ApiError {
  return { status: 400, type: 'BadRequestError', message };
}

function countChat(messages: unknown): number | string {
  if (!Array.isArray(messages) || messages.length === 0) return '`messages` must be a list with at least one message.';
  let words = 0;
  for (const message of messages) {
    const content: unknown = isObject(message) ? message['content'] : undefined;
    if (typeof content === 'string') words += countWords(content);
    else if (Array.isArray(content)) words += countParts(content);
    else if (content !== null) return 'Each message needs a `content`: a string or a list of parts.';
  }
  return words;
}

function countParts(parts: readonly unknown[]): number {
  return parts.reduce<number>((sum, part) => {
    const text = isObject(part) ? part['text'] : undefined;
    return sum + (typeof text === 'string' ? countWords(text) : 0);
  }, 0);
}

function countPrompt(prompt: unknown): number | string {
  if (typeof prompt === 'string') return countWords(prompt);
  if (Array.isArray(prompt) && prompt.length > 0 && prompt.every((token) => typeof token === 'number'))
    return prompt.length;
  return '`prompt` must be a string or a list of token numbers.';
}

/** Runs of characters other than white space. */
function countWords(text: string): number {
  let words = 0;
  let isInWord = false;
  for (let index = 0; index < text.length; index += 1) {
    const isSpace = text.charCodeAt(index) <= 0x20;
    if (!isSpace && !isInWord) words += 1;
    isInWord = !isSpace;
  }
  return words;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
