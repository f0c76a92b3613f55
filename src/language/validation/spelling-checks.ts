/** Spellings that are understood, but that people read in two ways. */
import type { Quantity, Stage } from '../ast.ts';
import { clauseOf } from '../schema/stage-clauses.ts';
import { parseQuantity } from '../values/quantity.ts';
import type { Check } from './check.ts';

const UNITS: Readonly<Record<string, string>> = { m: 'min', USD: 'usd', percent: '%' };

export const checkUnitSpelling: Check<Quantity> = (node, { report }) => {
  const { unitText } = parseQuantity(node.text);
  const suggestion = UNITS[unitText];
  if (suggestion !== undefined) report('BENCH3017', { node }, { name: unitText, suggestion });
};

/** `every` is how often; how long each level of users lasts is `each`. */
export const checkUsersEach: Check<Stage> = (stage, { report }) => {
  const every = clauseOf(stage, 'UsersClause') === undefined ? undefined : clauseOf(stage, 'EveryClause');
  if (every !== undefined)
    report('BENCH3017', { node: every, keyword: 'every' }, { name: 'every', suggestion: 'each' });
};
