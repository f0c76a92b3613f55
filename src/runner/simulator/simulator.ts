/** The simulated engine: reads requests for generation, lets the model say when tokens are due, and writes them then (routes.ts: its HTTP). */
import { invariant } from '../../contract/errors.ts';
import type { DeadlineTimer } from '../platform/deadline-timer.ts';
import type { HttpAnswer, HttpRequest } from '../platform/http-server.ts';
import { createRandom, sampleWhole } from '../platform/random.ts';
import { createAnswerFormat } from './answer-format.ts';
import { sendError, wrongMethod, type ApiError } from './api-error.ts';
import { popTop, push, type Due } from './due-heap.ts';
import type { EngineMetrics, FinishReason } from './engine-metrics.ts';
import { newProgress, type EngineModel } from './engine-model.ts';
import { drawFault, type Fault } from './faults.ts';
import { MALFORMED_EVENT, streamErrorText, textOf, type Generation } from './generation.ts';
import { readGenerationRequest, type GenerationRequest } from './generation-request.ts';
import type { GroundTruthLine } from './ground-truth.ts';
import { LateWatch, type LatenessQuestion } from './late-watch.ts';
import type { Lateness } from './lateness.ts';
import type { SimulatorOptions } from './options.ts';

export interface SimulatorParts {
  readonly options: SimulatorOptions;
  readonly seed: number;
  readonly model: EngineModel<Generation>;
  readonly metrics: EngineMetrics;
  /** Monotonic, common to all processes of the machine. */
  nowMs(): number;
  /** Wall clock, for `created` in answers only. */
  epochMs(): number;
  createTimer(callback: () => void): DeadlineTimer;
  /** Called when an answer is over. */
  record?(line: GroundTruthLine): void;
}

interface Action extends Due {
  readonly run: () => void;
}

/** A client that reads nothing is cut when this much waits for it, so that it cannot take all memory. */
const MOST_UNSENT_BYTES = 8 * 2 ** 20;
/** A few ms of writing; then requests are read before the rest is written. */
const MOST_TOKENS_A_TURN = 256;

export class Simulator {
  readonly #parts: SimulatorParts;
  readonly #timer: DeadlineTimer;
  readonly #late = new LateWatch();
  /** What happens later besides tokens, by time. */
  readonly #actions: Action[] = [];
  #arrivals = 0;

  constructor(parts: SimulatorParts) {
    this.#parts = parts;
    this.#timer = parts.createTimer(() => this.#advance());
  }

  lateness(question: LatenessQuestion = {}): Lateness {
    return this.#late.read(question);
  }

  dispose(): void {
    this.#actions.length = 0;
    this.#timer.disarm();
  }

