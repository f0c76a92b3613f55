/** The columns of the per-second series. */
import type { GeneratorSample } from '../../../contract/record.ts';
import type { SeriesTable } from '../../../contract/report.ts';
import { percentile } from '../statistics/ranked-sample.ts';
import type { InFlight } from './in-flight.ts';
import { unitOf, type MonitorSeries } from './monitor-fold.ts';
import type { SampleBuilder } from './sample-builder.ts';
import type { SeriesBin, SeriesFold } from './series-fold.ts';
import { askedUntil, type StageWindow } from './stage-windows.ts';

type Column = SeriesTable['columns'][string];

/** A bin that the run covers by less than this is too short for a rate. */
const LEAST_COVERED = 0.2;

export function seriesTable(parts: {
  readonly fold: SeriesFold;
  readonly inFlight: InFlight;
  readonly monitors: readonly MonitorSeries[];
  readonly windows: readonly StageWindow[];
  readonly generator: readonly { readonly atMs: number; readonly sample: GeneratorSample }[];
  readonly durationMs: number;
}): SeriesTable {
  const { fold, inFlight, monitors, windows, durationMs } = parts;
  const { bins, binMs } = fold;
  const atMs = bins.map((_, index) => index * binMs);
  const endOf = (index: number): number => Math.max(Math.min((index + 1) * binMs, durationMs), index * binMs);
  const rate = (title: string, unit: string, amount: (bin: SeriesBin) => number): Column => ({
    title,
    unit,
    values: bins.map((bin, index) => {
      const coveredMs = endOf(index) - index * binMs;
      return coveredMs < LEAST_COVERED * binMs ? null : round((amount(bin) * 1000) / coveredMs);
    }),
  });
  const quantile = (title: string, share: number, of: (bin: SeriesBin) => SampleBuilder): Column => ({
    title,
    unit: 'ms',
    values: bins.map((bin) => (of(bin).count === 0 ? null : round(percentile(of(bin).build(), share)))),
  });
  const hasAsked = windows.some(({ stage }) => stage.shape.kind === 'open');
  return {
    binMs,
    atMs,
    columns: {
      ...(hasAsked ? { asked: askedColumn(atMs, binMs, windows) } : {}),
      due: rate('Due', 'req/s', (bin) => bin.due),
      sent: rate('Sent', 'req/s', (bin) => bin.sent),
      succeeded: rate('Succeeded', 'req/s', (bin) => bin.succeeded),
      failed: rate('Failed', 'req/s', (bin) => bin.failed),
      dropped: rate('Dropped', 'req/s', (bin) => bin.dropped),
      outputThroughput: rate('Output throughput', 'tokens/s', (bin) => bin.outputTokens),
      ttftP50: quantile('TTFT p50', 0.5, (bin) => bin.ttftMs),
      ttftP95: quantile('TTFT p95', 0.95, (bin) => bin.ttftMs),
      ttftP99: quantile('TTFT p99', 0.99, (bin) => bin.ttftMs),
      itlP50: quantile('ITL p50', 0.5, (bin) => bin.itlMs),
      itlP99: quantile('ITL p99', 0.99, (bin) => bin.itlMs),
      inFlight: {
        title: 'In flight',
        unit: 'requests',
        values: atMs.map((fromMs, index) => round(inFlight.meanIn(fromMs, endOf(index)))),
      },
      ...monitorColumns(monitors, atMs, endOf),
      ...generatorColumns(parts.generator, bins.length, binMs),
    },
  };
}

/** What the scenario asks for: the profile's mean over the bin, `null` outside of open-loop stages. */
function askedColumn(atMs: readonly number[], binMs: number, windows: readonly StageWindow[]): Column {
  return {
    title: 'Asked',
    unit: 'req/s',
    values: atMs.map((fromMs) => {
      let requests = 0;
      let coveredMs = 0;
      for (const window of windows) {
        const { startMs, endMs } = window;
        const asked = askedUntil(window);
        if (asked === undefined) continue;
        const from = Math.max(fromMs, startMs) - startMs;
        const to = Math.min(fromMs + binMs, endMs ?? Number.POSITIVE_INFINITY) - startMs;
        if (to <= from) continue;
        requests += asked(to) - asked(from);
        coveredMs += to - from;
      }
      return coveredMs < LEAST_COVERED * binMs ? null : round((requests * 1000) / coveredMs);
    }),
  };
}

function monitorColumns(
  monitors: readonly MonitorSeries[],
  atMs: readonly number[],
  endOf: (index: number) => number,
): Record<string, Column> {
  return Object.fromEntries(
    monitors.map((each) => {
      const name = [each.monitor, each.device, each.series].filter((part) => part !== '').join('.');
      const values = atMs.map((fromMs, index) => each.meanIn(fromMs, endOf(index)));
      return [
        name,
        {
          title: name,
          unit: unitOf(each.dimension),
          values: values.map((value) => (value === undefined ? null : round(value))),
        },
      ];
    }),
  );
}

const GENERATOR_COLUMNS: readonly (readonly [keyof GeneratorSample, name: string, unit: string])[] = [
  ['loopLagMsP99', 'loop lag p99', 'ms'],
  ['scheduleLagMsP99', 'schedule lag p99', 'ms'],
  ['gcPauseMsMax', 'garbage collection', 'ms'],
  ['cpuRatio', 'busiest worker', 'ratio'],
];

/** The generator's own health: the worst sample of each bin. */
function generatorColumns(
  samples: readonly { readonly atMs: number; readonly sample: GeneratorSample }[],
  bins: number,
  binMs: number,
): Record<string, Column> {
  if (samples.length === 0) return {};
  return Object.fromEntries(
    GENERATOR_COLUMNS.map(([key, name, unit]) => {
      const values = Array.from({ length: bins }, (): number | null => null);
      for (const { atMs, sample } of samples) {
        const bin = Math.min(bins - 1, Math.floor(atMs / binMs));
        values[bin] = Math.max(values[bin] ?? Number.NEGATIVE_INFINITY, round(sample[key]));
      }
      return [`generator.${name}`, { title: `Generator: ${name}`, unit, values }];
    }),
  );
}

/** Six significant digits: enough for any chart, and half the size of the file. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
