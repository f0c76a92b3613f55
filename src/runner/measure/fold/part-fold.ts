/** How the parts of a mix fared, each by itself: their lengths differ, and so do their latencies. */
import type { RequestRecord } from '../../../contract/outcome.ts';
import type { DatasetPlan } from '../../../contract/plan.ts';
import type { PartReport } from '../../../contract/report.ts';
import { requestValue } from '../request-value.ts';
import { percentile } from '../statistics/ranked-sample.ts';
import { SampleBuilder } from './sample-builder.ts';

const MOST_EXACT_PER_PART = 20_000;

class Mean {
  #sum = 0;
  #count = 0;

  add(value: number | undefined): void {
    if (value === undefined) return;
    this.#sum += value;
    this.#count++;
  }

  get value(): number | undefined {
    return this.#count === 0 ? undefined : this.#sum / this.#count;
  }
}

class Part {
  weightRatio = 0;
  requests = 0;
  succeeded = 0;
  failed = 0;
  readonly inputTokens = new Mean();
  readonly outputTokens = new Mean();
  readonly ttftMs = new SampleBuilder(MOST_EXACT_PER_PART);
  readonly e2eMs = new SampleBuilder(MOST_EXACT_PER_PART);
}

export class PartFold {
  /** Those of the plan and no others: a record cannot make it grow. */
  readonly #parts = new Map<string, Part>();

  constructor(mix: NonNullable<DatasetPlan['mix']>) {
    for (const { weightRatio, dataset } of mix) {
      const part = this.#parts.get(dataset.name) ?? new Part();
      part.weightRatio += weightRatio;
      this.#parts.set(dataset.name, part);
    }
  }

  /** A measured request. */
  add(record: RequestRecord): void {
    const part = record.dataset === undefined ? undefined : this.#parts.get(record.dataset);
    if (part === undefined) return;
    part.requests++;
    if (record.outcome === 'failed') part.failed++;
    if (record.outcome !== 'ok') return;
    part.succeeded++;
    part.inputTokens.add(record.inputTokens);
    part.outputTokens.add(record.outputTokens);
    const [ttftMs, e2eMs] = [requestValue(record, 'ttft'), requestValue(record, 'e2e')];
    if (ttftMs !== undefined) part.ttftMs.add(ttftMs);
    if (e2eMs !== undefined) part.e2eMs.add(e2eMs);
  }

  build(): readonly PartReport[] {
    return [...this.#parts].map(([dataset, part]) => {
      const ttftMs = part.ttftMs.count === 0 ? undefined : part.ttftMs.build();
      const e2eMs = part.e2eMs.count === 0 ? undefined : part.e2eMs.build();
      return {
        dataset,
        weightRatio: part.weightRatio,
        requests: part.requests,
        succeeded: part.succeeded,
        failed: part.failed,
        ...(part.inputTokens.value === undefined ? {} : { inputTokensMean: part.inputTokens.value }),
        ...(part.outputTokens.value === undefined ? {} : { outputTokensMean: part.outputTokens.value }),
        ...(ttftMs === undefined ? {} : { ttftMsP50: percentile(ttftMs, 0.5), ttftMsP95: percentile(ttftMs, 0.95) }),
        ...(e2eMs === undefined ? {} : { e2eMsP50: percentile(e2eMs, 0.5), e2eMsP95: percentile(e2eMs, 0.95) }),
      };
    });
  }
}
