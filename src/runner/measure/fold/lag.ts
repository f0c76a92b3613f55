/**
 * Whether the server fell behind within a stage, and by how much. In tenths of the stage, by when requests were due: how long the
 * successful ones took from due to end. If the last tenth took longer than the first, work was left over when the stage ended.
 */
import { percentileInterval } from '../statistics/percentile-interval.ts';
import { percentile, type RankedSample } from '../statistics/ranked-sample.ts';
import { SampleBuilder } from './sample-builder.ts';

const TENTHS = 10;
const MOST_EXACT_PER_TENTH = 2_000;

export interface Lag {
  /** Times from due to end in the first and in the last tenth with successful requests. */
  readonly first: RankedSample;
  readonly last: RankedSample;
  /** How much later than at its beginning the stage's work was done at its end; 0 unless that is beyond chance. */
  readonly growthMs: number;
  /** From the stage's start to when its last successful request was due. */
  readonly spanMs: number;
}

export class LagFold {
  readonly #startMs: number;
  readonly #tenthMs: number;
  readonly #tenths = Array.from({ length: TENTHS }, () => new SampleBuilder(MOST_EXACT_PER_TENTH));
  #lastDueMs: number;

  constructor(startMs: number, plannedMs: number) {
    this.#startMs = startMs;
    this.#tenthMs = plannedMs / TENTHS;
    this.#lastDueMs = startMs;
  }

  addSuccess(dueMs: number, endMs: number): void {
    const tenth = Math.min(TENTHS - 1, Math.max(0, Math.floor((dueMs - this.#startMs) / this.#tenthMs)));
    this.#tenths[tenth]?.add(endMs - dueMs);
    this.#lastDueMs = Math.max(this.#lastDueMs, dueMs);
  }

  /** `undefined` where fewer than two tenths have successful requests. */
  measure(): Lag | undefined {
    const filled = this.#tenths.flatMap((tenth, index) => (tenth.count > 0 ? [{ index, sample: tenth.build() }] : []));
    const first = filled[0];
    const last = filled.at(-1);
    if (first === undefined || last === undefined || first === last) return undefined;
    const spanMs = this.#lastDueMs - this.#startMs;
    const growthMs = growthBetween(first.sample, last.sample);
    // Medians stand for the middle of their tenths: the line through them is drawn out to the ends of the span.
    const apartMs = (last.index - first.index) * this.#tenthMs;
    return {
      first: first.sample,
      last: last.sample,
      growthMs: (growthMs * Math.max(spanMs, apartMs)) / apartMs,
      spanMs,
    };
  }
}

/** How much the median rose; 0 unless the 95 % intervals of both medians are apart. */
export function growthBetween(first: RankedSample, last: RankedSample): number {
  const { upper } = percentileInterval(first, 0.5);
  const { lower } = percentileInterval(last, 0.5);
  const isLater = upper !== undefined && lower !== undefined && lower > upper;
  return isLater ? percentile(last, 0.5) - percentile(first, 0.5) : 0;
}
