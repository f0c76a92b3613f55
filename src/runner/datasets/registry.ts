/** Catalog id → implementation, loaded when it is used. */
import { findDataset } from '../../contract/catalog/datasets.ts';
import { RunError } from '../../contract/errors.ts';
import type { DatasetPlan } from '../../contract/plan.ts';
import type { DatasetContext, DatasetKind, LoadedDataset, PromptSource } from './dataset.ts';
import { joinParts, openMix, partContext } from './mix.ts';

export const DATASET_KINDS: Readonly<Record<string, () => Promise<{ readonly default: DatasetKind }>>> = {
  random: () => import('./random.ts'),
  sharegpt: () => import('./sharegpt.ts'),
  jsonl: () => import('./jsonl.ts'),
};

/** In the main thread, once. @throws RunError RUN_NOT_AVAILABLE, and what `DatasetKind.load` throws */
export async function loadDataset(plan: DatasetPlan, context: DatasetContext): Promise<LoadedDataset> {
  const { mix } = plan;
  if (mix === undefined) return (await findKind(plan)).load(plan, context);
  const loaded: LoadedDataset[] = [];
  // One after the other: each may hold a large file while it reads it.
  for (const [index, { dataset }] of mix.entries())
    loaded.push(await loadDataset(dataset, partContext(plan, context, index)));
  return joinParts(mix, loaded);
}

/** In each worker, from the data that `loadDataset` gave. @throws RunError RUN_NOT_AVAILABLE */
export async function openDataset(
  plan: DatasetPlan,
  data: unknown,
  context: Omit<DatasetContext, 'countTokens'>,
): Promise<PromptSource> {
  const { mix } = plan;
  if (mix === undefined) return (await findKind(plan)).open(plan, data, context);
  const sources = mix.map(({ dataset }, index) =>
    openDataset(dataset, (data as readonly unknown[])[index], partContext(plan, context, index)),
  );
  return openMix(plan, mix, await Promise.all(sources), context);
}

async function findKind(plan: DatasetPlan): Promise<DatasetKind> {
  const load = Object.hasOwn(DATASET_KINDS, plan.source) ? DATASET_KINDS[plan.source] : undefined;
  if (load !== undefined) return (await load()).default;
  const isKnown = findDataset(plan.source) !== undefined;
  throw new RunError(
    'RUN_NOT_AVAILABLE',
    isKnown
      ? `The dataset source ${plan.source} is not available yet.`
      : `There is no dataset source called ${plan.source}.`,
    { hint: `Available: ${Object.keys(DATASET_KINDS).join(', ')}.`, location: plan.location },
  );
}