  /** Answers now, where the request is refused, or as the model says. */
  generate(api: GenerationRequest['api'], request: HttpRequest, answer: HttpAnswer): void {
    const { options, seed } = this.#parts;
    const receivedMs = this.#parts.nowMs();
    if (request.method !== 'POST') return sendError(answer, wrongMethod(request));
    const asked = readGenerationRequest(api, request.body, options.model);
    if ('status' in asked) return sendError(answer, asked);
    const number = this.#arrivals++;
    const outputTokens = this.#outputTokens(asked, number);
    if (typeof outputTokens !== 'number') return sendError(answer, outputTokens);
    const fault = options.faults === undefined ? undefined : drawFault(options.faults, seed, number);
    const progress = newProgress();
    const hasCache = options.batching?.hasPrefixCache === true;
    const format = createAnswerFormat(asked, {
      number,
      outputTokens,
      createdEpochS: Math.floor(this.#parts.epochMs() / 1000),
      ...(hasCache ? { cachedTokens: () => progress.cachedTokens } : {}),
    });
    const prompt = hasCache ? asked.tokens() : [];
    const generation: Generation = {
      number,
      inputTokens: asked.inputTokens,
      outputTokens,
      tokenAt: (position) => prompt[position] ?? format.tokenAt(position - prompt.length),
      progress,
      answer,
      format,
      isStreaming: asked.isStreaming,
      askedTokens: asked.askedOutputTokens,
      receivedMs,
      requestId: request.headers['x-request-id'],
      fault,
      writtenAfterMs: [],
      generatedTokens: 0,
      firstMs: undefined,
      lastMs: undefined,
      held: undefined,
      isOver: false,
    };
    answer.onGone(() => this.#cut(generation));
    this.#receive(generation, fault);
    this.#arm();
  }

  /** How long the answer is to be, or why there is none. */
  #outputTokens({ askedOutputTokens, inputTokens }: GenerationRequest, number: number): number | ApiError {
    const { options, seed } = this.#parts;
    const wanted = askedOutputTokens ?? sampleWhole(options.outputTokens, createRandom(seed, 'length', number), 1);
    if (options.batching === undefined) return wanted;
    const { maxModelTokens } = options.batching;
    const left = maxModelTokens - Math.max(1, inputTokens);
    if (left >= (askedOutputTokens ?? 1)) return Math.min(wanted, left);
    return {
      status: 400,
      type: 'BadRequestError',
      message: `This model's context has ${maxModelTokens} tokens, and ${inputTokens} for the prompt with ${askedOutputTokens ?? 'at least 1'} for the answer are more.`,
    };
  }

  /** A request that is understood: refused, made to wait, or given to the engine. */
  #receive(generation: Generation, fault: Fault | undefined): void {
    const { answer } = generation;
    const faults = this.#parts.options.faults;
    if (fault === undefined || faults === undefined) return this.#submit(generation);
    const retryAfter = { 'retry-after': String(Math.ceil(faults.retryAfterMs / 1000)) };
    const madeOnPurpose = (name: string): string => `An error made on purpose (${name}).`;
    switch (fault.kind) {
      case 'too-many':
        sendError(answer, { status: 429, type: 'RateLimitError', message: madeOnPurpose('fault-429') }, retryAfter);
        return this.#end(generation, 'refused');
      case 'broken':
        sendError(answer, { status: 500, type: 'InternalServerError', message: madeOnPurpose('fault-500') });
        return this.#end(generation, 'refused', 'error');
      case 'unavailable':
        sendError(answer, { status: 503, type: 'ServiceUnavailable', message: madeOnPurpose('fault-503') }, retryAfter);
        return this.#end(generation, 'refused');
      case 'reset':
        this.#end(generation, 'broken-off');
        return answer.reset();
      case 'slow-headers': {
        const atMs = generation.receivedMs + faults.headersAfterMs;
        return this.#later(atMs, () => this.#submit(generation, atMs));
      }
      default:
        this.#submit(generation);
    }
  }

