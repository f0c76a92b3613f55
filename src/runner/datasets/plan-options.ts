/** A dataset's own options, by their `planKey`. */
import type { Distribution } from '../../contract/distribution.ts';
import type { DatasetPlan } from '../../contract/plan.ts';

export function textOption(plan: DatasetPlan, key: string): string | undefined {
  const value = plan.options[key];
  return typeof value === 'string' ? value : undefined;
}

export function numberOption(plan: DatasetPlan, key: string): number | undefined {
  const value = plan.options[key];
  return typeof value === 'number' ? value : undefined;
}

export function distributionOption(plan: DatasetPlan, key: string): Distribution | undefined {
  const value = plan.options[key];
  if (typeof value === 'number') return { kind: 'constant', value };
  return typeof value === 'object' && 'kind' in value && value['kind'] !== 'secret'
    ? (value as Distribution)
    : undefined;
}
