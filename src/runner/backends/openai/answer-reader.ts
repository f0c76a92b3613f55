/** Reads the answers of OpenAI-compatible servers, streamed and whole, and says what is wrong with those that are not one. */
import type { Draft } from '../../../contract/draft.ts';
import type { FailureReason } from '../../../contract/outcome.ts';
import { ByteBuffer } from '../../request/byte-buffer.ts';
import { SseFramer } from '../../request/sse.ts';
import {
  READ_ANSWER,
  READ_DONE,
  READ_FAILED,
  READ_OUTPUT,
  type AnswerEnd,
  type AnswerReader,
  type ResponseHeaders,
} from '../backend.ts';
import { errorText, readEvent, type AnswerShape, type Usage } from './event-meaning.ts';
import { EventTemplate } from './event-template.ts';

/** A whole answer that is not streamed. */
const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
/** What is kept of an answer that only says what went wrong. */
const MAX_COMPLAINT_BYTES = 4096;
/** How much of such an answer is read on, so that its connection can be used again. */
const MAX_COMPLAINT_READ_BYTES = 64 * 1024;
/** Output text kept for a local tokenizer. */
const MAX_TEXT_BYTES = 8 * 1024 * 1024;

const NOT_A_STREAM =
  'one JSON document instead of a stream: the server does not stream this answer (with `stream off` it can be measured without first-token times)';

const DONE = '[DONE]';
const LESS_THAN = 60;
const LEFT_BRACE = 123;
const QUOTE = 34;
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const toUtf8 = new TextEncoder();

/** How the body is read: by status first, then by what it looks like, since `content-type` is often wrong. */
type Mode = 'undecided' | 'stream' | 'document' | 'complaint';

export interface ReaderOptions {
  readonly shape: AnswerShape;
  /** The request asked for a stream. */
  readonly streams: boolean;
  readonly keepText: boolean;
}

export class OpenAiAnswerReader implements AnswerReader {
  private readonly options: ReaderOptions;
  private readonly framer = new SseFramer();
  private readonly template = new EventTemplate();
  /** Output as the inside of one JSON string: pieces are appended as they came, escapes and all. */
  private readonly text: ByteBuffer | undefined;
  /** Where in `text` the answer begins, once it has; what is before it is reasoning. */
  private answerStart: number | undefined;
  private readonly body: ByteBuffer;
  private mode: Mode = 'undecided';
  private status = 0;
  /** Of a refusal: its headers that say what to do. */
  private advice = '';
  private contentType = '';
  private complaintBytes = 0;
  private failure: { readonly reason: FailureReason; readonly detail?: string } | undefined;
  private hasOutput = false;
  private isDone = false;
  private finishReason: string | undefined;
  private usage: Usage | undefined;

  constructor(options: ReaderOptions) {
    this.options = options;
    this.text = options.keepText ? new ByteBuffer(MAX_TEXT_BYTES) : undefined;
    this.body = new ByteBuffer(MAX_DOCUMENT_BYTES);
  }

  reset(): void {
    this.framer.reset();
    this.template.reset();
    this.text?.reset();
    this.body.reset();
    this.answerStart = undefined;
    this.mode = 'undecided';
    this.status = 0;
    this.advice = '';
    this.contentType = '';
    this.complaintBytes = 0;
    this.failure = undefined;
    this.hasOutput = false;
    this.isDone = false;
    this.finishReason = undefined;
    this.usage = undefined;
  }

  head(status: number, headers: ResponseHeaders): void {
    this.status = status;
    this.contentType = String(headers['content-type'] ?? '');
    if (status >= 200 && status < 300) return;
    this.mode = 'complaint';
    for (const name of ['retry-after', 'location']) {
      const value = headers[name];
      if (value !== undefined) this.advice += `[${name}: ${String(value)}] `;
    }
  }

  read(bytes: Uint8Array, start = 0, end = bytes.length): number {
    if (this.failure !== undefined) return READ_FAILED;
    if (this.mode === 'undecided') this.decide(bytes, start, end);
    switch (this.mode) {
      case 'undecided':
      case 'stream':
        return this.readStream(bytes, start, end);
      case 'document':
        return this.body.append(bytes, start, end)
          ? 0
          : this.fail('too-large', `an answer of more than ${MAX_DOCUMENT_BYTES} bytes`);
      case 'complaint':
        return this.readComplaint(bytes, start, end);
    }
  }

