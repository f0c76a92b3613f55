/** What kinds of stages there are, and which clauses make them. */
import type { Stage, StageClause } from '../ast.ts';
import { clauseOf } from '../schema/stage-clauses.ts';
import type { EvaluatedValue } from '../values/value.ts';

type ClauseType = StageClause['$type'];

/** What a stage is, by its clauses. */
export type Form = 'flat' | 'spikes' | 'sine' | 'staircase' | 'ramp' | 'users' | 'user-staircase' | 'replay';

/** The word a clause begins with. */
export const WORDS: Readonly<Record<Exclude<ClauseType, 'ProcessClause'>, string>> = {
  RateClause: 'rate',
  UsersClause: 'users',
  ReplayClause: 'replay',
  SpeedClause: 'speed',
  StepClause: 'step',
  EveryClause: 'every',
  EachClause: 'each',
  OverClause: 'over',
  ForClause: 'for',
  SpikeClause: 'spike',
  SineClause: 'sine',
  ThinkClause: 'think',
};

export const ALLOWED: Readonly<Record<Form, readonly ClauseType[]>> = {
  flat: ['RateClause', 'ProcessClause', 'ForClause'],
  spikes: ['RateClause', 'SpikeClause', 'ProcessClause', 'ForClause'],
  sine: ['RateClause', 'SineClause', 'ProcessClause', 'ForClause'],
  staircase: ['RateClause', 'StepClause', 'EveryClause', 'ProcessClause'],
  ramp: ['RateClause', 'OverClause', 'ProcessClause'],
  users: ['UsersClause', 'ThinkClause', 'ForClause'],
  'user-staircase': ['UsersClause', 'StepClause', 'EachClause', 'EveryClause', 'ThinkClause'],
  replay: ['ReplayClause', 'SpeedClause', 'ForClause'],
};

/** Where a clause belongs, for those who put it elsewhere. */
export const BELONGS: Readonly<Record<ClauseType, string>> = {
  RateClause: 'an open loop',
  UsersClause: 'a closed loop',
  ReplayClause: 'a stage of its own',
  SpeedClause: '`replay`',
  StepClause: 'a staircase: `rate 10 rps .. 200 rps step 50 rps every 5 min`',
  EveryClause: 'a staircase: `rate [10, 50] rps every 5 min`',
  EachClause: 'a staircase of users: `users [1, 2, 4] each 60 s`',
  OverClause: 'a ramp: `rate 10 rps -> 200 rps over 10 min`',
  ForClause: 'a stage of one piece: a staircase says `every` (users: `each`), a ramp `over`',
  SpikeClause: 'one steady rate',
  SineClause: 'a range: `rate 10 rps .. 100 rps sine period 2 min for 20 min`',
  ThinkClause: '`users`',
  ProcessClause: '`rate`',
};

/** What ends each form. */
export const ENDS: Readonly<Record<Form, { readonly types: readonly ClauseType[]; readonly example: string }>> = {
  flat: { types: ['ForClause'], example: 'for 5 min' },
  spikes: { types: ['ForClause'], example: 'for 10 min' },
  sine: { types: ['ForClause'], example: 'for 20 min' },
  staircase: { types: ['EveryClause'], example: 'every 5 min' },
  ramp: { types: ['OverClause'], example: 'over 10 min' },
  users: { types: ['ForClause'], example: 'for 5 min' },
  'user-staircase': { types: ['EachClause', 'EveryClause'], example: 'each 60 s' },
  replay: { types: [], example: '' },
};

/** Clauses that say how requests arrive. */
export const LEADING: ReadonlySet<string> = new Set(['RateClause', 'UsersClause', 'ReplayClause']);

export function wordOf(clause: StageClause): string {
  return clause.$type === 'ProcessClause' ? clause.name : WORDS[clause.$type];
}

export function formOf(stage: Stage, value: EvaluatedValue | undefined): Form {
  if (clauseOf(stage, 'ReplayClause') !== undefined) return 'replay';
  const rate = clauseOf(stage, 'RateClause');
  const isStairs = value?.kind === 'list' || value?.kind === 'range' || clauseOf(stage, 'StepClause') !== undefined;
  if (rate === undefined) return isStairs ? 'user-staircase' : 'users';
  if (rate.to !== undefined) return 'ramp';
  if (clauseOf(stage, 'SineClause') !== undefined) return 'sine';
  if (clauseOf(stage, 'SpikeClause') !== undefined) return 'spikes';
  return isStairs ? 'staircase' : 'flat';
}
