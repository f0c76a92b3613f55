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
  /** Second of the run → sum and count of the samples in it. */
  readonly seconds: Map<number, { sum: number; count: number }>;
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
        this.#followed.set(key, (followed = { monitor, device, series, sample, last: value, seconds: new Map() }));
      }
      followed.last = value;
      if (this.#isMeasured(atMs)) followed.sample.add(value);
      const second = Math.floor(atMs / 1000);
      const bin = followed.seconds.get(second) ?? { sum: 0, count: 0 };
      bin.sum += value;
      bin.count++;
      followed.seconds.set(second, bin);
    }
  }

  build(): readonly MonitorSeries[] {
    return [...this.#followed.values()].map(({ monitor, device, series, sample, last, seconds }) => ({
      monitor,
      device,
      series,
      dimension: this.#dimensionOf(monitor, series),
      sample: sample.build(),
      last,
      meanIn(fromMs, toMs) {
        const total = { sum: 0, count: 0 };
        for (let second = Math.floor(fromMs / 1000); second * 1000 < toMs; second++) {
          const bin = seconds.get(second);
          total.sum += bin?.sum ?? 0;
          total.count += bin?.count ?? 0;
        }
        return total.count === 0 ? undefined : total.sum / total.count;
      },
    }));
  }

  #dimensionOf(monitor: string, series: string): Dimension {
    const source = this.#sources.get(monitor);
    const entry = source === undefined ? undefined : findMonitor(source);
    return entry?.series.find(({ id }) => id === series)?.dimension ?? 'count';
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
