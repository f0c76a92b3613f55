/** A stage's load in words, as a person would write it in the language. */
import type { Arrivals, LoadShape, RateProfile, StageEnd } from '../../contract/plan.ts';
import { meanOf } from '../../contract/distribution.ts';
import { counted, quantity } from './words.ts';

export function describeShape(shape: LoadShape): string {
  switch (shape.kind) {
    case 'open':
      return `${describeRate(shape.rate)} ${describeArrivals(shape.arrivals)}`;
    case 'closed':
      return shape.thinkMs === undefined
        ? counted(shape.users, 'user')
        : `${counted(shape.users, 'user')}, thinking ${quantity(meanOf(shape.thinkMs), 'duration')} on average`;
    case 'replay':
      return shape.speed === 1 ? "the dataset's own times" : `the dataset's own times, ${shape.speed} times as fast`;
  }
}

export function describeEnd(until: StageEnd): string {
  switch (until.kind) {
    case 'time':
      return quantity(until.durationMs, 'duration');
    case 'requests':
      return counted(until.requests, 'request');
    case 'dataset':
      return 'to the end of the dataset';
  }
}

function describeRate(rate: RateProfile): string {
  const rps = (value: number): string => quantity(value, 'rate');
  switch (rate.kind) {
    case 'flat':
      return rps(rate.ratePerSecond);
    case 'ramp':
      return `${rps(rate.fromPerSecond)} to ${rps(rate.toPerSecond)}`;
    case 'spikes':
      return `${rps(rate.basePerSecond)}, spikes of ${rps(rate.spikePerSecond)} every ${quantity(rate.everyMs, 'duration')}`;
    case 'sine':
      return `${rps(rate.minPerSecond)} to ${rps(rate.maxPerSecond)} and back every ${quantity(rate.periodMs, 'duration')}`;
  }
}

function describeArrivals(arrivals: Arrivals): string {
  return arrivals.kind === 'gamma' ? `gamma, burstiness ${arrivals.burstiness}` : arrivals.kind;
}
