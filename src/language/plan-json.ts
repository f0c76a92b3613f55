/** A Plan as bytes, and what it refers to. */
import type { RunPlan } from '../contract/plan.ts';
import type { StudyPlan } from '../contract/study-plan.ts';

/** The order of keys is the order in which lowering writes them: the same file gives the same bytes. */
export function planJson(plan: RunPlan | StudyPlan): string {
  return `${JSON.stringify(plan, undefined, 2)}\n`;
}

/** Names of secrets, each once, sorted. */
export function secretsOf(plan: RunPlan | StudyPlan): string[] {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { kind, name } = value as { kind?: unknown; name?: unknown };
    if (kind === 'secret' && typeof name === 'string') names.add(name);
    else Object.values(value).forEach(visit);
  };
  visit(plan);
  return [...names].sort();
}

export function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freezeDeep);
  }
  return value;
}
