/** Catalog id → implementation, loaded when it is used. */
import { findDataset } from '../../contract/catalog/datasets.ts';
import { RunError } from '../../contract/errors.ts';
import type { DatasetPlan } from '../../contract/plan.ts';
import type { DatasetContext, DatasetKind, LoadedDataset, PromptSource } from './dataset.ts';

export const DATASET_KINDS: Readonly<Record<string, () => Promise<{ readonly default: DatasetKind }>>> = {
  random: () => import('./random.ts'),
  sharegpt: () => import('./sharegpt.ts'),
  jsonl: () => import('./jsonl.ts'),
};

/** In the main thread, once. @throws RunError RUN_NOT_AVAILABLE, and what `DatasetKind.load` throws */
export async function loadDataset(plan: DatasetPlan, context: DatasetContext): Promise<LoadedDataset> {
  return (await findKind(plan)).load(plan, context);
}

/** In each worker, from the data that `loadDataset` gave. @throws RunError RUN_NOT_AVAILABLE */
export async function openDataset(
  plan: DatasetPlan,
  data: unknown,
  context: Omit<DatasetContext, 'countTokens'>,
): Promise<PromptSource> {
  return (await findKind(plan)).open(plan, data, context);
}

async function findKind(plan: DatasetPlan): Promise<DatasetKind> {
  const load = Object.hasOwn(DATASET_KINDS, plan.source) ? DATASET_KINDS[plan.source] : undefined;
  if (load !== undefined) return (await load()).default;
  const isKnown = plan.mix !== undefined || findDataset(plan.source) !== undefined;
  throw new RunError(
    'RUN_NOT_AVAILABLE',
    isKnown
      ? `The dataset source ${plan.source} is not available yet.`
      : `There is no dataset source called ${plan.source}.`,
    { hint: `Available: ${Object.keys(DATASET_KINDS).join(', ')}.`, location: plan.location },
  );
}
