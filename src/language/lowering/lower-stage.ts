/** From the clauses of a stage to its shape; a staircase becomes one stage per rung. */
import type { Distribution } from '../../contract/distribution.ts';
import type { Arrivals, LoadShape, RateProfile, StageEnd, StagePlan } from '../../contract/plan.ts';
import type { Stage, Value } from '../ast.ts';
import { clauseOf, rungsOf } from '../schema/stage-clauses.ts';
import { showScalar, tidy } from '../values/value.ts';
import { locationOf, type Lowering } from './lowering.ts';

export function lowerStage(stage: Stage, lowering: Lowering): StagePlan[] {
  if (clauseOf(stage, 'RateClause') !== undefined) return lowerRates(stage, lowering);
  if (clauseOf(stage, 'UsersClause') !== undefined) return lowerUsers(stage, lowering);
  return clauseOf(stage, 'ReplayClause') === undefined ? [] : lowerReplay(stage, lowering);
}

/** `for 5 min`, `for 10000 requests`. */
export function lowerEnd(value: Value | undefined, lowering: Lowering): StageEnd | undefined {
  const end = lowering.evaluate(value);
  if (end?.kind !== 'quantity') return undefined;
  if (end.dimension === 'duration') return { kind: 'time', durationMs: end.value };
  return end.dimension === 'requests' ? { kind: 'requests', requests: Math.round(end.value) } : undefined;
}

function lowerRates(stage: Stage, lowering: Lowering): StagePlan[] {
  const clause = clauseOf(stage, 'RateClause');
  const arrivals = lowerArrivals(stage, lowering);
  const open = (rate: RateProfile): LoadShape => ({ kind: 'open', arrivals, rate });
  const from = lowering.evaluate(clause?.value);
  if (clause?.to !== undefined) {
    const fromPerSecond = lowering.quantity(clause.value, 'rate');
    const toPerSecond = lowering.quantity(clause.to, 'rate');
    const until = lowerEnd(clauseOf(stage, 'OverClause')?.value, lowering);
    if (fromPerSecond === undefined || toPerSecond === undefined || until === undefined) return [];
    lowering.uses.add('stage.ramp');
    return [{ name: stage.name, shape: open({ kind: 'ramp', fromPerSecond, toPerSecond }), until, ...located(stage) }];
  }
  const rungs = rungsOf(from, lowering.evaluate(clauseOf(stage, 'StepClause')?.value));
  if (rungs !== undefined && rungs !== 'endless') {
    const until = lowerEnd(clauseOf(stage, 'EveryClause')?.value, lowering);
    const flat = (ratePerSecond: number): LoadShape => open({ kind: 'flat', ratePerSecond: tidy(ratePerSecond) });
    return until === undefined
      ? []
      : rungs.map((rung) => ({
          ...rungName(stage, showScalar(rung)),
          shape: flat(rung.value),
          until,
          ...located(stage),
        }));
  }
  const rate = lowerProfile(stage, lowering);
  const until = lowerEnd(clauseOf(stage, 'ForClause')?.value, lowering);
  return rate === undefined || until === undefined
    ? []
    : [{ name: stage.name, shape: open(rate), until, ...located(stage) }];
}

/** One rate, with or without spikes, or a swing between two. */
function lowerProfile(stage: Stage, lowering: Lowering): RateProfile | undefined {
  const written = clauseOf(stage, 'RateClause')?.value;
  const sine = clauseOf(stage, 'SineClause');
  const spike = clauseOf(stage, 'SpikeClause');
  if (sine !== undefined) {
    const range = lowering.coerce(written, { kind: 'range', dimension: 'rate' }) as
      { min: number; max: number } | undefined;
    const periodMs = lowering.quantity(sine.period, 'duration');
    if (range === undefined || periodMs === undefined) return undefined;
    lowering.uses.add('stage.sine');
    return { kind: 'sine', minPerSecond: range.min, maxPerSecond: range.max, periodMs };
  }
  const ratePerSecond = lowering.quantity(written, 'rate');
  if (ratePerSecond === undefined) return undefined;
  if (spike === undefined) return { kind: 'flat', ratePerSecond };
  const spikePerSecond = lowering.quantity(spike.value, 'rate');
  const spikeMs = lowering.quantity(spike.duration, 'duration');
  const everyMs = lowering.quantity(spike.period, 'duration');
  if (spikePerSecond === undefined || spikeMs === undefined || everyMs === undefined) return undefined;
  lowering.uses.add('stage.spikes');
  return { kind: 'spikes', basePerSecond: ratePerSecond, spikePerSecond, spikeMs, everyMs };
}

function lowerArrivals(stage: Stage, lowering: Lowering): Arrivals {
  const process = clauseOf(stage, 'ProcessClause');
  if (process?.name === 'poisson') return { kind: 'poisson' };
  if (process?.name !== 'gamma') return { kind: 'constant' };
  lowering.uses.add('arrivals.gamma');
  const burstiness = lowering.coerce(process.value, { kind: 'number' }) as number | undefined;
  return { kind: 'gamma', burstiness: burstiness ?? 1 };
}

function lowerUsers(stage: Stage, lowering: Lowering): StagePlan[] {
  const written = clauseOf(stage, 'UsersClause')?.value;
  const value = lowering.evaluate(written);
  const think = clauseOf(stage, 'ThinkClause');
  const thinkMs = lowering.coerce(think?.value, { kind: 'distribution', dimension: 'duration' }) as
    Distribution | undefined;
  const closed = (users: number): LoadShape => ({
    kind: 'closed',
    users,
    ...(thinkMs === undefined ? {} : { thinkMs }),
  });
  const rungs = rungsOf(value, lowering.evaluate(clauseOf(stage, 'StepClause')?.value));
  if (rungs !== undefined && rungs !== 'endless') {
    const until = lowerEnd((clauseOf(stage, 'EachClause') ?? clauseOf(stage, 'EveryClause'))?.value, lowering);
    return until === undefined
      ? []
      : rungs.map((rung) => ({
          ...rungName(stage, rung.value === 1 ? '1 user' : `${tidy(rung.value)} users`),
          shape: closed(Math.round(rung.value)),
          until,
          ...located(stage),
        }));
  }
  const until = lowerEnd(clauseOf(stage, 'ForClause')?.value, lowering);
  const users = lowering.coerce(written, { kind: 'integer', min: 1 }) as number | undefined;
  return until === undefined || users === undefined
    ? []
    : [{ name: stage.name, shape: closed(users), until, ...located(stage) }];
}

function lowerReplay(stage: Stage, lowering: Lowering): StagePlan[] {
  lowering.uses.add('replay');
  const speed = clauseOf(stage, 'SpeedClause');
  const factor = speed === undefined ? 1 : (lowering.coerce(speed.value, { kind: 'number' }) as number | undefined);
  const end = clauseOf(stage, 'ForClause');
  const until: StageEnd | undefined = end === undefined ? { kind: 'dataset' } : lowerEnd(end.value, lowering);
  return factor === undefined || until === undefined
    ? []
    : [{ name: stage.name, shape: { kind: 'replay', speed: factor }, until, ...located(stage) }];
}

function rungName(stage: Stage, rung: string): Pick<StagePlan, 'name' | 'group'> {
  return { name: `${stage.name} ${rung}`, group: stage.name };
}

function located(stage: Stage): Pick<StagePlan, 'location'> {
  return { location: locationOf(stage, 'name') };
}
