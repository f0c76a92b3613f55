/** Stages: which clauses go together, and whether their values make a schedule. */
import { formatQuantity } from '../../contract/units.ts';
import type { SpikeClause, Stage, Value } from '../ast.ts';
import { clauseOf, MAXIMUM_RUNGS, rungsOf } from '../schema/stage-clauses.ts';
import { coerce } from '../values/coerce.ts';
import { evaluate } from '../values/evaluate.ts';
import { describeValue, isScalar, showScalar, type EvaluatedValue } from '../values/value.ts';
import type { Check, CheckContext } from './check.ts';
import { ALLOWED, BELONGS, ENDS, formOf, LEADING, wordOf, type Form } from './stage-forms.ts';
import { checkClauseValues } from './stage-values.ts';

export const checkStage: Check<Stage> = (stage, context) => {
  const { report, environment } = context;
  const leading = stage.clauses.filter(({ $type }) => LEADING.has($type));
  const [first, second] = leading;
  const areValuesGood = checkClauseValues(stage, context);
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
  if (areValuesGood) checkShape(stage, form, value, context);
};

function isBareRange(stage: Stage, form: Form, value: EvaluatedValue | undefined): boolean {
  const isStairs = form === 'staircase' || form === 'user-staircase';
  return isStairs && value?.kind === 'range' && clauseOf(stage, 'StepClause') === undefined;
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
  checkSpikeHeight(stage, spike, context);
  const spikeMs = milliseconds(duration, context);
  const everyMs = milliseconds(period, context);
  if (duration !== undefined && spikeMs !== undefined && everyMs !== undefined && spikeMs >= everyMs)
    report(
      'BENCH5011',
      { node: duration },
      { spike: formatQuantity(spikeMs, 'duration'), period: formatQuantity(everyMs, 'duration') },
    );
}

function checkSpikeHeight(stage: Stage, spike: SpikeClause, { report, environment }: CheckContext): void {
  const height = evaluate(spike.value, environment, () => undefined);
  const base = evaluate(clauseOf(stage, 'RateClause')?.value, environment, () => undefined);
  if (height?.kind !== 'quantity' || base?.kind !== 'quantity' || height.value > base.value) return;
  report('BENCH5020', { node: spike, property: 'value' }, { spike: showScalar(height), base: showScalar(base) });
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
