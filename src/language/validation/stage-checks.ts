/** Stages: which clauses go together, and whether their values make a schedule. */
import { nearest } from '../../contract/nearest.ts';
import { BLOCKS } from '../../contract/catalog/blocks.ts';
import { formatQuantity, type Dimension } from '../../contract/units.ts';
import type { ProcessClause, Stage, StageClause, Value } from '../ast.ts';
import { clauseOf, MAXIMUM_RUNGS, rungsOf } from '../schema/stage-clauses.ts';
import { coerce } from '../values/coerce.ts';
import { evaluate, isScalar } from '../values/evaluate.ts';
import { DIMENSION_NAMES, describeValue, showScalar, type EvaluatedValue } from '../values/value.ts';
import type { Check, CheckContext } from './check.ts';

type ClauseType = StageClause['$type'];

/** What a stage is, by its clauses. */
type Form = 'flat' | 'spikes' | 'sine' | 'staircase' | 'ramp' | 'users' | 'user-staircase' | 'replay';

/** The word a clause begins with. */
const WORDS: Readonly<Record<Exclude<ClauseType, 'ProcessClause'>, string>> = {
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

const ALLOWED: Readonly<Record<Form, readonly ClauseType[]>> = {
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
const BELONGS: Readonly<Record<ClauseType, string>> = {
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
const ENDS: Readonly<Record<Form, { readonly types: readonly ClauseType[]; readonly example: string }>> = {
  flat: { types: ['ForClause'], example: 'for 5 min' },
  spikes: { types: ['ForClause'], example: 'for 10 min' },
  sine: { types: ['ForClause'], example: 'for 20 min' },
  staircase: { types: ['EveryClause'], example: 'every 5 min' },
  ramp: { types: ['OverClause'], example: 'over 10 min' },
  users: { types: ['ForClause'], example: 'for 5 min' },
  'user-staircase': { types: ['EachClause', 'EveryClause'], example: 'each 60 s' },
  replay: { types: [], example: '' },
};

export const checkStage: Check<Stage> = (stage, context) => {
  const { report, environment } = context;
  const leading = stage.clauses.filter(({ $type }) => LEADING.has($type));
  const [first, second] = leading;
  const evaluated = checkValues(stage, context);
  if (first === undefined) {
    report('BENCH5001', { node: stage, property: 'name' }, {});
    return;
  }
  if (second !== undefined && second.$type !== first.$type) {
    report('BENCH5002', { node: second }, { first: wordOf(first), second: wordOf(second) });
    return;
  }
  checkRepeated(stage, context);
  const rate = clauseOf(stage, 'RateClause');
  const value = evaluate(rate?.value ?? clauseOf(stage, 'UsersClause')?.value, environment, () => undefined);
  // What cannot be computed has been reported, and nobody knows which kind of stage it was to be.
  if (value === undefined && first.$type !== 'ReplayClause') return;
  const form = formOf(stage, value);
  if (isBareRange(stage, form, value)) {
    report(
      'BENCH5004',
      { node: first, property: 'value' },
      { clause: '..', needs: '`step` (a staircase) or `sine` (a swing); a ramp is written `->`' },
    );
    return;
  }
  checkForm(stage, form, context);
  if (evaluated) checkShape(stage, form, value, context);
};

function isBareRange(stage: Stage, form: Form, value: EvaluatedValue | undefined): boolean {
  const isStairs = form === 'staircase' || form === 'user-staircase';
  return isStairs && value?.kind === 'range' && clauseOf(stage, 'StepClause') === undefined;
}

const LEADING: ReadonlySet<string> = new Set(['RateClause', 'UsersClause', 'ReplayClause']);

function wordOf(clause: StageClause): string {
  return clause.$type === 'ProcessClause' ? clause.name : WORDS[clause.$type];
}

function formOf(stage: Stage, value: EvaluatedValue | undefined): Form {
  if (clauseOf(stage, 'ReplayClause') !== undefined) return 'replay';
  const rate = clauseOf(stage, 'RateClause');
  const isStairs = value?.kind === 'list' || value?.kind === 'range' || clauseOf(stage, 'StepClause') !== undefined;
  if (rate === undefined) return isStairs ? 'user-staircase' : 'users';
  if (rate.to !== undefined) return 'ramp';
  if (clauseOf(stage, 'SineClause') !== undefined) return 'sine';
  if (clauseOf(stage, 'SpikeClause') !== undefined) return 'spikes';
  return isStairs ? 'staircase' : 'flat';
}

function checkRepeated(stage: Stage, { report }: CheckContext): void {
  const seen = new Set<string>();
  for (const clause of stage.clauses) {
    if (seen.has(clause.$type)) report('BENCH4006', { node: clause }, { name: wordOf(clause) });
    seen.add(clause.$type);
  }
}

function checkForm(stage: Stage, form: Form, { report }: CheckContext): void {
  for (const clause of stage.clauses)
    if (!ALLOWED[form].includes(clause.$type))
      report('BENCH5004', { node: clause }, { clause: wordOf(clause), needs: BELONGS[clause.$type] });
  const { types, example } = ENDS[form];
  const hasEnd = types.length === 0 || stage.clauses.some(({ $type }) => types.includes($type));
  if (!hasEnd) report('BENCH5003', { node: stage, property: 'name' }, { clause: example });
}

function checkShape(stage: Stage, form: Form, value: EvaluatedValue | undefined, context: CheckContext): void {
  const { report } = context;
  if (form === 'sine') checkSine(stage, value, context);
  else if (form === 'spikes') checkSpikes(stage, context);
  else if (form === 'staircase' || form === 'user-staircase') checkStaircase(stage, value, context);
  else if (value?.kind === 'range' || value?.kind === 'list') {
    const clause = clauseOf(stage, 'RateClause');
    if (clause !== undefined && form === 'ramp')
      report('BENCH3002', { node: clause, property: 'value' }, { expected: 'a rate', actual: describeValue(value) });
  }
}

function checkStaircase(stage: Stage, value: EvaluatedValue | undefined, { report, environment }: CheckContext): void {
  const step = clauseOf(stage, 'StepClause');
  const head = clauseOf(stage, 'RateClause') ?? clauseOf(stage, 'UsersClause');
  if (head === undefined || value === undefined) return;
  if (value.kind !== 'range' && step !== undefined) {
    report('BENCH5004', { node: step }, { clause: 'step', needs: BELONGS.StepClause });
    return;
  }
  const height = evaluate(step?.value, environment, () => undefined);
  const rungs = rungsOf(value, height);
  if (rungs === 'endless' && height !== undefined && value.kind === 'range' && isScalar(height)) {
    const steps =
      height.value > 0 ? Math.floor(Math.abs(value.to.value - value.from.value) / height.value) + 1 : Infinity;
    report('BENCH5014', { node: step ?? head }, { steps, maximum: MAXIMUM_RUNGS });
  } else if (Array.isArray(rungs) && value.kind === 'range' && step !== undefined) {
    const last = rungs.at(-1);
    const gap = last === undefined ? 0 : Math.abs(value.to.value - last.value);
    if (last !== undefined && gap > Math.abs(value.to.value) * 1e-9)
      report('BENCH5005', { node: step, property: 'value' }, { last: showScalar(last), end: showScalar(value.to) });
  }
}

function checkSine(stage: Stage, value: EvaluatedValue | undefined, context: CheckContext): void {
  const { report } = context;
  const rate = clauseOf(stage, 'RateClause');
  const sine = clauseOf(stage, 'SineClause');
  if (rate === undefined || sine === undefined) return;
  if (value !== undefined && value.kind !== 'range')
    report('BENCH5004', { node: sine }, { clause: 'sine', needs: BELONGS.SineClause });
  else if (rate.value !== undefined) coerce(value, { kind: 'range', dimension: 'rate' }, rate.value, report);
  if (sine.period === undefined) report('BENCH4005', { node: sine }, { what: '`sine`', name: 'period' });
  else checkPeriod(stage, sine.period, context);
}

function checkSpikes(stage: Stage, context: CheckContext): void {
  const { report } = context;
  const spike = clauseOf(stage, 'SpikeClause');
  if (spike === undefined) return;
  const { duration, period } = spike;
  if (duration === undefined) report('BENCH4005', { node: spike }, { what: '`spike`', name: 'for' });
  if (period === undefined) report('BENCH4005', { node: spike }, { what: '`spike`', name: 'every' });
  else checkPeriod(stage, period, context);
  const spikeMs = milliseconds(duration, context);
  const everyMs = milliseconds(period, context);
  if (duration !== undefined && spikeMs !== undefined && everyMs !== undefined && spikeMs >= everyMs)
    report(
      'BENCH5011',
      { node: duration },
      { spike: formatQuantity(spikeMs, 'duration'), period: formatQuantity(everyMs, 'duration') },
    );
}

function checkPeriod(stage: Stage, period: Value, context: CheckContext): void {
  const periodMs = milliseconds(period, context);
  const stageMs = milliseconds(clauseOf(stage, 'ForClause')?.value, context);
  if (periodMs !== undefined && stageMs !== undefined && periodMs > stageMs)
    context.report(
      'BENCH5006',
      { node: period },
      { period: formatQuantity(periodMs, 'duration'), duration: formatQuantity(stageMs, 'duration') },
    );
}

function milliseconds(value: Value | undefined, { environment }: CheckContext): number | undefined {
  const result = evaluate(value, environment, () => undefined);
  return result?.kind === 'quantity' && result.dimension === 'duration' ? result.value : undefined;
}

/** Judges each clause's own value; false if one is wrong, so that nothing is built on it. */
function checkValues(stage: Stage, context: CheckContext): boolean {
  return stage.clauses.map((clause) => checkClause(clause, context)).every(Boolean);
}

function checkClause(clause: StageClause, context: CheckContext): boolean {
  switch (clause.$type) {
    case 'RateClause': {
      const isGood = checkAmounts(clause.value, 'rate', context);
      return (clause.to === undefined || checkAmounts(clause.to, 'rate', context)) && isGood;
    }
    case 'UsersClause':
      return checkAmounts(clause.value, 'users', context);
    case 'StepClause': {
      const isOfUsers = clauseOf(clause.$container, 'UsersClause') !== undefined;
      return checkAmounts(clause.value, isOfUsers ? 'users' : 'rate', context);
    }
    case 'SpeedClause':
      return fits(
        clause.value,
        (value, node) => {
          const speed = coerce(value, { kind: 'number' }, node, context.report);
          return typeof speed === 'number' && isPositive(speed, 'count', node, context);
        },
        context,
      );
    case 'EveryClause':
    case 'EachClause':
    case 'ForClause':
      return fits(clause.value, (value, node) => checkEnd(value, node, clause.$type === 'ForClause', context), context);
    case 'OverClause':
      return checkDuration(clause.value, context);
    case 'SpikeClause': {
      const isGood = checkAmounts(clause.value, 'rate', context);
      const times = [clause.duration, clause.period].filter((value) => value !== undefined);
      return times.map((value) => checkDuration(value, context)).every(Boolean) && isGood;
    }
    case 'SineClause':
      return clause.period === undefined || checkDuration(clause.period, context);
    case 'ThinkClause':
      return fits(
        clause.value,
        (value, node) =>
          coerce(value, { kind: 'distribution', dimension: 'duration' }, node, context.report) !== undefined,
        context,
      );
    case 'ProcessClause':
      return checkProcess(clause, context);
    case 'ReplayClause':
      return true;
  }
}

function fits(
  value: Value | undefined,
  judge: (value: EvaluatedValue, node: Value) => boolean,
  { report, environment }: CheckContext,
): boolean {
  if (value === undefined) return false;
  const result = evaluate(value, environment, report);
  return result !== undefined && judge(result, value);
}

/** One amount, or the ends of a range, or the items of a list: rates, or whole numbers of users. */
function checkAmounts(value: Value | undefined, what: 'rate' | 'users', context: CheckContext): boolean {
  return fits(
    value,
    (result, node) => {
      const amounts =
        result.kind === 'list' ? result.items : result.kind === 'range' ? [result.from, result.to] : [result];
      const places = node.$type === 'List' ? node.items : node.$type === 'Range' ? [node.from, node.to] : [node];
      return amounts.every((amount, index) => {
        const place = places[index] ?? node;
        const type =
          what === 'rate' ? ({ kind: 'quantity', dimension: 'rate' } as const) : ({ kind: 'integer', min: 1 } as const);
        const number = coerce(amount, type, place, context.report);
        return typeof number === 'number' && isPositive(number, what === 'rate' ? 'rate' : 'count', place, context);
      });
    },
    context,
  );
}

function checkDuration(value: Value | undefined, context: CheckContext): boolean {
  return fits(
    value,
    (result, node) => {
      const number = coerce(result, { kind: 'quantity', dimension: 'duration' }, node, context.report);
      return typeof number === 'number' && isPositive(number, 'duration', node, context);
    },
    context,
  );
}

function checkEnd(value: EvaluatedValue, node: Value, mayCount: boolean, context: CheckContext): boolean {
  if (mayCount && value.kind === 'quantity' && value.dimension === 'requests')
    return isPositive(value.value, 'requests', node, context);
  if (mayCount && value.kind === 'quantity' && value.dimension !== 'duration') {
    const expected = `${DIMENSION_NAMES.duration} or ${DIMENSION_NAMES.requests}`;
    context.report('BENCH3002', { node }, { expected, actual: describeValue(value) });
    return false;
  }
  const number = coerce(value, { kind: 'quantity', dimension: 'duration' }, node, context.report);
  return typeof number === 'number' && isPositive(number, 'duration', node, context);
}

function isPositive(value: number, dimension: Dimension, node: Value, { report }: CheckContext): boolean {
  if (value > 0) return true;
  report('BENCH3004', { node }, { value: formatQuantity(value, dimension), bound: 'above zero' });
  return false;
}

const PROCESSES: readonly string[] = ['constant', 'poisson', 'gamma'].filter((name) => name in BLOCKS.stage);

function checkProcess(clause: ProcessClause, context: CheckContext): boolean {
  const { report } = context;
  const { name, value } = clause;
  if (!PROCESSES.includes(name)) {
    const words = [...PROCESSES, ...Object.values(WORDS)];
    report('BENCH5009', { node: clause, property: 'name' }, { name, suggestion: nearest(name, words) });
    return false;
  }
  if (name !== 'gamma') {
    if (value !== undefined) report('BENCH5004', { node: value }, { clause: 'a value', needs: '`gamma`' });
    return value === undefined;
  }
  if (value === undefined) {
    report('BENCH4005', { node: clause }, { what: '`gamma`', name: 'burstiness' });
    return false;
  }
  return fits(
    value,
    (result, node) => {
      const burstiness = coerce(result, { kind: 'number' }, node, report);
      return typeof burstiness === 'number' && isPositive(burstiness, 'count', node, context);
    },
    context,
  );
}
