/** Loads for tests of the runner, said briefly. */
import {
  DEFAULT_DRAIN_MS,
  type LoadPlan,
  type LoadShape,
  type SourceLocation,
  type StageEnd,
  type StagePlan,
} from '../../src/contract/plan.ts';

const LOCATION: SourceLocation = { file: '/home/ada/chat.bench', line: 26, column: 3, endLine: 26, endColumn: 20 };

export function makeLoad(stages: readonly StagePlan[], changes: Partial<LoadPlan> = {}): LoadPlan {
  return { stages, overload: 'queue', drainMs: DEFAULT_DRAIN_MS, ...changes };
}

export function makeStage(name: string, shape: LoadShape, until: StageEnd): StagePlan {
  return { name, shape, until, location: LOCATION };
}

export function flat(ratePerSecond: number, arrivals: 'constant' | 'poisson' = 'constant'): LoadShape {
  return { kind: 'open', arrivals: { kind: arrivals }, rate: { kind: 'flat', ratePerSecond } };
}

export function users(count: number, thinkMs?: number): LoadShape {
  const think = thinkMs === undefined ? {} : { thinkMs: { kind: 'constant', value: thinkMs } as const };
  return { kind: 'closed', users: count, ...think };
}

export function forTime(durationMs: number): StageEnd {
  return { kind: 'time', durationMs };
}

export function forRequests(requests: number): StageEnd {
  return { kind: 'requests', requests };
}

export function makeWarmup(until: StageEnd, ratePerSecond?: number): NonNullable<LoadPlan['warmup']> {
  return { until, location: LOCATION, ...(ratePerSecond === undefined ? {} : { ratePerSecond }) };
}
