/** What a run used of its budget, a few words for each part of it. */
import { formatMeasured } from './format-measured.ts';
import type { BudgetReport } from './report.ts';

const DIGITS = 4;

/** `requests 500 of 500 (spent)`: each limit with what was used of it. */
export function describeBudget(budget: BudgetReport): readonly string[] {
  const uses = [
    ['requests', budget.requests, ''],
    ['tokens', budget.tokens, ''],
    ['cost', budget.costUsd, 'usd'],
    ['time', budget.timeMs, 'ms'],
  ] as const;
  return uses.flatMap(([kind, use, unit]) => {
    if (use === undefined) return [];
    const said = (value: number): string => formatMeasured(value, unit, DIGITS);
    return [`${kind} ${said(use.used)} of ${said(use.limit)}${budget.spent === kind ? ' (spent)' : ''}`];
  });
}
