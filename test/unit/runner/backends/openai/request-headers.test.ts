import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunError } from '../../../../../src/contract/errors.ts';
import type { BackendPlan } from '../../../../../src/contract/plan.ts';
import { requestHeaders } from '../../../../../src/runner/backends/openai/request-headers.ts';
import { backendPlan } from '../../../../helpers/backend-plan.ts';

const headersOf = (plan: Partial<BackendPlan>, secrets = {}): Readonly<Record<string, string>> =>
  requestHeaders(backendPlan(plan), secrets, 'text/event-stream');

test('the headers of the scenario win over our own, whatever their case', () => {
  const headers = headersOf(
    {
      key: { kind: 'secret', name: 'KEY' },
      headers: { 'X-Team': 'perf', Authorization: { kind: 'secret', name: 'BASIC' }, ACCEPT: '*/*' },
    },
    { KEY: 'k', BASIC: 'Basic abc' },
  );
  assert.equal(headers['x-team'], 'perf');
  assert.equal(headers['authorization'], 'Basic abc');
  assert.equal(headers['accept'], '*/*');
});

test('a secret without a value is named', () => {
  assert.throws(
    () => headersOf({ key: { kind: 'secret', name: 'VLLM_API_KEY' } }),
    (error) => {
      assert.ok(error instanceof RunError);
      assert.equal(error.code, 'RUN_SECRET_MISSING');
      assert.match(error.message, /VLLM_API_KEY/);
      return true;
    },
  );
  assert.throws(() => headersOf({ key: { kind: 'secret', name: 'toString' } }), RunError);
});

test('a secret that no header can carry is refused without being shown', () => {
  assert.throws(
    () => headersOf({ key: { kind: 'secret', name: 'KEY' } }, { KEY: 'sk-1\nX-Evil: 1' }),
    (error) => error instanceof RunError && /secret KEY/.test(error.message) && !error.message.includes('sk-1'),
  );
});

for (const name of ['Transfer-Encoding', 'content-length', 'Connection', 'Expect', 'no spaces', ''])
  test(`the header "${name}" is refused`, () => assert.throws(() => headersOf({ headers: { [name]: 'x' } }), RunError));
