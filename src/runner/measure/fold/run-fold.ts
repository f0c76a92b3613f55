/** Folds the requests of a whole run, one after the other in any order, in bounded memory. */
import type { RequestRecord } from '../../../contract/outcome.ts';
import type { RunPlan } from '../../../contract/plan.ts';
import type { RunEventRecord } from '../../../contract/record.ts';
import type { FailureSummary } from '../../../contract/report.ts';
import { goodputLimits } from '../goodput.ts';
import { Histogram } from '../histogram.ts';
import { failureClass, generatorLagMs, isWarmup, reasonKey } from '../request-value.ts';
import { InFlightBuilder } from './in-flight.ts';
import { growthBetween } from './lag.ts';
import { PartFold } from './part-fold.ts';
import { RunTime } from './run-time.ts';
import { SeriesFold } from './series-fold.ts';
import { SessionFold } from './session-fold.ts';
import { StageFold } from './stage-fold.ts';
import { stageWindows } from './stage-windows.ts';
import { WindowFold } from './window-fold.ts';

/** Values kept exactly per metric of the whole run: beyond it percentiles come from a histogram (docs/metrics.md). */
export const MOST_EXACT_OF_RUN = 200_000;

export class RunFold {
  readonly #plan: RunPlan;
  readonly #time: RunTime;
  readonly #limits: ReturnType<typeof goodputLimits>;
  readonly measured: WindowFold;
  readonly stages = new Map<string, StageFold>();
  readonly series = new SeriesFold();
  readonly inFlight = new InFlightBuilder();
  readonly sessions = new SessionFold();
  /** Where the dataset is a mix. */
  readonly parts: PartFold | undefined;
  /** Of every request that was sent, warm-up included. */
  readonly usage = { requests: 0, inputTokens: 0, outputTokens: 0 };
  readonly warmup = { requests: 0, failed: 0 };
  readonly #failures = new Map<string, { first: RequestRecord; count: number; detail: string | undefined }>();
  /** Last moment any request speaks of. */
  lastInstantMs = 0;
  /** Successful requests without a number of output tokens. */
  uncounted = 0;
  /** Answers with more output tokens than were asked for, and how many more in all. */
  readonly beyondAsked = { answers: 0, tokens: 0 };
  /** How late measured requests left for reasons of the generator. */
  readonly generatorLag = new Histogram();
  /** Successful requests of which the server took more from its prefix cache than two requests of a fresh run have in common. */
  cacheHits = 0;

