/** What a parsed OpenAI event or answer says. Whatever comes is data of a stranger: every field may be missing or of another type. */
import type { Draft } from '../../../contract/draft.ts';
import { READ_ANSWER, READ_OUTPUT } from '../backend.ts';

/** Chat carries a `delta`, or a whole `message` when not streamed; completions carry `text`. */
export type AnswerShape = 'chat' | 'completions';

export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly reasoningTokens?: number;
  readonly cachedTokens?: number;
}

export interface EventMeaning {
  /** READ_ bits. */
  readonly bits: number;
  /** All output strings, in order. */
  readonly texts: readonly string[];
  /** Where the only output string stands, if nothing else in the event matters: the event may serve as a template. */
  readonly plainKey?: string;
  /** Where in `texts` the answer begins: what is before it is reasoning. */
  readonly answerFrom: number;
  readonly finishReason?: string;
  readonly usage?: Usage;
  /** The server's words about what went wrong. */
  readonly error?: string;
}

type Json = Readonly<Record<string, unknown>>;

/** `undefined`: not an object, so not an event at all. `part`: one event of a stream, or a whole answer. */
export function readEvent(value: unknown, shape: AnswerShape, part: 'event' | 'whole'): EventMeaning | undefined {
  if (!isObject(value)) return undefined;
  const error = readError(value);
  if (error !== undefined) return { bits: 0, texts: [], answerFrom: 0, error };
  const outputs = new Outputs();
  let finishReason: string | undefined;
  const choices: unknown = value['choices'];
  for (const choice of Array.isArray(choices) ? (choices as readonly unknown[]) : NONE) {
    if (!isObject(choice)) continue;
    if (typeof choice['finish_reason'] === 'string') finishReason = choice['finish_reason'];
    if (shape === 'completions') outputs.add(choice['text'], 'text', READ_OUTPUT | READ_ANSWER);
    else readMessage(choice[part === 'event' ? 'delta' : 'message'], outputs);
  }
  const usage = readUsage(value['usage']);
  const isPlain = outputs.texts.length === 1 && finishReason === undefined && usage === undefined;
  // Set one by one, not spread: of each answer a few events come here.
  const meaning: Draft<EventMeaning> = {
    bits: outputs.bits,
    texts: outputs.texts,
    answerFrom: outputs.answerFrom ?? outputs.texts.length,
  };
  if (isPlain && outputs.key !== undefined) meaning.plainKey = outputs.key;
  if (finishReason !== undefined) meaning.finishReason = finishReason;
  if (usage !== undefined) meaning.usage = usage;
  return meaning;
}

const NONE: readonly never[] = [];

class Outputs {
  bits = 0;
  answerFrom: number | undefined;
  /** Key of the newest output, where it is a string right under a key of its own. */
  key: string | undefined;
  private list: string[] | undefined;

  get texts(): readonly string[] {
    return this.list ?? NONE;
  }

  add(text: unknown, key: string | undefined, bits: number): void {
    if (typeof text !== 'string' || text === '') return;
    this.bits |= bits;
    if ((bits & READ_ANSWER) !== 0) this.answerFrom ??= this.texts.length;
    if (this.list === undefined) this.list = [text];
    else this.list.push(text);
    this.key = key;
  }
}

function readMessage(message: unknown, outputs: Outputs): void {
  if (!isObject(message)) return;
  outputs.add(message['reasoning_content'], 'reasoning_content', READ_OUTPUT);
  // Some servers send the same text under both names.
  if (message['reasoning'] !== message['reasoning_content'])
    outputs.add(message['reasoning'], 'reasoning', READ_OUTPUT);
  if (Array.isArray(message['content'])) readParts(message['content'], outputs);
  else outputs.add(message['content'], 'content', READ_OUTPUT | READ_ANSWER);
  outputs.add(message['refusal'], 'refusal', READ_OUTPUT | READ_ANSWER);
  readCall(message['function_call'], outputs);
  if (Array.isArray(message['tool_calls']))
    for (const call of message['tool_calls']) if (isObject(call)) readCall(call['function'], outputs);
}

/** Content as a list of parts: text, and with some servers the thinking before it. */
function readParts(parts: readonly unknown[], outputs: Outputs): void {
  for (const part of parts) {
    if (!isObject(part)) continue;
    outputs.add(part['text'], undefined, READ_OUTPUT | READ_ANSWER);
    if (Array.isArray(part['thinking'])) {
      for (const thought of part['thinking'])
        if (isObject(thought)) outputs.add(thought['text'], undefined, READ_OUTPUT);
    } else outputs.add(part['thinking'], undefined, READ_OUTPUT);
  }
}

function readCall(call: unknown, outputs: Outputs): void {
  if (!isObject(call)) return;
  outputs.add(call['name'], undefined, READ_OUTPUT | READ_ANSWER);
  outputs.add(call['arguments'], undefined, READ_OUTPUT | READ_ANSWER);
}

function readUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const details = value['completion_tokens_details'];
  const promptDetails = value['prompt_tokens_details'];
  const inputTokens = readCount(value['prompt_tokens']);
  const outputTokens = readCount(value['completion_tokens']);
  const reasoningTokens = readCount(isObject(details) ? details['reasoning_tokens'] : value['reasoning_tokens']);
  const cachedTokens = isObject(promptDetails) ? readCount(promptDetails['cached_tokens']) : undefined;
  const usage: Draft<Usage> = {};
  if (inputTokens !== undefined) usage.inputTokens = inputTokens;
  if (outputTokens !== undefined) usage.outputTokens = outputTokens;
  if (reasoningTokens !== undefined) usage.reasoningTokens = reasoningTokens;
  if (cachedTokens !== undefined) usage.cachedTokens = cachedTokens;
  return usage;
}

function readCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** `{ error: … }` in its many forms, and vLLM's older `{ object: 'error', message }`. */
function readError(value: Json): string | undefined {
  const error = value['error'];
  if (typeof error === 'string' && error !== '') return error;
  if (isObject(error)) return typeof error['message'] === 'string' ? error['message'] : JSON.stringify(error);
  if (value['object'] === 'error')
    return typeof value['message'] === 'string' ? value['message'] : JSON.stringify(value);
  return undefined;
}

/** The `error` object's message of a JSON body, or the body as it is. */
export function errorText(body: string): string {
  try {
    const value: unknown = JSON.parse(body);
    if (!isObject(value)) return body;
    const error = readError(value);
    if (error !== undefined) return error;
    // FastAPI and others: { detail } or { message }.
    if (typeof value['detail'] === 'string') return value['detail'];
    if (typeof value['message'] === 'string') return value['message'];
  } catch {
    // Not JSON: the text itself is what the server said.
  }
  return body;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