  end(complete: boolean): AnswerEnd {
    let bits = 0;
    if (this.failure === undefined) {
      if (this.mode === 'document') bits = this.endDocument(complete);
      else if (this.mode === 'complaint') this.endComplaint();
      else bits = this.endStream(complete);
    }
    const { failure, usage, finishReason, text } = this;
    const end: Draft<AnswerEnd> = { ...usage };
    if (failure !== undefined) end.failure = failure;
    if (bits !== 0) end.bits = bits;
    if (finishReason !== undefined) end.finishReason = finishReason;
    if (text === undefined) return end;
    end.text = this.outputText(0);
    if (this.answerStart !== 0) end.answerText = this.outputText(this.answerStart ?? text.length);
    return end;
  }

  private decide(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    while (at < end && isBlankOrMark(bytes[at] as number)) at += 1;
    if (at === end) return;
    const first = bytes[at];
    if (first === LEFT_BRACE) this.mode = 'document';
    else if (first === LESS_THAN || !this.options.streams) this.mode = 'complaint';
    else this.mode = 'stream';
  }

  private readStream(bytes: Uint8Array, start: number, end: number): number {
    const { framer, template } = this;
    let bits = 0;
    let at = start;
    while (at < end && !this.isDone) {
      const begin = at;
      const isWholeEvent = framer.isBetweenEvents;
      if (isWholeEvent) {
        const eventEnd = template.match(bytes, at, end);
        if (eventEnd >= 0) {
          this.hasOutput = true;
          bits |= template.bits;
          if ((template.bits & READ_ANSWER) !== 0) this.answerStart ??= this.text?.length;
          if (this.text !== undefined && !this.text.append(bytes, template.textStart, template.textEnd))
            return bits | this.failTextTooLong();
          at = eventEnd;
          continue;
        }
      }
      at = framer.advance(bytes, at, end);
      if (framer.isTooLarge)
        return bits | this.fail('too-large', 'a line or an event of more than a mebibyte in the stream');
      if (!framer.hasEvent) continue;
      bits |= isWholeEvent ? this.readOneEvent(bytes, begin, at) : this.readOneEvent();
      if ((bits & READ_FAILED) !== 0) return bits;
    }
    return bits;
  }

