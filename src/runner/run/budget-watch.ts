/** The end of a budget, seen from the main thread: workers stop sending by themselves; here it is told, and what only time uses up is looked after. */
import type { RunPlan } from '../../contract/plan.ts';
import { formatQuantity } from '../../contract/units.ts';
import type { Clock } from '../platform/clock.ts';
import { timeBudget, type BudgetKind, type SharedBudget } from './shared-budget.ts';

export interface BudgetWatchParts {
  readonly plan: RunPlan;
  readonly budget: SharedBudget | undefined;
  readonly clock: Clock;
  /** Nothing more is to be sent, for whatever reason: then the budget was just enough. */
  readonly isOver: () => boolean;
  readonly onSpent: (kind: BudgetKind, atMs: number, message: string) => void;
}

/** How late, at most, it is told that the budget is spent. */
const EVERY_MS = 50;

/** Returns how to stop looking, which looks once more. */
export function watchBudget({ plan, budget, clock, isOver, onSpent }: BudgetWatchParts): () => void {
  if (budget === undefined) return () => {};
  const time = timeBudget(plan);
  const look = (): void => {
    if (isOver()) return;
    const nowMs = clock.nowMs();
    if (time !== undefined && nowMs >= time.ms) budget.spend(time.kind, Math.min(nowMs, time.ms));
    const { spent } = budget;
    if (spent !== undefined) onSpent(spent.kind, spent.atMs > 0 ? spent.atMs : nowMs, describeSpent(plan, spent.kind));
  };
  const cancel = clock.every(EVERY_MS, look);
  return () => {
    cancel();
    look();
  };
}

function describeSpent({ budget = {} }: RunPlan, kind: BudgetKind): string {
  const { requests = 0, tokens = 0, costUsd = 0, timeMs = 0 } = budget;
  const limits: Readonly<Record<BudgetKind, string>> = {
    requests: `${formatQuantity(requests, 'count', 12)} requests`,
    tokens: formatQuantity(tokens, 'tokens', 12),
    cost: formatQuantity(costUsd, 'money', 6),
    time: formatQuantity(timeMs, 'duration', 6),
  };
  return `The budget of ${limits[kind]} is spent: no new requests were sent, those in flight could finish.`;
}
