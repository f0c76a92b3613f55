/** A load's rate over time as a line of small bars, for places that show text only. */
import type { LoadShape, RateProfile, StagePlan } from './plan.ts';

const BARS = '▁▂▃▄▅▆▇█';
/** Of a rate that never changes. */
const LEVEL = '▄';

/** A stage and how long it lasts; where that is not known beforehand it is drawn as long as the mean of the others. */
export interface DrawnStage {
  readonly shape: LoadShape;
  readonly durationMs?: number | undefined;
}

/** One bar for each of `columns` equal parts of the time; every stage gets at least one. Empty where nothing can be drawn. */
export function loadSparkline(stages: readonly DrawnStage[], columns: number): string {
  return sparklines(stages, columnsOf(stages, columns)).join('');
}

/** For each stage its own part, with as many bars as asked for, all to one scale. */
export function sparklines(stages: readonly DrawnStage[], columns: readonly number[]): readonly string[] {
  const values = stages.map(({ shape, durationMs }, index) => heights(shape, durationMs, columns[index] ?? 1));
  const kinds = stages.map(({ shape }) => shape.kind);
  return values.map((own, index) => {
    // Rates and users have no common scale.
    const alike = values.flatMap((each, other) => (kinds[other] === kinds[index] ? each : []));
    const known = alike.filter((each) => each !== undefined);
    const highest = Math.max(...known);
    const isFlat = known.every((each) => each === highest);
    return own
      .map((each) => (each === undefined ? '·' : isFlat ? LEVEL : (BARS[barOf(each, highest)] ?? LEVEL)))
      .join('');
  });
}

function barOf(value: number, highest: number): number {
  return highest > 0 ? Math.round((value / highest) * (BARS.length - 1)) : 0;
}

function columnsOf(stages: readonly DrawnStage[], columns: number): number[] {
  const known = stages.flatMap(({ durationMs }) => durationMs ?? []);
  const mean = known.length === 0 ? 1 : known.reduce((sum, each) => sum + each, 0) / known.length;
  const lengths = stages.map(({ durationMs }) => durationMs ?? mean);
  const total = lengths.reduce((sum, each) => sum + each, 0);
  return lengths.map((each) => Math.max(1, Math.round((each / total) * columns)));
}

function heights(shape: LoadShape, durationMs: number | undefined, columns: number): (number | undefined)[] {
  return Array.from({ length: columns }, (_, index) => {
    if (shape.kind === 'closed') return shape.users;
    if (shape.kind === 'replay') return undefined;
    const length = durationMs ?? columns;
    return rateWithin(shape.rate, (index / columns) * length, ((index + 1) / columns) * length, length);
  });
}

/** What a part of the time is drawn as: its mean, but a spike in it is never lost. */
function rateWithin(rate: RateProfile, fromMs: number, toMs: number, durationMs: number): number {
  const middle = (fromMs + toMs) / 2;
  switch (rate.kind) {
    case 'flat':
      return rate.ratePerSecond;
    case 'ramp':
      return rate.fromPerSecond + ((rate.toPerSecond - rate.fromPerSecond) * middle) / durationMs;
    case 'spikes': {
      const sinceSpike = fromMs % rate.everyMs;
      const hasSpike = sinceSpike < rate.spikeMs || sinceSpike + (toMs - fromMs) > rate.everyMs;
      return hasSpike ? rate.spikePerSecond : rate.basePerSecond;
    }
    case 'sine': {
      const mean = (rate.minPerSecond + rate.maxPerSecond) / 2;
      return mean - (mean - rate.minPerSecond) * Math.cos((2 * Math.PI * middle) / rate.periodMs);
    }
  }
}

/** How long a stage lasts, where its end is a time, or a number of requests at one rate. */
export function stageDurationMs({ shape, until }: Pick<StagePlan, 'shape' | 'until'>): number | undefined {
  if (until.kind === 'time') return until.durationMs;
  if (until.kind !== 'requests' || shape.kind !== 'open' || shape.rate.kind !== 'flat') return undefined;
  return (until.requests / shape.rate.ratePerSecond) * 1_000;
}
