/** What a `vary` goes through, and the design by which a sweep combines it: what checks, hints and lowering need to know of a sweep. */
import type { SweepDesign } from '../../contract/study-plan.ts';
import { isProperty, isVary, type Sweep, type Vary } from '../ast.ts';
import { silent } from '../validation/report.ts';
import { evaluate, type Environment } from '../values/evaluate.ts';
import type { EvaluatedValue } from '../values/value.ts';
import { rungsOf } from './stage-clauses.ts';

/** More runs than anybody waits for; a slip of the keyboard must not make a million plans. */
export const MAXIMUM_POINTS = 2_000;

/** The values one after another; `undefined` where they cannot be told. */
export function levelsOf(vary: Vary, environment: Environment): readonly EvaluatedValue[] | undefined {
  const value = evaluate(vary.values, environment, silent);
  if (value?.kind === 'list') return value.items;
  const rungs = rungsOf(value, evaluate(vary.step, environment, silent));
  return rungs === 'endless' ? undefined : rungs;
}

/** As written: `tp`, `on`, `synthetic.input`. */
export function subjectOf({ subject, property }: Vary): string {
  return [subject?.$refText ?? '', property].filter((part) => part !== undefined).join('.');
}

export function variesOf(sweep: Sweep): Vary[] {
  return sweep.items.filter(isVary);
}

const DESIGNS: readonly SweepDesign[] = ['full', 'orthogonal', 'one-at-a-time', 'progressive'];

export function designOf(sweep: Sweep, environment: Environment): SweepDesign {
  const written = sweep.items.filter(isProperty).findLast(({ name }) => name === 'design');
  const word = evaluate(written?.value, environment, silent);
  return DESIGNS.find((each) => word?.kind === 'word' && each === word.word) ?? 'full';
}