  /** Of the framer's event; `bytes` from `start` to `end`, where given, are all of it as it came. */
  private readOneEvent(bytes?: Uint8Array, start = 0, end = 0): number {
    if (this.framer.isData(DONE)) return this.endOfEvents();
    const data = this.framer.data();
    if (data.startsWith(DONE) && data.trimEnd() === DONE) return this.endOfEvents();
    if (this.framer.name === 'error') return this.fail('error-in-stream', errorText(data));
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      return this.fail('malformed-stream', `not JSON: ${data.slice(0, MAX_COMPLAINT_BYTES)}`);
    }
    const event = readEvent(value, this.options.shape, 'event');
    if (event === undefined)
      return this.fail('malformed-stream', `not an object: ${data.slice(0, MAX_COMPLAINT_BYTES)}`);
    if (event.error !== undefined) return this.fail('error-in-stream', event.error);
    this.finishReason = event.finishReason ?? this.finishReason;
    this.usage = event.usage ?? this.usage;
    if ((event.bits & READ_OUTPUT) === 0) return 0;
    this.hasOutput = true;
    if (!this.keepTexts(event.texts, event.answerFrom)) return this.failTextTooLong();
    if (event.plainKey !== undefined && bytes !== undefined)
      this.template.learn(bytes, start, end, event.plainKey, event.texts[0] ?? '', event.bits);
    return event.bits;
  }

  private endOfEvents(): number {
    this.isDone = true;
    return READ_DONE;
  }

  private readComplaint(bytes: Uint8Array, start: number, end: number): number {
    const room = Math.max(0, MAX_COMPLAINT_BYTES - this.body.length);
    this.body.append(bytes, start, Math.min(start + room, end));
    this.complaintBytes += end - start;
    if (this.complaintBytes <= MAX_COMPLAINT_READ_BYTES) return 0;
    this.endComplaint();
    return READ_FAILED;
  }

  private endStream(complete: boolean): number {
    let bits = 0;
    if (complete && this.framer.finish()) bits = this.readOneEvent() & (READ_OUTPUT | READ_ANSWER);
    if (this.failure !== undefined || this.isDone) {
      if (this.failure === undefined && !this.hasOutput) this.fail('empty-answer');
      return bits;
    }
    const { unknownField } = this.framer;
    // llama.cpp's servers of old: a field of its own instead of data.
    if (unknownField?.name === 'error') this.fail('error-in-stream', errorText(unknownField.value));
    else if (!this.hasOutput && unknownField !== undefined)
      this.fail('wrong-content', this.notWhatWasAsked(`${unknownField.name}: ${unknownField.value}`));
    else if (!complete) this.fail('stream-cut', 'the connection ended in the middle of the answer');
    else if (!this.hasOutput) this.fail('empty-answer');
    // Servers that never say [DONE] say at least why they stopped.
    else if (this.finishReason === undefined)
      this.fail('stream-cut', 'the answer ended with neither [DONE] nor a finish_reason');
    return bits;
  }

  private endDocument(complete: boolean): number {
    const body = utf8.decode(this.body.view());
    let event: ReturnType<typeof readEvent>;
    try {
      event = readEvent(JSON.parse(body), this.options.shape, 'whole');
    } catch {
      event = undefined;
    }
    if (event === undefined) {
      if (!complete) this.fail('stream-cut', 'the connection ended in the middle of the answer');
      else this.fail('wrong-content', this.notWhatWasAsked(body));
      return 0;
    }
    if (event.error !== undefined) this.fail('error-in-stream', event.error);
    else if (this.options.streams) this.fail('wrong-content', NOT_A_STREAM);
    else if ((event.bits & READ_OUTPUT) === 0) this.fail('empty-answer');
    if (this.failure !== undefined) return 0;
    this.usage = event.usage;
    this.finishReason = event.finishReason;
    if (!this.keepTexts(event.texts, event.answerFrom)) this.failTextTooLong();
    return event.bits;
  }

  private endComplaint(): void {
    const said = utf8.decode(this.body.view());
    if (this.status >= 200 && this.status < 300) {
      this.fail('wrong-content', this.notWhatWasAsked(said));
      return;
    }
    const detail = `${this.advice}${errorText(said)}`;
    this.fail(reasonOfStatus(this.status), detail === '' ? undefined : detail);
  }

  private notWhatWasAsked(said: string): string {
    return `${this.contentType === '' ? 'no content-type' : this.contentType}: ${said}`;
  }

  private keepTexts(texts: readonly string[], answerFrom: number): boolean {
    const { text } = this;
    return (
      text === undefined ||
      texts.every((each, index) => {
        if (index >= answerFrom) this.answerStart ??= text.length;
        const quoted = toUtf8.encode(JSON.stringify(each));
        return text.append(quoted, 1, quoted.length - 1);
      })
    );
  }

  private outputText(from: number): string {
    if (this.text === undefined) return '';
    const quoted = new Uint8Array(this.text.length - from + 2).fill(QUOTE);
    quoted.set(this.text.view().subarray(from), 1);
    return JSON.parse(utf8.decode(quoted)) as string;
  }

  private failTextTooLong(): number {
    return this.fail('too-large', `more than ${MAX_TEXT_BYTES} bytes of output`);
  }

  private fail(reason: FailureReason, detail?: string): number {
    this.failure ??= detail === undefined ? { reason } : { reason, detail };
    return READ_FAILED;
  }
}

function reasonOfStatus(status: number): FailureReason {
  if (status === 429) return 'rate-limited';
  if (status === 401 || status === 403) return 'unauthorized';
  return status === 404 ? 'not-found' : 'http-status';
}

function isBlankOrMark(byte: number): boolean {
  return byte <= 32 || byte === 0xef || byte === 0xbb || byte === 0xbf;
}
