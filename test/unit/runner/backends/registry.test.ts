import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { BACKENDS } from '../../../../src/contract/catalog/backends.ts';
import { RunError } from '../../../../src/contract/errors.ts';
import { BACKEND_KINDS, loadBackend } from '../../../../src/runner/backends/registry.ts';
import { backendPlan } from '../../../helpers/backend-plan.ts';

test('every backend the catalog calls available is there, with a conformance test', () => {
  const available = BACKENDS.filter(({ unavailable }) => unavailable !== true).map(({ id }) => id);
  assert.deepEqual(Object.keys(BACKEND_KINDS).toSorted(), available.toSorted());
  for (const id of available) assert.ok(existsSync(new URL(`./${id.replace('.', '-')}.test.ts`, import.meta.url)), id);
});

test('one that is not available yet is refused by name', async () => {
  await assert.rejects(loadBackend(backendPlan({ protocol: 'triton' }), {}), (error) => {
    assert.ok(error instanceof RunError);
    assert.equal(error.code, 'RUN_NOT_AVAILABLE');
    assert.match(error.message, /triton is not available yet/);
    return true;
  });
  await assert.rejects(loadBackend(backendPlan({ protocol: 'toString' }), {}), /no protocol called toString/);
});
