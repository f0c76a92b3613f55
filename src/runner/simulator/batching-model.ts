/**
 * An engine that works in steps, as vLLM and its like do (continuous batching): each step takes one token of every running answer and, as far
 * as the step's token budget reaches, pieces of waiting prompts. How long a step takes follows from what is in it. KV-cache blocks are
 * limited; when they run out, the request that was scheduled last loses its blocks and is computed again later. The same arrivals give the same
 * steps. Everything happens at instants that follow from the arrivals: lateness in writing a token never moves the next step.
 */
import { BlockPool } from './block-pool.ts';
import type { EngineModel, EngineRequest } from './engine-model.ts';
import { PrefixHash } from './prefix-hash.ts';

export interface BatchingOptions {
  /** Time of a step with nothing in it: reading the weights, launching kernels. */
  readonly stepMs: number;
  /** Added for each sequence in the step. */
  readonly stepPerSequenceMs: number;
  /** Added for each token whose keys and values a sequence of the step reads. */
  readonly stepPerContextTokenMs: number;
  /** Added for each prompt token computed in the step. */
  readonly stepPerPromptTokenMs: number;
  /** The front end sends answers one after another: added for each token. */
  readonly sendMs: number;
  readonly maxSequences: number;
  /** Tokens of a step: one for each running answer, the rest for prompts, which are cut into pieces that fit. */
  readonly maxBatchedTokens: number;
  readonly kvCacheTokens: number;
  readonly blockTokens: number;
  readonly hasPrefixCache: boolean;
}

interface Sequence<Request> {
  readonly request: Request;
  readonly arrivedMs: number;
  readonly blocks: number[];
  readonly prefix: PrefixHash;
  /** Tokens whose keys and values are in its blocks. */
  computed: number;
  generated: number;
  /** Tokens it gets in the step under way. */
  scheduled: number;
  /** Full blocks that are in the prefix cache. */
  published: number;
  /** Tokens handed over. */
  sent: number;
  isGone: boolean;
}

interface DueToken<Request> {
  readonly sequence: Sequence<Request>;
  readonly dueMs: number;
}

/** Tells of each step: the tokens in it. */
export type OnStep = (tokens: number) => void;

export function createBatchingModel<Request extends EngineRequest>(
  options: BatchingOptions,
  onStep: OnStep = () => {},
): EngineModel<Request> {
  return new BatchingModel<Request>(options, onStep);
}

class BatchingModel<Request extends EngineRequest> implements EngineModel<Request> {
  readonly #options: BatchingOptions;
  readonly #onStep: OnStep;
  readonly #pool: BlockPool;
  readonly #sequences = new Map<Request, Sequence<Request>>();
  #running: Sequence<Request>[] = [];
  /** Some of them may be gone: they are passed over when their turn comes. */
  #waiting: Sequence<Request>[] = [];
  #waitingGone = 0;
  #step: Sequence<Request>[] = [];
  #stepEndMs = Number.POSITIVE_INFINITY;
  #due: DueToken<Request>[] = [];
  #dueIndex = 0;
  #sendFreeMs = 0;
  #prefixQueries = 0;
  #prefixHits = 0;
  #preemptions = 0;
  #promptTokens = 0;
  #cachedPromptTokens = 0;

  constructor(options: BatchingOptions, onStep: OnStep) {
    this.#options = options;
    this.#onStep = onStep;
    this.#pool = new BlockPool(Math.floor(options.kvCacheTokens / options.blockTokens));
  }

