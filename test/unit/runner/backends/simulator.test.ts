import assert from 'node:assert/strict';
import { test } from 'node:test';
import createSimulator from '../../../../src/runner/backends/simulator.ts';
import { describeBackend } from '../../../conformance/backend-kit.ts';
import { chatDialect } from '../../../fixtures/servers/openai-dialect.ts';
import { backendPlan } from '../../../helpers/backend-plan.ts';

describeBackend({
  id: 'simulator',
  dialect: chatDialect,
  recording: {
    file: 'llama-cpp-chat.sse',
    text: '🍰In French, to greet',
    end: { inputTokens: 39, outputTokens: 8, finishReason: 'length' },
  },
});

test('the simulator needs no model', () => {
  const { model: _, ...plan } = backendPlan({ protocol: 'simulator' });
  const { body } = createSimulator(plan, {}).prepare({ messages: [], text: '' });
  assert.equal((JSON.parse(body ?? '') as { model: string }).model, 'simulator');
});
