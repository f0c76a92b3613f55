/** Folds monitors.jsonl: a summary of each series within the measured window, and its course for the charts. */
import { findMonitor } from '../../../contract/catalog/monitors.ts';
import type { MonitorPlan } from '../../../contract/plan.ts';
import type { MonitorSample } from '../../../contract/record.ts';
import type { SeriesSummary } from '../../../contract/report.ts';
import { BASE_UNIT_LABEL, type Dimension } from '../../../contract/units.ts';
import { percentile, type RankedSample } from '../statistics/ranked-sample.ts';
import { SampleBuilder } from './sample-builder.ts';

const MOST_EXACT = 20_000;

interface Followed {
  readonly monitor: string;
  readonly device: string;
  readonly series: string;
  readonly sample: SampleBuilder;
  last: number;
  readonly course: Course;
}

export interface MonitorSeries {
  readonly monitor: string;
  readonly device: string;
  readonly series: string;
  readonly dimension: Dimension;
  readonly sample: RankedSample;
  readonly last: number;
  /** Mean of a part of the run; `undefined` where no sample lies in it. */
  meanIn(fromMs: number, toMs: number): number | undefined;
}

export class MonitorFold {
  readonly #followed = new Map<string, Followed>();
  readonly #sources: ReadonlyMap<string, string>;
  readonly #isMeasured: (atMs: number) => boolean;

  constructor(monitors: readonly MonitorPlan[], isMeasured: (atMs: number) => boolean) {
    this.#sources = new Map(monitors.map(({ name, source }) => [name, source]));
    this.#isMeasured = isMeasured;
  }

  add({ monitor, device, atMs, values }: MonitorSample): void {
    for (const [series, value] of Object.entries(values)) {
      if (!Number.isFinite(value)) continue;
      const key = JSON.stringify([monitor, device, series]);
      let followed = this.#followed.get(key);
      if (followed === undefined) {
        const sample = new SampleBuilder(MOST_EXACT);
        this.#followed.set(key, (followed = { monitor, device, series, sample, last: value, course: new Course() }));
      }
      followed.last = value;
      if (this.#isMeasured(atMs)) followed.sample.add(value);
      followed.course.add(atMs, value);
    }
  }

  build(): readonly MonitorSeries[] {
    return [...this.#followed.values()].map(({ monitor, device, series, sample, last, course }) => ({
      monitor,
      device,
      series,
      dimension: this.#dimensionOf(monitor, series),
      sample: sample.build(),
      last,
      meanIn: (fromMs, toMs) => course.meanIn(fromMs, toMs),
    }));
  }

  #dimensionOf(monitor: string, series: string): Dimension {
    const source = this.#sources.get(monitor);
    const entry = source === undefined ? undefined : findMonitor(source);
    return entry?.series.find(({ id }) => id === series)?.dimension ?? 'count';
  }
}

const FINEST_BIN_MS = 1_000;
/** As many as the series has; beyond it bins double in width, as its do. */
const MOST_BINS = 3_600;

/** The course of a series over the run: sum and count of the samples in each bin. */
class Course {
  #binMs = FINEST_BIN_MS;
  #sums = new Float64Array(64);
  #counts = new Uint32Array(64);

  add(atMs: number, value: number): void {
    while (atMs / this.#binMs >= MOST_BINS) this.#resize(this.#sums.length, 2);
    const bin = Math.max(0, Math.floor(atMs / this.#binMs));
    if (bin >= this.#sums.length) this.#resize(Math.min(MOST_BINS, Math.max(bin + 1, this.#sums.length * 2)), 1);
    this.#sums[bin] = (this.#sums[bin] as number) + value;
    this.#counts[bin] = (this.#counts[bin] as number) + 1;
  }

  meanIn(fromMs: number, toMs: number): number | undefined {
    let [sum, count] = [0, 0];
    for (let bin = Math.floor(fromMs / this.#binMs); bin * this.#binMs < toMs && bin < this.#sums.length; bin++) {
      sum += this.#sums[bin] ?? 0;
      count += this.#counts[bin] ?? 0;
    }
    return count === 0 ? undefined : sum / count;
  }

  /** @param merged How many bins become one. */
  #resize(length: number, merged: 1 | 2): void {
    const [sums, counts] = [new Float64Array(length), new Uint32Array(length)];
    this.#sums.forEach((sum, bin) => {
      const into = Math.floor(bin / merged);
      sums[into] = (sums[into] as number) + sum;
      counts[into] = (counts[into] as number) + (this.#counts[bin] as number);
    });
    this.#sums = sums;
    this.#counts = counts;
    this.#binMs *= merged;
  }
}

/** The unit a value stands in, as report.json names it: shares stay shares. */
export function unitOf(dimension: Dimension): string {
  return dimension === 'ratio' ? 'ratio' : BASE_UNIT_LABEL[dimension];
}

export function summarizeMonitors(
  series: readonly MonitorSeries[],
): Readonly<Record<string, readonly SeriesSummary[]>> {
  const byMonitor: Record<string, SeriesSummary[]> = {};
  for (const { monitor, device, series: name, dimension, sample, last } of series) {
    if (sample.count === 0) continue;
    (byMonitor[monitor] ??= []).push({
      series: name,
      device,
      unit: unitOf(dimension),
      count: sample.count,
      mean: sample.mean,
      min: sample.min,
      max: sample.max,
      p95: percentile(sample, 0.95),
      last,
    });
  }
  return byMonitor;
}
