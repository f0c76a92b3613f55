/** A stage's clauses by kind, and the rungs of a staircase: what checks and lowering both need to know of a stage. */
import type { Stage, StageClause } from '../ast.ts';
import type { EvaluatedValue, ScalarValue } from '../values/value.ts';

/** More rungs than anybody means; a slip of the keyboard must not make a million stages. */
export const MAXIMUM_RUNGS = 1_000;

/** The first clause of a kind. */
export function clauseOf<Type extends StageClause['$type']>(
  stage: Stage,
  type: Type,
): Extract<StageClause, { $type: Type }> | undefined {
  return stage.clauses.find((clause): clause is Extract<StageClause, { $type: Type }> => clause.$type === type);
}

/** A staircase from a list or a range with its step; `undefined` if it is neither, `'endless'` where the step leads nowhere. */
export function rungsOf(
  value: EvaluatedValue | undefined,
  step: EvaluatedValue | undefined,
): readonly ScalarValue[] | 'endless' | undefined {
  if (value?.kind === 'list') {
    const scalars = value.items.filter((item) => item.kind === 'number' || item.kind === 'quantity');
    return scalars.length === value.items.length ? scalars : undefined;
  }
  if (value?.kind !== 'range' || (step?.kind !== 'quantity' && step?.kind !== 'number')) return undefined;
  if (!(step.value > 0)) return 'endless';
  const { from, to } = value;
  const direction = from.value <= to.value ? 1 : -1;
  // A hair more than exact, so that 10 steps of 0.1 reach 1.
  const steps = Math.floor(Math.abs(to.value - from.value) / step.value + 1e-9);
  if (steps >= MAXIMUM_RUNGS) return 'endless';
  return Array.from({ length: steps + 1 }, (_, index) => ({
    ...from,
    value: from.value + direction * index * step.value,
  }));
}
