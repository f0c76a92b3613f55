/** The simulated engine behind HTTP: reads requests, lets the model say when tokens are due, and writes them then. */
import { Histogram } from '../measure/histogram.ts';
import type { DeadlineTimer } from '../platform/deadline-timer.ts';
import type { HttpAnswer, HttpRequest } from '../platform/http-server.ts';
import { createRandom, sampleWhole } from '../platform/random.ts';
import { createAnswerFormat, type AnswerFormat } from './answer-format.ts';
import type { EngineModel, EngineRequest } from './engine-model.ts';
import { readGenerationRequest, type ApiError, type GenerationRequest } from './generation-request.ts';
import type { GroundTruthLine } from './ground-truth.ts';
import { readLateness, type Lateness } from './lateness.ts';
import type { SimulatorOptions } from './options.ts';

export interface SimulatorParts {
  readonly options: SimulatorOptions;
  readonly seed: number;
  readonly model: EngineModel<Generation>;
  /** Monotonic, common to all processes of the machine. */
  nowMs(): number;
  /** Wall clock, for `created` in answers only. */
  epochMs(): number;
  createTimer(callback: () => void): DeadlineTimer;
  /** Called when an answer is over. */
  record?(line: GroundTruthLine): void;
}

/** An answer under way. */
export interface Generation extends EngineRequest {
  readonly answer: HttpAnswer;
  readonly format: AnswerFormat;
  readonly isStreaming: boolean;
  readonly receivedMs: number;
  readonly requestId: string | undefined;
  readonly writtenAfterMs: number[];
  generatedTokens: number;
  /** Complete, or its client is gone: nothing more is written, and it stands in the record. */
  isOver: boolean;
}

/** A client that reads nothing is cut when this much waits for it, so that it cannot take all memory. */
const MOST_UNSENT_BYTES = 8 * 2 ** 20;
/** A few ms of writing; then requests are read before the rest is written. */
const MOST_TOKENS_A_TURN = 256;

export class Simulator {
  readonly #parts: SimulatorParts;
  readonly #timer: DeadlineTimer;
  readonly #lateness = new Histogram();
  #arrivals = 0;

  constructor(parts: SimulatorParts) {
    this.#parts = parts;
    this.#timer = parts.createTimer(() => this.#advance());
  }

  handle(request: HttpRequest, answer: HttpAnswer): void {
    switch (request.path) {
      case '/v1/chat/completions':
        return this.#generate('chat', request, answer);
      case '/v1/completions':
        return this.#generate('completions', request, answer);
      case '/v1/models':
        return this.#get(request, answer, () => this.#models());
      case '/simulator/lateness':
        return this.#get(request, answer, () => this.lateness());
      case '/health':
        return this.#get(request, answer, () => ({ status: 'ok' }));
      default:
        sendError(answer, { status: 404, type: 'NotFoundError', message: `There is nothing at ${request.path}.` });
    }
  }

  refuseTooLarge(answer: HttpAnswer): void {
    sendError(answer, { status: 413, type: 'BadRequestError', message: 'The body is too large.' });
  }

  /** Since the beginning, or since the last call with `reset`. */
  lateness(options: { readonly reset?: boolean } = {}): Lateness {
    const lateness = readLateness(this.#lateness);
    if (options.reset === true) this.#lateness.reset();
    return lateness;
  }

  dispose(): void {
    this.#timer.disarm();
  }

  #get(request: HttpRequest, answer: HttpAnswer, value: () => unknown): void {
    if (request.method === 'GET') answer.send(200, 'application/json', JSON.stringify(value()));
    else sendError(answer, wrongMethod(request));
  }

  #models(): unknown {
    const id = this.#parts.options.model ?? 'simulator';
    return { object: 'list', data: [{ id, object: 'model', created: 0, owned_by: 'benchwright' }] };
  }

  #generate(api: GenerationRequest['api'], request: HttpRequest, answer: HttpAnswer): void {
    const { options, seed, model } = this.#parts;
    const receivedMs = this.#parts.nowMs();
    if (request.method !== 'POST') return sendError(answer, wrongMethod(request));
    const asked = readGenerationRequest(api, request.body, options.model);
    if ('status' in asked) return sendError(answer, asked);
    const number = this.#arrivals++;
    const outputTokens =
      asked.askedOutputTokens ?? sampleWhole(options.outputTokens, createRandom(seed, 'length', number), 1);
    const generation: Generation = {
      number,
      inputTokens: asked.inputTokens,
      outputTokens,
      answer,
      format: createAnswerFormat(asked, {
        number,
        outputTokens,
        createdEpochS: Math.floor(this.#parts.epochMs() / 1000),
      }),
      isStreaming: asked.isStreaming,
      receivedMs,
      requestId: request.headers['x-request-id'],
      writtenAfterMs: [],
      generatedTokens: 0,
      isOver: false,
    };
    answer.onGone(() => this.#cut(generation));
    model.submit(generation, receivedMs);
    if (generation.isStreaming) answer.begin('text/event-stream; charset=utf-8', generation.format.start());
    this.#arm();
  }

  #arm(): void {
    const dueMs = this.#parts.model.nextDueMs();
    if (dueMs === Number.POSITIVE_INFINITY) this.#timer.disarm();
    else this.#timer.arm(dueMs);
  }

  #advance(): void {
    this.#parts.model.advance(this.#parts.nowMs(), MOST_TOKENS_A_TURN, this.#onToken);
    this.#arm();
  }

  readonly #onToken = (generation: Generation, dueMs: number): void => {
    const { answer, format } = generation;
    const index = generation.generatedTokens++;
    const isLast = index === generation.outputTokens - 1;
    if (!generation.isStreaming && !isLast) return;
    const text = generation.isStreaming ? format.token(index) : format.whole();
    const nowMs = this.#parts.nowMs();
    if (this.#parts.record !== undefined) generation.writtenAfterMs.push(nowMs - generation.receivedMs);
    this.#lateness.record(nowMs - dueMs);
    if (!generation.isStreaming) answer.send(200, 'application/json', text);
    else if (isLast) answer.finish(text + format.end());
    else answer.write(text);
    if (isLast) this.#end(generation, 'complete');
    else if (answer.unsentBytes > MOST_UNSENT_BYTES) {
      this.#cut(generation);
      answer.destroy();
    }
  };

  #cut(generation: Generation): void {
    if (generation.isOver) return;
    this.#parts.model.cancel(generation);
    this.#end(generation, 'client-gone');
  }

  #end(generation: Generation, ended: GroundTruthLine['ended']): void {
    generation.isOver = true;
    this.#parts.record?.({
      request: generation.number,
      ...(generation.requestId === undefined ? {} : { requestId: generation.requestId }),
      receivedMs: generation.receivedMs,
      writtenAfterMs: generation.writtenAfterMs,
      inputTokens: generation.inputTokens,
      outputTokens: generation.outputTokens,
      ended,
    });
  }
}

function wrongMethod(request: HttpRequest): ApiError {
  return { status: 405, type: 'BadRequestError', message: `${request.method} is not allowed at ${request.path}.` };
}

function sendError(answer: HttpAnswer, error: ApiError): void {
  const body = { error: { message: error.message, type: error.type, param: null, code: error.status } };
  answer.send(error.status, 'application/json', JSON.stringify(body));
}
