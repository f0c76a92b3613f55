import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunError } from '../../../../../src/contract/errors.ts';
import { endpointPath, modelsPath } from '../../../../../src/runner/backends/openai/endpoint-url.ts';

const PATHS: readonly (readonly [url: string, path: string, models: string | undefined])[] = [
  ['http://h:8000', '/v1/chat/completions', '/v1/models'],
  ['http://h:8000/', '/v1/chat/completions', '/v1/models'],
  ['http://h/v1', '/v1/chat/completions', '/v1/models'],
  ['http://h/v1/', '/v1/chat/completions', '/v1/models'],
  ['https://h/llm', '/llm/v1/chat/completions', '/llm/v1/models'],
  ['https://h/llm/v1', '/llm/v1/chat/completions', '/llm/v1/models'],
  ['https://h/api/v3', '/api/v3/chat/completions', '/api/v3/models'],
  ['https://h/v1beta', '/v1beta/chat/completions', '/v1beta/models'],
  ['https://h/v1/chat/completions', '/v1/chat/completions', '/v1/models'],
  [
    'https://h/openai/deployments/x/chat/completions?api-version=2024-10-21',
    '/openai/deployments/x/chat/completions?api-version=2024-10-21',
    undefined,
  ],
  ['https://h/?team=a', '/v1/chat/completions?team=a', '/v1/models?team=a'],
];

for (const [url, path, models] of PATHS)
  test(`${url} → ${path}`, () => {
    assert.equal(endpointPath(url, '/chat/completions'), path);
    assert.equal(modelsPath(url, '/chat/completions'), models);
  });

for (const url of ['127.0.0.1:8000', 'ftp://h', 'nonsense'])
  test(`${url} is refused`, () => assert.throws(() => endpointPath(url, '/x'), RunError));

test('a password in the url is refused without being shown', () => {
  assert.throws(
    () => endpointPath('https://me:hunter2@h/v1', '/x'),
    (error) => error instanceof RunError && !error.message.includes('hunter2'),
  );
});
