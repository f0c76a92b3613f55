/** A dataset's own options, by their `planKey`. */
import type { DatasetPlan } from '../../contract/plan.ts';

export function textOption(plan: DatasetPlan, key: string): string | undefined {
  const value = plan.options[key];
  return typeof value === 'string' ? value : undefined;
}

export function numberOption(plan: DatasetPlan, key: string): number | undefined {
  const value = plan.options[key];
  return typeof value === 'number' ? value : undefined;
}
