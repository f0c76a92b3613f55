/** The value of each clause of a stage, by itself. */
import { BLOCKS } from '../../contract/catalog/blocks.ts';
import { nearest } from '../../contract/nearest.ts';
import { formatQuantity, type Dimension } from '../../contract/units.ts';
import type { ProcessClause, Stage, StageClause, Value } from '../ast.ts';
import { clauseOf } from '../schema/stage-clauses.ts';
import { coerce } from '../values/coerce.ts';
import { evaluate } from '../values/evaluate.ts';
import { DIMENSION_NAMES, describeValue, type EvaluatedValue } from '../values/value.ts';
import type { CheckContext } from './check.ts';
import { WORDS } from './stage-forms.ts';

/** Judges each clause's own value; false if one is wrong, so that nothing is built on it. */
export function checkClauseValues(stage: Stage, context: CheckContext): boolean {
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
