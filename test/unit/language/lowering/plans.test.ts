/** Whole plans, reviewed as files. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { compileFile, type LanguageFileSystem } from '../../../../src/language/index.ts';
import { memoryFiles } from '../../../helpers/memory-files.ts';

const root = path.join(import.meta.dirname, '..', '..', '..', '..');
const goldens = path.join(root, 'test', 'fixtures', 'programs');

/** The examples under a folder that is nobody's, so that plans are the same on every machine. */
function examples(...names: string[]): LanguageFileSystem {
  return memoryFiles(
    Object.fromEntries(names.map((name) => [`/examples/${name}`, readFileSync(path.join(root, 'examples', name))])),
  );
}

test('quickstart.bench compiles without errors, warnings or remarks, to the plan that was reviewed', async () => {
  const compilation = await compileFile('/examples/quickstart.bench', { fileSystem: examples('quickstart.bench') });
  assert.deepEqual(compilation.diagnostics, []);
  assertPlan('quickstart.plan.json', compilation.plan()?.json);
});

test('tour.bench compiles without errors, to the plan that was reviewed', async () => {
  const fileSystem = examples('tour.bench', 'lib/targets.bench');
  const compilation = await compileFile('/examples/tour.bench', { fileSystem });
  const errors = compilation.diagnostics.filter(({ severity }) => severity === 'error');
  assert.deepEqual(errors, []);
  assert.deepEqual(compilation.benchmarks, ['nightly']);
  assert.deepEqual(
    compilation.studies.map(({ kind }) => kind),
    ['sweep', 'search', 'compare'],
  );
  assert.deepEqual(compilation.plan()?.secrets, ['VLLM_API_KEY']);
  assertPlan('tour.plan.json', compilation.plan('nightly')?.json);
});

test('a plan is frozen to its depths', async () => {
  const compilation = await compileFile('/examples/quickstart.bench', { fileSystem: examples('quickstart.bench') });
  const plan = compilation.plan()?.plan;
  assert.ok(plan);
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    assert.ok(Object.isFrozen(value));
    Object.values(value).forEach(visit);
  };
  visit(plan);
});

/** `UPDATE_GOLDENS=1 node --test …` writes the file anew; look at the difference then. */
function assertPlan(name: string, json: string | undefined): void {
  assert.ok(json);
  const file = path.join(goldens, name);
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(file, json);
  assert.deepEqual(json.split('\n'), readFileSync(file, 'utf8').split('\n'));
}
