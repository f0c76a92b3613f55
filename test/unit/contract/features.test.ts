import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFeature, FEATURES } from '../../../src/contract/features.ts';

test('each feature has words of its own', () => {
  const words = Object.keys(FEATURES).map(describeFeature);
  assert.equal(new Set(words).size, words.length);
});

test('what comes from the catalog is named by its kind and id', () => {
  assert.equal(describeFeature('backend.openai.embeddings'), 'protocol `openai.embeddings`');
  assert.equal(describeFeature('dataset.sonnet'), 'dataset source `sonnet`');
  assert.equal(describeFeature('monitor.rocm'), 'monitor source `rocm`');
});

test('a feature of a later version is named as it is written', () => {
  assert.equal(describeFeature('teleport'), '`teleport`');
});
