/** A stage's load in words, as a person would write it in the language. */
import { meanOf } from './distribution.ts';
import type { Arrivals, LoadShape, RateProfile, StageEnd } from './plan.ts';
import { formatQuantity } from './units.ts';

export function describeLoad(shape: LoadShape): string {
  switch (shape.kind) {
    case 'open':
      return `${describeRate(shape.rate)} ${describeArrivals(shape.arrivals)}`;
    case 'closed': {
      const users = shape.users === 1 ? '1 user' : `${formatQuantity(shape.users, 'count', 9)} users`;
      return shape.thinkMs === undefined
        ? users
        : `${users}, thinking ${formatQuantity(meanOf(shape.thinkMs), 'duration', 3)} on average`;
    }
    case 'replay':
      return shape.speed === 1 ? "the dataset's own times" : `the dataset's own times, ${shape.speed} times as fast`;
  }
}

export function describeStageEnd(until: StageEnd): string {
  switch (until.kind) {
    case 'time':
      return formatQuantity(until.durationMs, 'duration', 3);
    case 'requests':
      return until.requests === 1 ? '1 request' : `${formatQuantity(until.requests, 'count', 12)} requests`;
    case 'dataset':
      return 'to the end of the dataset';
  }
}

function describeRate(rate: RateProfile): string {
  const rps = (value: number): string => formatQuantity(value, 'rate', 3);
  switch (rate.kind) {
    case 'flat':
      return rps(rate.ratePerSecond);
    case 'ramp':
      return `${rps(rate.fromPerSecond)} to ${rps(rate.toPerSecond)}`;
    case 'spikes':
      return `${rps(rate.basePerSecond)}, spikes of ${rps(rate.spikePerSecond)} every ${formatQuantity(rate.everyMs, 'duration', 3)}`;
    case 'sine':
      return `${rps(rate.minPerSecond)} to ${rps(rate.maxPerSecond)} and back every ${formatQuantity(rate.periodMs, 'duration', 3)}`;
  }
}

function describeArrivals(arrivals: Arrivals): string {
  return arrivals.kind === 'gamma' ? `gamma, burstiness ${arrivals.burstiness}` : arrivals.kind;
}
