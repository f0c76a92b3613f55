/** An answer of the simulator under way, and the texts that are due in it. */
import type { HttpAnswer } from '../platform/http-server.ts';
import type { AnswerFormat } from './answer-format.ts';
import type { EngineRequest } from './engine-model.ts';
import type { Fault } from './faults.ts';

export interface Generation extends EngineRequest {
  readonly answer: HttpAnswer;
  readonly format: AnswerFormat;
  readonly isStreaming: boolean;
  /** Absent: the request named no length. */
  readonly askedTokens: number | undefined;
  readonly receivedMs: number;
  readonly requestId: string | undefined;
  readonly fault: Fault | undefined;
  /** Kept where there is a record. */
  readonly writtenAfterMs: number[];
  generatedTokens: number;
  /** When the engine's first and newest token came. */
  firstMs: number | undefined;
  lastMs: number | undefined;
  /** Texts that wait for the end of a stall. */
  held: HeldText[] | undefined;
  /** Complete, or its client is gone: nothing more is written, and it stands in the record. */
  isOver: boolean;
}

export interface HeldText {
  readonly text: string;
  readonly isLast: boolean;
}

/** What is to be written for the token with this index; `undefined`: nothing, the answer is not streamed and not complete. */
export function textOf(generation: Generation, index: number): HeldText | undefined {
  const { format, isStreaming, fault } = generation;
  const isLast = index === generation.outputTokens - 1;
  if (isStreaming) {
    const end = isLast && fault?.kind !== 'no-done' ? format.end() : '';
    return { text: format.token(index) + end, isLast };
  }
  if (!isLast) return undefined;
  const whole = format.whole();
  return { text: fault?.kind === 'malformed' ? whole.slice(0, whole.length / 2) : whole, isLast };
}

/** An event that begins like one and is not JSON. */
export const MALFORMED_EVENT = 'data: {"id": "chatcmpl-broken", "choices": [{"delta": {"content": \n\n';

export function streamErrorText(): string {
  const error = { message: 'An error made on purpose (fault-stream-error).', type: 'InternalServerError', code: 500 };
  return `data: ${JSON.stringify({ error })}\n\ndata: [DONE]\n\n`;
}
