/** Folds the measured requests of one window (a stage, or all of them): counts, values of every metric, tokens, good requests. */
import type { Draft } from '../../../contract/draft.ts';
import type { RequestRecord } from '../../../contract/outcome.ts';
import type { LimitPlan } from '../../../contract/plan.ts';
import type { RequestCounts } from '../../../contract/report.ts';
import { isGood } from '../goodput.ts';
import { failureClass, REQUEST_METRICS, reasonKey, requestValue, type RequestMetric } from '../request-value.ts';
import { ClusterBuilder } from './cluster-builder.ts';
import { SampleBuilder } from './sample-builder.ts';

/** A metric with one value per request, or the pooled gaps. */
export type SampleMetric = RequestMetric | 'itl';
export const SAMPLE_METRICS: readonly SampleMetric[] = [...REQUEST_METRICS, 'itl'];

/** Gaps kept with the answer they belong to: the first ones, from which the design effect is learned. */
export const MOST_CLUSTERED_GAPS = 200_000;
/** Server's and tokenizer's counts may differ by this much before a request is flagged. */
const TOLERATED_TOKEN_DIFFERENCE = 0.02;

const UNAVAILABLE = 1;
const AVAILABLE = 2;

export class WindowFold {
  readonly counts: Draft<RequestCounts> & { byReason: Record<string, number> } = {
    due: 0,
    sent: 0,
    succeeded: 0,
    failed: 0,
    timedOut: 0,
    abandoned: 0,
    dropped: 0,
    censored: 0,
    byReason: {},
  };
  readonly samples: ReadonlyMap<SampleMetric, SampleBuilder>;
  readonly gapsByRequest = new ClusterBuilder(MOST_CLUSTERED_GAPS);
  /** Of successful requests; how many of them say how many tokens they had. */
  readonly tokens = { input: 0, output: 0, inputKnown: 0, outputKnown: 0 };
  /** Successful requests of which both the server and the tokenizer say how many output tokens they had. */
  readonly tokenCheck = { compared: 0, beyond: 0, usage: 0, counted: 0 };
  /** Cut requests whose first output had not come either. */
  censoredBeforeOutput = 0;
  abnormal = 0;
  /** By goodput SLA, in the plan's order. */
  readonly good: number[];
  readonly #limits: readonly (readonly LimitPlan[])[];
  /** By second of the run: whether a request was due in it, and whether any of those did not fail. */
  #seconds = new Uint8Array(64);

  constructor(limits: readonly (readonly LimitPlan[])[], mostExact: number) {
    this.#limits = limits;
    this.good = limits.map(() => 0);
    this.samples = new Map(SAMPLE_METRICS.map((metric) => [metric, new SampleBuilder(mostExact)]));
  }

  add(record: RequestRecord): void {
    const { counts } = this;
    counts.due++;
    if (record.sentMs !== undefined) counts.sent++;
    this.#markSecond(Math.max(0, Math.floor(record.dueMs / 1000)), record.outcome !== 'failed');
    switch (record.outcome) {
      case 'ok':
        counts.succeeded++;
        return this.#addSuccess(record);
      case 'failed':
        return this.#addFailure(record);
      case 'censored':
        if (record.firstMs === undefined) this.censoredBeforeOutput++;
        counts.censored++;
        return;
      case 'abandoned':
      case 'dropped':
        counts[record.outcome]++;
    }
  }

  /** Seconds with a request due, and those of them in which not all failed. */
  get availability(): { readonly seconds: number; readonly available: number } {
    let [seconds, available] = [0, 0];
    for (const mark of this.#seconds) {
      if (mark !== 0) seconds++;
      if (mark === AVAILABLE) available++;
    }
    return { seconds, available };
  }

  #markSecond(second: number, isAvailable: boolean): void {
    if (second >= this.#seconds.length) {
      const grown = new Uint8Array(Math.max(second + 1, this.#seconds.length * 2));
      grown.set(this.#seconds);
      this.#seconds = grown;
    }
    if (isAvailable) this.#seconds[second] = AVAILABLE;
    else this.#seconds[second] ||= UNAVAILABLE;
  }

  #addSuccess(record: RequestRecord): void {
    for (const [metric, sample] of this.samples) {
      if (metric === 'itl') continue;
      const value = requestValue(record, metric);
      if (value !== undefined && Number.isFinite(value)) sample.add(value);
    }
    if (record.itlMs !== undefined) {
      const gaps = this.samples.get('itl');
      for (const gapMs of record.itlMs) gaps?.add(gapMs);
      this.gapsByRequest.add(record.itlMs);
    }
    this.#limits.forEach((where, index) => {
      if (isGood(record, where)) this.good[index] = (this.good[index] ?? 0) + 1;
    });
    this.#addTokens(record);
  }

  #addTokens({ inputTokens, outputTokens, countedOutputTokens }: RequestRecord): void {
    if (inputTokens !== undefined) {
      this.tokens.input += inputTokens;
      this.tokens.inputKnown++;
    }
    if (outputTokens === undefined) return;
    this.tokens.output += outputTokens;
    this.tokens.outputKnown++;
    if (countedOutputTokens === undefined) return;
    const check = this.tokenCheck;
    check.compared++;
    check.usage += outputTokens;
    check.counted += countedOutputTokens;
    if (Math.abs(countedOutputTokens - outputTokens) > TOLERATED_TOKEN_DIFFERENCE * outputTokens) check.beyond++;
  }

  #addFailure(record: RequestRecord): void {
    const key = reasonKey(record);
    this.counts.byReason[key] = (this.counts.byReason[key] ?? 0) + 1;
    const kind = failureClass(key);
    if (kind === 'timeout') this.counts.timedOut++;
    else this.counts.failed++;
    if (kind === 'abnormal') this.abnormal++;
  }
}
