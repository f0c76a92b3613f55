import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { DATASETS } from '../../../../src/contract/catalog/datasets.ts';
import { DATASET_KINDS, loadDataset, openDataset } from '../../../../src/runner/datasets/registry.ts';
import { DATASET_CONTEXT, datasetPlan } from '../../../conformance/dataset-kit.ts';

describe('the registry of datasets', () => {
  it('has exactly the kinds that the catalog calls available', () => {
    const available = DATASETS.filter(({ unavailable }) => unavailable !== true).map(({ id }) => id);
    assert.deepEqual(Object.keys(DATASET_KINDS).sort(), available.sort());
  });

  it('refuses the others by name, and where they stand', async () => {
    const plan = datasetPlan('sonnet', {});
    const refused = { code: 'RUN_NOT_AVAILABLE', message: /sonnet is not available yet/, location: plan.location };
    await assert.rejects(loadDataset(plan, DATASET_CONTEXT), refused);
    await assert.rejects(openDataset(plan, undefined, DATASET_CONTEXT), refused);
    await assert.rejects(loadDataset(datasetPlan('poems', {}), DATASET_CONTEXT), {
      message: /no dataset source called poems/,
    });
  });
});
