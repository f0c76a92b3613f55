/** Fixes that take out what makes no sense: a whole item, words of a limit, a report format. */
import type { AstNode } from 'langium';
import * as ast from '../../ast.ts';
import { spanOf } from './edit-blocks.ts';
import { fix, type Fix, type Problem } from './problem.ts';

/** Takes out what is underlined, if it is a whole item or clause. */
export function removeItem(problem: Problem): Fix[] {
  const { node } = problem;
  if (problem.fact('clause') === '..') return [];
  const item = node === undefined ? undefined : itemOf(node);
  const written = spanOf(item);
  if (written === undefined) return [];
  const shown = problem.text.text.slice(written.start, written.end).replaceAll(/\s+/g, ' ');
  const short = shown.length > 40 ? `${shown.slice(0, 39)}…` : shown;
  return fix(`Remove \`${short}\``, problem.remove(item), false);
}

/** A header, property, clause, limit or item, from any place in it. */
function itemOf(node: AstNode): AstNode | undefined {
  let item: AstNode | undefined = node;
  while (item?.$container !== undefined && !LISTS.has(item.$containerProperty ?? '')) item = item.$container;
  return item;
}

const LISTS: ReadonlySet<string> = new Set(['items', 'entries', 'clauses', 'limits', 'parts', 'formats']);

/** A word with what belongs to it: `per gpu`, `where …`, a statistic. */
export function removeWords(problem: Problem): Fix[] {
  const limit = problem.closest(ast.isLimit);
  const choose = problem.closest(ast.isChoose);
  const { text, start, end } = problem;
  const before = text.text.slice(0, start);
  const after = text.text.slice(end);
  const per = /\bper\s+$/.exec(before)?.[0].length ?? 0;
  let until = end;
  if (problem.written === 'where') until = spanOf(limit?.where.at(-1))?.end ?? end;
  if (problem.written === 'against') until = spanOf(limit?.baseline)?.end ?? end;
  if (problem.written === 'per') until = end + (/^\s+\w+/.exec(after)?.[0].length ?? 0);
  if (limit === undefined && choose === undefined) return [];
  const words = text.text.slice(start - per, until).replaceAll(/\s+/g, ' ');
  return fix(`Remove \`${words}\``, [text.remove(start - per, until)]);
}

/** A report format goes with its comma; the only one stays. */
export function removeFormat(problem: Problem): Fix[] {
  if ((problem.closest(ast.isReport)?.formats.length ?? 0) < 2) return [];
  const comma = /,\s*$/.exec(problem.text.text.slice(0, problem.start))?.[0].length ?? 0;
  return fix(`Remove \`${problem.written}\``, [problem.text.replace(problem.start - comma, problem.end, '')]);
}
