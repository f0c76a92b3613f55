/** A stage's load in words, as a person would write it in the language. */
import { meanOf } from './distribution.ts';
import type { Arrivals, LoadShape, RateProfile, StageEnd, StagePlan } from './plan.ts';
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

/** What a stage does, in a sentence for people who do not know the words. `stages` are the rungs of one written stage. */
export function explainStage(stages: readonly Pick<StagePlan, 'shape' | 'until'>[]): string {
  const [first] = stages;
  const last = stages.at(-1);
  if (first === undefined || last === undefined) return '';
  const { shape, until } = first;
  const lasting = stages.length > 1 ? `each for ${describeStageEnd(until)}` : endingOf(until);
  if (shape.kind === 'closed') {
    const all = stages.map((each) => (each.shape.kind === 'closed' ? each.shape.users : 0));
    const users =
      all.length > 1
        ? `Users in ${shortList(all.map((each) => formatQuantity(each, 'count', 9)))}`
        : describeUsers(shape.users);
    const pause =
      shape.thinkMs === undefined
        ? 'at once'
        : `after a pause of ${formatQuantity(meanOf(shape.thinkMs), 'duration', 3)} on average`;
    return `${users}, ${lasting}. ${all.length > 1 || shape.users > 1 ? 'Each user sends' : 'The user sends'}, waits for the answer, and sends again ${pause}: a slow server gets fewer requests.`;
  }
  if (shape.kind === 'replay')
    return `Sends when the dataset says that it was sent${shape.speed === 1 ? '' : `, ${shape.speed} times as fast`}, ${lasting}.`;
  const rates = stages.map((each) =>
    each.shape.kind === 'open' && each.shape.rate.kind === 'flat'
      ? formatQuantity(each.shape.rate.ratePerSecond, 'rate', 3)
      : '',
  );
  const rate = stages.length > 1 ? shortList(rates) : explainRate(shape.rate);
  return `${rate}, ${lasting}, whatever the server does. ${explainArrivals(shape.arrivals)}`;
}

function endingOf(until: StageEnd): string {
  return until.kind === 'dataset' ? describeStageEnd(until) : `for ${describeStageEnd(until)}`;
}

function describeUsers(users: number): string {
  return users === 1 ? 'One user' : `${formatQuantity(users, 'count', 9)} users`;
}

const LONGEST_LIST = 6;

function shortList(words: readonly string[]): string {
  const shown = words.length <= LONGEST_LIST ? words : [...words.slice(0, 3), '…', ...words.slice(-1)];
  return `${words.length} steps (${shown.join(', ')})`;
}

function explainRate(rate: RateProfile): string {
  const rps = (value: number): string => formatQuantity(value, 'rate', 3);
  switch (rate.kind) {
    case 'flat':
      return rps(rate.ratePerSecond);
    case 'ramp':
      return `${rate.fromPerSecond <= rate.toPerSecond ? 'Rising' : 'Falling'} evenly from ${rps(rate.fromPerSecond)} to ${rps(rate.toPerSecond)}`;
    case 'spikes':
      return `${rps(rate.basePerSecond)}, and ${rps(rate.spikePerSecond)} for ${formatQuantity(rate.spikeMs, 'duration', 3)} at the beginning of every ${formatQuantity(rate.everyMs, 'duration', 3)}`;
    case 'sine':
      return `Swinging between ${rps(rate.minPerSecond)} and ${rps(rate.maxPerSecond)}, from the lower to the upper and back in ${formatQuantity(rate.periodMs, 'duration', 3)}`;
  }
}

function explainArrivals(arrivals: Arrivals): string {
  switch (arrivals.kind) {
    case 'constant':
      return 'Requests are evenly spaced.';
    case 'poisson':
      return 'Gaps are random, as with many independent users.';
    case 'gamma':
      return arrivals.burstiness === 1
        ? 'Gaps are random, as with many independent users.'
        : `Gaps are random, ${arrivals.burstiness < 1 ? 'more clumped' : 'more even'} than with independent users (burstiness ${arrivals.burstiness}).`;
  }
}
