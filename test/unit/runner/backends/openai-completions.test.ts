import assert from 'node:assert/strict';
import { test } from 'node:test';
import createOpenAiCompletions from '../../../../src/runner/backends/openai-completions.ts';
import { describeBackend } from '../../../conformance/backend-kit.ts';
import { completionsDialect } from '../../../fixtures/servers/openai-dialect.ts';
import { backendPlan } from '../../../helpers/backend-plan.ts';

describeBackend({
  id: 'openai.completions',
  dialect: completionsDialect,
  recording: {
    file: 'llama-cpp-completions.sse',
    text: ' indeed a canvas with endless possibilities',
    end: { inputTokens: 3, outputTokens: 6, finishReason: 'length' },
  },
});

test('openai.completions sends the prompt as text', () => {
  const backend = createOpenAiCompletions(backendPlan({ model: 'm' }), {});
  const wire = backend.prepare({ messages: [{ role: 'user', content: 'x' }], text: 'The sky is', outputTokens: 6 });
  assert.equal(wire.path, '/v1/completions');
  assert.deepEqual(JSON.parse(wire.body ?? ''), {
    model: 'm',
    stream: true,
    stream_options: { include_usage: true },
    prompt: 'The sky is',
    max_tokens: 6,
  });
});
