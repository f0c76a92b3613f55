/** In a load worker: gathers what happened since the last `take` into one message for the main thread. Cheap per request. */
import type { RequestRecord } from '../../contract/outcome.ts';
import type { RunPlan } from '../../contract/plan.ts';
import { LIVE_METRICS, type BatchCounters, type LiveMetric, type WorkerBatch } from './batch.ts';
import { goodputLimits, isGood } from './goodput.ts';
import { JsonBytes } from './json-bytes.ts';
import { writeRecordLine } from './record-line.ts';
import { isWarmup, reasonKey, requestValue } from './request-value.ts';

export interface BatchBuilder {
  /** A request of this stage (`warmup` for the warm-up) is due now, sent or not. Call it for every request, dropped ones too. */
  due(stage: string): void;
  /** It was handed to a socket. Not called for dropped requests. */
  sent(stage: string): void;
  /** It is over (also dropped, abandoned, censored): its line, its values and the counter of its outcome. Once per request. */
  add(record: RequestRecord): void;
  /** Requests added since the last `take`: lets the caller flush early. */
  readonly size: number;
  /**
   * What was gathered, and begins anew. All arrays are fresh copies of the exact length, so they can be transferred:
   * `port.postMessage(batch, transferablesOf(batch))`.
   */
  take(): WorkerBatch;
}

export function createBatchBuilder(plan: Pick<RunPlan, 'slas'>): BatchBuilder {
  const limits = goodputLimits(plan);
  const values = Object.fromEntries(LIVE_METRICS.map((metric) => [metric, new Values()])) as Record<LiveMetric, Values>;
  const lines = new JsonBytes();
  let size = 0;
  const gapsPerRequest = new Values();
  let censoredBeforeOutput = 0;
  let counters = zeroCounters();
  let warmup = zeroCounters();
  let byReason: Record<string, number> = {};
  let good = limits.map(() => 0);

  const countersOf = (stage: string): BatchCounters => (stage === 'warmup' ? warmup : counters);

  const addMeasured = (record: RequestRecord): void => {
    if (record.outcome === 'failed') {
      const key = reasonKey(record);
      byReason[key] = (byReason[key] ?? 0) + 1;
    }
    if (record.outcome === 'censored' && record.firstMs === undefined) censoredBeforeOutput++;
    if (record.outcome !== 'ok') return;
    if (record.itlMs !== undefined) gapsPerRequest.push(record.itlMs.length);
    for (const metric of LIVE_METRICS) {
      if (metric === 'itl') values.itl.pushAll(record.itlMs);
      else values[metric].push(requestValue(record, metric));
    }
    limits.forEach((where, index) => {
      if (isGood(record, where)) good[index] = (good[index] ?? 0) + 1;
    });
  };

  return {
    due(stage) {
      countersOf(stage).due++;
    },
    sent(stage) {
      countersOf(stage).sent++;
    },
    add(record) {
      writeRecordLine(record, lines);
      size += 1;
      const warm = isWarmup(record);
      countOutcome(warm ? warmup : counters, record);
      if (!warm) addMeasured(record);
    },
    get size() {
      return size;
    },
    take() {
      const batch: WorkerBatch = {
        lines: lines.take(),
        values: Object.fromEntries(LIVE_METRICS.map((metric) => [metric, values[metric].take()])) as Record<
          LiveMetric,
          Float64Array
        >,
        gapsPerRequest: gapsPerRequest.take(),
        censoredBeforeOutput,
        counters,
        warmup,
        byReason,
        goodBySla: good,
      };
      censoredBeforeOutput = 0;
      size = 0;
      counters = zeroCounters();
      warmup = zeroCounters();
      byReason = {};
      good = limits.map(() => 0);
      return batch;
    },
  };
}

/** The buffers of a batch, for the transfer list of `postMessage`. */
export function transferablesOf(batch: WorkerBatch): ArrayBuffer[] {
  return [batch.lines, batch.gapsPerRequest, ...LIVE_METRICS.map((metric) => batch.values[metric])].map(
    (array) => array.buffer as ArrayBuffer,
  );
}

export function zeroCounters(): BatchCounters {
  return {
    due: 0,
    sent: 0,
    ok: 0,
    failed: 0,
    dropped: 0,
    censored: 0,
    abandoned: 0,
    inputTokens: 0,
    outputTokens: 0,
  };
}

/** Tokens are those of successful requests: the throughputs count nothing else. */
function countOutcome(counters: BatchCounters, record: RequestRecord): void {
  counters[record.outcome]++;
  if (record.outcome !== 'ok') return;
  counters.inputTokens += record.inputTokens ?? 0;
  counters.outputTokens += record.outputTokens ?? 0;
}

const FIRST_CAPACITY = 256;

/** A growing list of numbers without boxing. */
class Values {
  #numbers = new Float64Array(FIRST_CAPACITY);
  #length = 0;

  push(value: number | undefined): void {
    if (value === undefined) return;
    if (this.#length === this.#numbers.length) this.#grow(this.#length + 1);
    this.#numbers[this.#length++] = value;
  }

  pushAll(values: readonly number[] | undefined): void {
    if (values === undefined) return;
    if (this.#length + values.length > this.#numbers.length) this.#grow(this.#length + values.length);
    this.#numbers.set(values, this.#length);
    this.#length += values.length;
  }

  take(): Float64Array {
    const taken = this.#numbers.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #grow(atLeast: number): void {
    const grown = new Float64Array(Math.max(atLeast, this.#numbers.length * 2));
    grown.set(this.#numbers);
    this.#numbers = grown;
  }
}
