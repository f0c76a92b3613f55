/** How a protocol speaks: what a request looks like on the wire, and what each network read of its answer carried. */
import type { BackendPlan } from '../../contract/plan.ts';
import type { FailureReason } from '../../contract/outcome.ts';
import type { Prompt } from '../datasets/dataset.ts';

export interface WireRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query, appended to the backend's origin. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Text goes out as UTF-8. */
  readonly body: string | undefined;
}

/** What one network read carried, as bits. */
export const READ_OUTPUT = 1;
/** The output was answer text or a tool call, not reasoning. */
export const READ_ANSWER = 2;
/** The protocol said the stream is complete. */
export const READ_DONE = 4;
/** The answer failed; `end()` tells why. Reading may stop. */
export const READ_FAILED = 8;

/** Lower-case names. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface AnswerEnd {
  /** `undefined`: a complete, non-empty answer. */
  readonly failure?: { readonly reason: FailureReason; readonly detail?: string };
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly reasoningTokens?: number;
  readonly cachedTokens?: number;
  readonly finishReason?: string;
  /** READ_OUTPUT and READ_ANSWER, where only the end of the body made output readable: it came with the last read. */
  readonly bits?: number;
  /** Whole output text, kept only when the reader was asked to (local tokenizer). */
  readonly text?: string;
  /** What a user sees of it: without the reasoning before it. Absent where that is all of `text`. */
  readonly answerText?: string;
}

/**
 * Reads one answer. Called on the thread that stamps, after the stamp was taken: it must be quick and hold bounded memory.
 * It never throws, whatever bytes come. Readers are used again: what one answer leaves behind would be read into the next.
 */
export interface AnswerReader {
  /** Status line and headers. Non-2xx answers are read too: their body becomes `detail`. */
  head(status: number, headers: ResponseHeaders): void;
  /**
   * What one network read brought of the body: `bytes` from `start` to `end`, or all of them; good until the call returns. Returns READ_
   * bits. A read that brings several pieces calls several times.
   */
  read(bytes: Uint8Array, start?: number, end?: number): number;
  /** The body is over: `complete` when the transport ended it properly, not by reset. */
  end(complete: boolean): AnswerEnd;
  /** Forgets the answer: it reads another one now, as a new reader would. */
  reset(): void;
}

export interface Backend {
  /** Answers are streamed. Where they are not, there is no first output to time, and only `connect` and `total` can time out. */
  readonly streams: boolean;
  /** Bytes of one request. Called before the request is due. */
  prepare(prompt: Prompt): WireRequest;
  createReader(options: { readonly keepText: boolean }): AnswerReader;
  /** Requests a preflight may send: the models the endpoint offers, in the order to try. */
  readonly probes: { readonly modelsPath?: string };
}

/** Makes the backend from its plan; `secrets` holds the values of the plan's references. */
export type CreateBackend = (plan: BackendPlan, secrets: Readonly<Record<string, string>>) => Backend;