  submit(request: Request, nowMs: number): void {
    const sequence: Sequence<Request> = {
      request,
      arrivedMs: nowMs,
      blocks: [],
      prefix: new PrefixHash(this.#options.blockTokens),
      computed: 0,
      generated: 0,
      scheduled: 0,
      published: 0,
      sent: 0,
      isGone: false,
    };
    this.#sequences.set(request, sequence);
    this.#waiting.push(sequence);
    if (this.#stepEndMs === Number.POSITIVE_INFINITY) this.#startStep(nowMs);
  }

  cancel(request: Request): void {
    const sequence = this.#sequences.get(request);
    if (sequence === undefined) return;
    this.#sequences.delete(request);
    sequence.isGone = true;
    const index = this.#running.indexOf(sequence);
    if (index >= 0) this.#running.splice(index, 1);
    else if (!this.#isComplete(sequence)) this.#waitingGone += 1;
    this.#releaseBlocks(sequence);
  }

  nextDueMs(): number {
    return Math.min(this.#due[this.#dueIndex]?.dueMs ?? Number.POSITIVE_INFINITY, this.#stepEndMs);
  }

  advance(nowMs: number, most: number, onToken: (request: Request, dueMs: number) => void): void {
    let left = most;
    while (left > 0 && this.nextDueMs() <= nowMs) {
      const token = this.#due[this.#dueIndex];
      if (token === undefined || token.dueMs > this.#stepEndMs) {
        this.#endStep();
        continue;
      }
      this.#dueIndex += 1;
      if (this.#dueIndex === this.#due.length) {
        this.#due = [];
        this.#dueIndex = 0;
      }
      const { sequence, dueMs } = token;
      if (sequence.isGone) continue;
      left -= 1;
      sequence.sent += 1;
      if (sequence.sent === sequence.request.outputTokens) this.#sequences.delete(sequence.request);
      onToken(sequence.request, dueMs);
    }
  }

  stats(): ReturnType<EngineModel<Request>['stats']> {
    return {
      running: this.#running.length,
      waiting: this.#waiting.length - this.#waitingGone,
      kvUsageRatio: this.#pool.usageRatio,
      prefixQueries: this.#prefixQueries,
      prefixHits: this.#prefixHits,
      preemptions: this.#preemptions,
      promptTokens: this.#promptTokens,
      cachedPromptTokens: this.#cachedPromptTokens,
    };
  }

  #startStep(nowMs: number): void {
    const firstArrivalMs = this.#skipGone()?.arrivedMs ?? Number.POSITIVE_INFINITY;
    const startMs = this.#running.length > 0 ? nowMs : Math.max(nowMs, firstArrivalMs);
    this.#step = startMs === Number.POSITIVE_INFINITY ? [] : this.#schedule(startMs);
    this.#stepEndMs = this.#step.length === 0 ? Number.POSITIVE_INFINITY : startMs + this.#stepTime();
  }

  /** Running sequences first, in the order they were admitted; then waiting ones, unless somebody had to make room. */
  #schedule(nowMs: number): Sequence<Request>[] {
    const step: Sequence<Request>[] = [];
    let budget = this.#options.maxBatchedTokens;
    const preemptionsBefore = this.#preemptions;
    for (let index = 0; index < this.#running.length && budget > 0; index += 1) {
      const sequence = this.#running[index] as Sequence<Request>;
      const tokens = Math.min(lengthOf(sequence) - sequence.computed, budget);
      if (!this.#makeRoom(sequence, tokens)) break;
      budget -= this.#take(step, sequence, tokens);
    }
    if (this.#preemptions > preemptionsBefore) return step;
    while (budget > 0 && this.#running.length < this.#options.maxSequences) {
      const sequence = this.#skipGone();
      if (sequence === undefined || sequence.arrivedMs > nowMs) break;
      const tokens = this.#admit(sequence, budget, nowMs);
      if (tokens === 0) break;
      this.#waiting.shift();
      this.#running.push(sequence);
      budget -= this.#take(step, sequence, tokens);
    }
    return step;
  }

  #take(step: Sequence<Request>[], sequence: Sequence<Request>, tokens: number): number {
    sequence.scheduled = tokens;
    step.push(sequence);
    return tokens;
  }

  #skipGone(): Sequence<Request> | undefined {
    while (this.#waiting[0]?.isGone === true) {
      this.#waiting.shift();
      this.#waitingGone -= 1;
    }
    return this.#waiting[0];
  }

  /** Blocks for the sequence's next tokens, taken from those scheduled last if need be. False: it has lost its own. */
  #makeRoom(sequence: Sequence<Request>, tokens: number): boolean {
    const wanted = this.#blocksFor(sequence.computed + tokens);
    while (wanted - sequence.blocks.length > this.#pool.free) {
      const last = this.#running.pop() as Sequence<Request>;
      this.#preempt(last);
      if (last === sequence) return false;
    }
    this.#allocateUpTo(sequence, wanted);
    return true;
  }

  #preempt(sequence: Sequence<Request>): void {
    this.#releaseBlocks(sequence);
    sequence.computed = 0;
    sequence.published = 0;
    sequence.request.progress.preemptions += 1;
    this.#preemptions += 1;
    this.#waiting.unshift(sequence);
  }

