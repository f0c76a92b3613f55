/** Values over time for the charts and series.csv: bins of a second, or wider ones when the run is long. */
import type { RequestRecord } from '../../../contract/outcome.ts';
import { SampleBuilder } from './sample-builder.ts';

const FINEST_BIN_MS = 1_000;
/** An hour of seconds; beyond it bins double in width, so that a day-long run stays a page that opens. */
const MOST_BINS = 3_600;
/** As many take as much room as a histogram of them. */
const MOST_EXACT_PER_BIN = 256;

/** What happened in one bin. */
export class SeriesBin {
  due = 0;
  sent = 0;
  succeeded = 0;
  failed = 0;
  dropped = 0;
  outputTokens = 0;
  readonly ttftMs = new SampleBuilder(MOST_EXACT_PER_BIN, 'coarse');
  readonly itlMs = new SampleBuilder(MOST_EXACT_PER_BIN, 'coarse');

  addAll(other: SeriesBin): void {
    for (const key of ['due', 'sent', 'succeeded', 'failed', 'dropped', 'outputTokens'] as const)
      this[key] += other[key];
    this.ttftMs.addAll(other.ttftMs);
    this.itlMs.addAll(other.itlMs);
  }
}

export class SeriesFold {
  binMs = FINEST_BIN_MS;
  bins: SeriesBin[] = [];

  /** Each thing is counted when it happened: sent when sent, tokens as they arrived; a TTFT when its first output came. */
  add(record: RequestRecord): void {
    this.#at(record.dueMs).due++;
    if (record.outcome === 'dropped') this.#at(record.dueMs).dropped++;
    if (record.sentMs !== undefined) this.#at(record.sentMs).sent++;
    const endMs = record.endMs ?? record.lastMs ?? record.sentMs ?? record.dueMs;
    if (record.outcome === 'failed') this.#at(endMs).failed++;
    if (record.outcome !== 'ok') return;
    this.#at(endMs).succeeded++;
    if (record.firstMs === undefined) return;
    if (record.sentMs !== undefined) this.#at(record.firstMs).ttftMs.add(record.firstMs - record.sentMs);
    this.#addOutput(record, record.firstMs);
  }

  /** Tokens of an answer are taken as spread evenly over its reads. */
  #addOutput(record: RequestRecord, firstMs: number): void {
    const gaps = record.itlMs ?? [];
    const tokensPerRead = (record.outputTokens ?? 0) / (gaps.length + 1);
    this.#at(firstMs).outputTokens += tokensPerRead;
    let atMs = firstMs;
    for (const gapMs of gaps) {
      atMs += gapMs;
      const bin = this.#at(atMs);
      bin.outputTokens += tokensPerRead;
      bin.itlMs.add(gapMs);
    }
  }

  #at(atMs: number): SeriesBin {
    let index = Math.max(0, Math.floor(atMs / this.binMs));
    while (index >= MOST_BINS) {
      this.#coarsen();
      index = Math.floor(atMs / this.binMs);
    }
    while (this.bins.length <= index) this.bins.push(new SeriesBin());
    return this.bins[index] as SeriesBin;
  }

  #coarsen(): void {
    this.bins = this.bins.flatMap((bin, index) => {
      if (index % 2 === 1) return [];
      const next = this.bins[index + 1];
      if (next !== undefined) bin.addAll(next);
      return [bin];
    });
    this.binMs *= 2;
  }
}
