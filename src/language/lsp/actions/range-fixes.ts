/** `..` where no range can stand: it is rather put right than taken out. */
import * as ast from '../../ast.ts';
import { spanOf } from './edit-blocks.ts';
import { fix, type Fix, type Problem } from './problem.ts';
import { removeItem } from './removal-fixes.ts';

/** `..` in a stage is a staircase or a swing that lacks something, or a ramp in the wrong words; in a sweep it lacks its step. */
export function explainRange(problem: Problem): Fix[] {
  if (problem.fact('clause') !== '..') return removeItem(problem);
  const { text, start, end } = problem;
  if (problem.closest(ast.isVary) !== undefined) return fix('Add `step 1`', [text.insert(end, ' step 1')], false);
  const stage = problem.closest(ast.isStage);
  const dots = problem.written.indexOf('..');
  const forClause = spanOf(stage?.clauses.find((each) => each.$type === 'ForClause'));
  if (dots < 0 || stage?.clauses[0]?.$type !== 'RateClause') return [];
  return fix('Make it a ramp: `-> … over …`', [
    text.replace(start + dots, start + dots + 2, '->'),
    ...(forClause === undefined ? [] : [text.replace(forClause.start, forClause.start + 3, 'over')]),
  ]);
}