  #submit(generation: Generation, atMs = generation.receivedMs): void {
    if (generation.isOver) return;
    this.#parts.model.submit(generation, atMs);
    if (generation.isStreaming) generation.answer.begin('text/event-stream; charset=utf-8', generation.format.start());
  }

  #later(dueMs: number, run: () => void): void {
    push(this.#actions, { dueMs, run });
  }

  #arm(): void {
    const dueMs = Math.min(this.#parts.model.nextDueMs(), this.#actions[0]?.dueMs ?? Number.POSITIVE_INFINITY);
    if (dueMs === Number.POSITIVE_INFINITY) this.#timer.disarm();
    else this.#timer.arm(dueMs);
  }

  #advance(): void {
    const nowMs = this.#parts.nowMs();
    for (let action = this.#actions[0]; action !== undefined && action.dueMs <= nowMs; action = this.#actions[0]) {
      popTop(this.#actions);
      action.run();
    }
    this.#parts.model.advance(nowMs, MOST_TOKENS_A_TURN, this.#onToken);
    this.#arm();
  }

  readonly #onToken = (generation: Generation, dueMs: number): void => {
    const index = generation.generatedTokens++;
    const due = textOf(generation, index);
    // Read as late as can be: it is the stamp that a client's figures are held against.
    const nowMs = this.#parts.nowMs();
    this.#measure(generation, nowMs, dueMs);
    if (this.#befall(generation, index, nowMs)) return;
    if (due === undefined) return;
    if (generation.held !== undefined) return void generation.held.push(due);
    this.#late.record(nowMs - dueMs);
    this.#write(generation, due.text, due.isLast, nowMs);
  };

  #measure(generation: Generation, nowMs: number, dueMs: number): void {
    const { metrics } = this.#parts;
    metrics.token(generation.lastMs === undefined ? undefined : nowMs - generation.lastMs, nowMs - dueMs);
    if (generation.firstMs === undefined) {
      generation.firstMs = nowMs;
      metrics.firstToken(nowMs - generation.receivedMs);
    }
    generation.lastMs = nowMs;
  }

  /** What goes wrong at this token. True: the answer is over. */
  #befall(generation: Generation, index: number, nowMs: number): boolean {
    const { fault, answer, isStreaming, outputTokens } = generation;
    if (fault === undefined || index !== Math.min(fault.afterTokens, outputTokens - 1)) return false;
    if (fault.kind === 'cut') {
      this.#parts.model.cancel(generation);
      this.#end(generation, 'broken-off', 'abort');
      answer.reset();
      return true;
    }
    if (fault.kind === 'stream-error') {
      this.#parts.model.cancel(generation);
      if (isStreaming) answer.finish(streamErrorText());
      else sendError(answer, { status: 500, type: 'InternalServerError', message: 'An error made on purpose.' });
      this.#end(generation, 'broken-off', 'error');
      return true;
    }
    if (fault.kind === 'malformed' && isStreaming) answer.write(MALFORMED_EVENT);
    if (fault.kind === 'stall') {
      const stallMs = this.#parts.options.faults?.stallMs;
      invariant(stallMs, 'a stall has a length');
      generation.held = [];
      this.#later(nowMs + stallMs, () => this.#release(generation));
    }
    return false;
  }

  #release(generation: Generation): void {
    const held = generation.held ?? [];
    generation.held = undefined;
    for (const { text, isLast } of held)
      if (!generation.isOver) this.#write(generation, text, isLast, this.#parts.nowMs());
  }

  #write(generation: Generation, text: string, isLast: boolean, nowMs: number): void {
    const { answer } = generation;
    if (this.#parts.record !== undefined) generation.writtenAfterMs.push(nowMs - generation.receivedMs);
    if (!generation.isStreaming) answer.send(200, 'application/json', text);
    else if (isLast) answer.finish(text);
    else answer.write(text);
    if (isLast) this.#end(generation, 'complete', generation.askedTokens !== undefined ? 'length' : 'stop');
    else if (answer.unsentBytes > MOST_UNSENT_BYTES) {
      this.#cut(generation);
      answer.destroy();
    }
  }

  #cut(generation: Generation): void {
    if (generation.isOver) return;
    this.#parts.model.cancel(generation);
    this.#end(generation, 'client-gone', 'abort');
  }

  /** @param reason absent: the request never reached the engine, which knows nothing of it. */
  #end(generation: Generation, ended: GroundTruthLine['ended'], reason?: FinishReason): void {
    generation.isOver = true;
    if (reason !== undefined) this.#parts.metrics.finished(reason, generation);
    const { number, requestId, receivedMs, writtenAfterMs, inputTokens, outputTokens, fault, progress } = generation;
    const { scheduledMs, cachedTokens, preemptions } = progress;
    this.#parts.record?.({
      request: number,
      ...(requestId === undefined ? {} : { requestId }),
      receivedMs,
      writtenAfterMs,
      inputTokens,
      outputTokens,
      ended,
      ...(fault === undefined ? {} : { fault: fault.kind }),
      ...(this.#parts.options.batching === undefined
        ? {}
        : {
            engine: {
              ...(scheduledMs === undefined ? {} : { queuedMs: scheduledMs - receivedMs }),
              cachedTokens,
              preemptions,
            },
          }),
    });
  }
}
