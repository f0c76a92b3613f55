/** What a run may use, counted over all its workers in one SharedArrayBuffer, from the first request of the warm-up on. */
import type { RunPlan } from '../../contract/plan.ts';

/** Requests are counted when they are sent; tokens and cost when they are over, and while they stream as far as is known then. */
export type BudgetKind = 'requests' | 'tokens' | 'cost' | 'time';

const KINDS: readonly BudgetKind[] = ['requests', 'tokens', 'cost', 'time'];

const REQUESTS = 0;
const INPUT_TOKENS = 1;
const OUTPUT_TOKENS = 2;
/** 0 while it is not spent, else 1 + the index of what is. */
const SPENT = 3;
const HEAD_WORDS = 4;

/** Output that has come so far of requests in flight, a word for each worker. */
const MOST_WORKERS = 256;

export class SharedBudget {
  readonly buffer: SharedArrayBuffer;
  readonly #words: BigInt64Array;
  readonly #spentAt: Float64Array;
  readonly #limits: NonNullable<RunPlan['budget']>;
  readonly #price: NonNullable<RunPlan['backend']['price']>;

  /** @param buffer Of another SharedBudget of the same run, in another thread; absent: a new one. */
  constructor({ budget = {}, backend }: Pick<RunPlan, 'budget' | 'backend'>, buffer?: SharedArrayBuffer) {
    this.#limits = budget;
    this.#price = backend.price ?? {};
    const words = HEAD_WORDS + MOST_WORKERS;
    this.buffer = buffer ?? new SharedArrayBuffer((words + 1) * 8);
    this.#words = new BigInt64Array(this.buffer, 0, words);
    this.#spentAt = new Float64Array(this.buffer, words * 8);
  }

  /** What ran out first, and when (ms since the run began). */
  get spent(): { readonly kind: BudgetKind; readonly atMs: number } | undefined {
    const kind = KINDS[Number(Atomics.load(this.#words, SPENT)) - 1];
    return kind === undefined ? undefined : { kind, atMs: this.#spentAt[0] as number };
  }

  get isSpent(): boolean {
    return Atomics.load(this.#words, SPENT) !== 0n;
  }

  /** One more request is to be sent. Returns false where it must not be: over all workers exactly as many are as may be. */
  takeRequest(nowMs: number): boolean {
    if (this.isSpent) return false;
    const { requests } = this.#limits;
    if (requests === undefined) return true;
    const taken = Number(Atomics.add(this.#words, REQUESTS, 1n)) + 1;
    if (taken >= requests) this.spend('requests', nowMs);
    return taken <= requests;
  }

  /** A request is over. */
  addTokens(tokens: { readonly input: number; readonly output: number }, nowMs: number): void {
    Atomics.add(this.#words, INPUT_TOKENS, BigInt(Math.round(tokens.input)));
    Atomics.add(this.#words, OUTPUT_TOKENS, BigInt(Math.round(tokens.output)));
    this.#check(nowMs);
  }

  /** @param outputTokens What has come so far of the worker's requests in flight. */
  setStreaming(worker: number, outputTokens: number, nowMs: number): void {
    Atomics.store(this.#words, HEAD_WORDS + (worker % MOST_WORKERS), BigInt(outputTokens));
    this.#check(nowMs);
  }

  spend(kind: BudgetKind, atMs: number): void {
    const word = BigInt(1 + KINDS.indexOf(kind));
    // Whoever reads it before the moment is there reads 0, and looks again.
    if (Atomics.compareExchange(this.#words, SPENT, 0n, word) === 0n) this.#spentAt[0] = atMs;
  }

  #check(nowMs: number): void {
    const { tokens, costUsd } = this.#limits;
    if (tokens === undefined && costUsd === undefined) return;
    let output = Number(Atomics.load(this.#words, OUTPUT_TOKENS));
    for (let worker = 0; worker < MOST_WORKERS; worker += 1)
      output += Number(Atomics.load(this.#words, HEAD_WORDS + worker));
    const input = Number(Atomics.load(this.#words, INPUT_TOKENS));
    if (tokens !== undefined && input + output >= tokens) this.spend('tokens', nowMs);
    if (costUsd !== undefined && costOf(this.#price, { input, output }) >= costUsd) this.spend('cost', nowMs);
  }
}

function costOf(
  { usdPerInputToken = 0, usdPerOutputToken = 0 }: NonNullable<RunPlan['backend']['price']>,
  { input, output }: { readonly input: number; readonly output: number },
): number {
  return input * usdPerInputToken + output * usdPerOutputToken;
}

/** How long the run may take, by its budget of time and by one of money that time costs; `undefined`: as long as it likes. */
export function timeBudget({
  budget,
  backend,
}: Pick<RunPlan, 'budget' | 'backend'>): { readonly kind: 'time' | 'cost'; readonly ms: number } | undefined {
  const timeMs = budget?.timeMs ?? Number.POSITIVE_INFINITY;
  const { usdPerGpuHour = 0 } = backend.price ?? {};
  const costMs = ((budget?.costUsd ?? Number.POSITIVE_INFINITY) / (usdPerGpuHour * (backend.gpus ?? 1))) * 3_600_000;
  if (!(Math.min(timeMs, costMs) < Number.POSITIVE_INFINITY)) return undefined;
  return timeMs <= costMs ? { kind: 'time', ms: timeMs } : { kind: 'cost', ms: costMs };
}