  /** @param events In time of the run. */
  constructor(plan: RunPlan, events: readonly RunEventRecord[], time = new RunTime([]), mostExact = MOST_EXACT_OF_RUN) {
    this.#plan = plan;
    this.#time = time;
    this.#limits = goodputLimits(plan);
    this.parts = plan.dataset.mix === undefined ? undefined : new PartFold(plan.dataset.mix);
    this.measured = new WindowFold(this.#limits, mostExact);
    for (const window of stageWindows(plan, events))
      this.stages.set(window.stage.name, new StageFold(window, this.#limits));
  }

  /** @param recorded As it stands in the record. */
  add(recorded: RequestRecord): void {
    this.#addUsage(recorded);
    if (this.#time.isAsideRecord(recorded)) return this.#addAside(recorded);
    const record = this.#time.record(recorded);
    const overMs = Math.min(overOf(record), this.#time.endOfPart(recorded.dueMs));
    this.lastInstantMs = Math.max(this.lastInstantMs, overMs);
    this.series.add(record);
    this.sessions.add(record);
    if (record.sentMs !== undefined) this.inFlight.add(record.sentMs, overMs);
    const own = isWarmup(record) ? undefined : this.#stageOf(record);
    if (this.#isOfUser(record, own))
      for (const stage of this.stages.values()) if (stage !== own) stage.addEarlier(record);
    if (isWarmup(record)) {
      this.warmup.requests++;
      if (record.outcome === 'failed') this.warmup.failed++;
      return;
    }
    own?.add(record);
    this.measured.add(record);
    this.parts?.add(record);
    if (record.outcome === 'failed') this.#addFailure(record);
    const lagMs = generatorLagMs(record);
    if (lagMs !== undefined) this.generatorLag.record(lagMs);
    if (record.outcome !== 'ok') return;
    if (record.outputTokens === undefined) this.uncounted++;
    if (isCacheHit(record)) this.cacheHits++;
    this.#addSurplus(record);
  }

  #addSurplus({ outputTokens = 0, askedOutputTokens = outputTokens }: RequestRecord): void {
    if (outputTokens <= askedOutputTokens) return;
    this.beyondAsked.answers++;
    this.beyondAsked.tokens += outputTokens - askedOutputTokens;
  }

  #addUsage({ sentMs, inputTokens = 0, outputTokens = 0 }: RequestRecord): void {
    if (sentMs === undefined) return;
    this.usage.requests++;
    this.usage.inputTokens += inputTokens;
    this.usage.outputTokens += outputTokens;
  }

  /** Of a warm-up that was run again when the run was resumed: what of it was still in flight when the load went on. */
  #addAside(recorded: RequestRecord): void {
    const [fromMs, overMs] = [this.#time.of(recorded.dueMs), this.#time.of(overOf(recorded))];
    if (recorded.sentMs !== undefined && overMs > fromMs) this.inFlight.add(fromMs, overMs);
    this.warmup.requests++;
    if (recorded.outcome === 'failed') this.warmup.failed++;
  }

  /** The record ends here, before the run did: no window is longer than what was seen. */
  cutAt(atMs: number): void {
    for (const stage of this.stages.values()) stage.cutMs = atMs;
  }

  /** Most frequent first. */
  get failures(): readonly FailureSummary[] {
    return [...this.#failures]
      .map(([reason, { first, count, detail }]) => ({
        reason,
        class: failureClass(reason),
        count,
        firstAtMs: first.endMs ?? first.dueMs,
        ...(detail === undefined ? {} : { detail }),
      }))
      .toSorted((left, right) => right.count - left.count);
  }

  /** What the run's throughputs are divided by: the lengths of its stages, and by how much work ran over at the end. */
  get throughputWindowMs(): number {
    const stages = [...this.stages.values()];
    const last = stages.at(-1);
    if (last === undefined) return 0;
    const lengthMs = stages.reduce((sum, stage) => sum + stage.endMs - stage.window.startMs, 0);
    const lastOverMs = last.throughputWindowMs - (last.endMs - last.window.startMs);
    const [before, after] = [stages[0]?.lag?.first, last.lag?.last];
    const sinceBeginningMs = before === undefined || after === undefined ? 0 : growthBetween(before, after);
    return lengthMs + Math.max(lastOverMs, sinceBeginningMs);
  }

  /** A closed loop's request: its user goes on into the next closed loop only when it is over. */
  #isOfUser(record: RequestRecord, own: StageFold | undefined): boolean {
    if (own !== undefined) return own.window.stage.shape.kind === 'closed';
    const { warmup, stages } = this.#plan.load;
    return isWarmup(record) && warmup?.ratePerSecond === undefined && stages[0]?.shape.kind === 'closed';
  }

  /** Stages whose beginning was never recorded begin with their first request. */
  #stageOf(record: RequestRecord): StageFold | undefined {
    const known = this.stages.get(record.stage);
    if (known !== undefined) return known;
    const stage = this.#plan.load.stages.find(({ name }) => name === record.stage);
    if (stage === undefined) return undefined;
    const started = { type: 'stage.started', atMs: record.dueMs, stage: stage.name, index: 0 } as const;
    const [window] = stageWindows({ ...this.#plan, load: { ...this.#plan.load, stages: [stage] } }, [started]);
    if (window === undefined) return undefined;
    const fold = new StageFold(window, this.#limits);
    this.stages.set(stage.name, fold);
    return fold;
  }

  #addFailure(record: RequestRecord): void {
    const key = reasonKey(record);
    const known = this.#failures.get(key);
    if (known === undefined) {
      this.#failures.set(key, { first: record, count: 1, detail: record.detail });
      return;
    }
    known.count++;
    known.detail ??= record.detail;
    if (record.dueMs < known.first.dueMs) known.first = record;
  }
}

/** Fresh prompts have the chat template's words in common, and caches keep whole blocks (vLLM: 16 tokens). */
const COMMON_TOKENS = 64;
const COMMON_RATIO = 0.1;

function isCacheHit({ cachedTokens = 0, inputTokens = 0 }: RequestRecord): boolean {
  return cachedTokens > Math.max(COMMON_TOKENS, inputTokens * COMMON_RATIO);
}

function overOf(record: RequestRecord): number {
  return record.endMs ?? record.lastMs ?? record.firstMs ?? record.sentMs ?? record.dueMs;
}