  /** Takes a sequence in with what the prefix cache holds of it; the number of tokens it gets in this step, 0 if there is no room for it. */
  #admit(sequence: Sequence<Request>, budget: number, nowMs: number): number {
    const { blockTokens, hasPrefixCache } = this.#options;
    const length = lengthOf(sequence);
    const found = hasPrefixCache ? this.#findPrefix(sequence) : [];
    const cached = found.length * blockTokens;
    const tokens = Math.min(length - cached, budget);
    const wanted = this.#blocksFor(cached + tokens);
    const unused = found.reduce((sum, block) => sum + (this.#pool.isFree(block) ? 1 : 0), 0);
    if (wanted - found.length > this.#pool.free - unused) return 0;
    for (const block of found) {
      this.#pool.share(block);
      sequence.blocks.push(block);
    }
    this.#allocateUpTo(sequence, wanted);
    sequence.computed = cached;
    sequence.published = found.length;
    const { progress } = sequence.request;
    if (progress.scheduledMs === undefined) {
      progress.scheduledMs = nowMs;
      progress.cachedTokens = cached;
      if (hasPrefixCache) {
        this.#prefixQueries += length;
        this.#prefixHits += cached;
      }
    }
    return tokens;
  }

  /** The last token is always computed: its output is the next one. */
  #findPrefix(sequence: Sequence<Request>): number[] {
    const most = Math.floor((lengthOf(sequence) - 1) / this.#options.blockTokens);
    const found: number[] = [];
    while (found.length < most) {
      const block = this.#pool.find(this.#hashAt(sequence, found.length));
      if (block === undefined) break;
      found.push(block);
    }
    return found;
  }

  #hashAt({ prefix, request }: Sequence<Request>, blockIndex: number): number {
    return prefix.at(blockIndex, (position) => request.tokenAt(position));
  }

  #stepTime(): number {
    const { stepMs, stepPerSequenceMs, stepPerContextTokenMs, stepPerPromptTokenMs } = this.#options;
    let promptTokens = 0;
    let contextTokens = 0;
    let tokens = 0;
    for (const { computed, scheduled, generated } of this.#step) {
      contextTokens += computed + scheduled;
      tokens += scheduled;
      if (scheduled > 1 || generated === 0) promptTokens += scheduled;
    }
    this.#onStep(tokens);
    return (
      stepMs +
      stepPerSequenceMs * this.#step.length +
      stepPerContextTokenMs * contextTokens +
      stepPerPromptTokenMs * promptTokens
    );
  }

  #endStep(): void {
    const endMs = this.#stepEndMs;
    let hasFinished = false;
    for (const sequence of this.#step) {
      if (sequence.isGone) continue;
      sequence.computed += sequence.scheduled;
      this.#publish(sequence);
      if (sequence.computed < lengthOf(sequence)) continue;
      if (sequence.generated === 0) this.#countPrompt(sequence.request);
      sequence.generated += 1;
      this.#send(sequence, endMs);
      if (!this.#isComplete(sequence)) continue;
      hasFinished = true;
      this.#releaseBlocks(sequence);
    }
    if (hasFinished) this.#running = this.#running.filter((sequence) => !this.#isComplete(sequence));
    this.#startStep(endMs);
  }

  #countPrompt({ inputTokens, progress }: Request): void {
    this.#promptTokens += inputTokens;
    this.#cachedPromptTokens += progress.cachedTokens;
  }

  #send(sequence: Sequence<Request>, endMs: number): void {
    this.#sendFreeMs = Math.max(this.#sendFreeMs, endMs) + this.#options.sendMs;
    this.#due.push({ sequence, dueMs: this.#sendFreeMs });
  }

  #publish(sequence: Sequence<Request>): void {
    if (!this.#options.hasPrefixCache) return;
    const full = Math.floor(sequence.computed / this.#options.blockTokens);
    for (; sequence.published < full; sequence.published += 1)
      this.#pool.publish(sequence.blocks[sequence.published] as number, this.#hashAt(sequence, sequence.published));
  }

  #isComplete({ generated, request }: Sequence<Request>): boolean {
    return generated >= request.outputTokens;
  }

  #blocksFor(tokens: number): number {
    return Math.ceil(tokens / this.#options.blockTokens);
  }

  #allocateUpTo(sequence: Sequence<Request>, wanted: number): void {
    while (sequence.blocks.length < wanted) sequence.blocks.push(this.#pool.allocate() as number);
  }

  /** The end of a sequence goes first when room is needed: its beginning is more likely to be asked for again. */
  #releaseBlocks(sequence: Sequence<Request>): void {
    for (let block = sequence.blocks.pop(); block !== undefined; block = sequence.blocks.pop())
      this.#pool.release(block);
  }
}

/** Tokens that must be computed before the next one can be. Even an empty prompt has one, with which an answer begins. */
function lengthOf({ request, generated }: Sequence<EngineRequest>): number {
  return Math.max(1, request.inputTokens) + generated;
}
