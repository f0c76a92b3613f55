import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BackendPlan } from '../../../../src/contract/plan.ts';
import createOpenAiChat from '../../../../src/runner/backends/openai-chat.ts';
import type { Prompt } from '../../../../src/runner/datasets/dataset.ts';
import { describeBackend } from '../../../conformance/backend-kit.ts';
import { chatDialect } from '../../../fixtures/servers/openai-dialect.ts';
import { backendPlan } from '../../../helpers/backend-plan.ts';

describeBackend({
  id: 'openai.chat',
  dialect: chatDialect,
  recording: {
    file: 'llama-cpp-chat.sse',
    text: '🍰In French, to greet',
    end: { inputTokens: 39, outputTokens: 8, finishReason: 'length' },
  },
});

describe('what openai.chat asks for', () => {
  const prompt: Prompt = {
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Grüß Gott' },
    ],
    text: 'Be brief.\nGrüß Gott',
    outputTokens: 64,
  };
  const prepare = (plan: Partial<BackendPlan>, secrets = {}, asked = prompt) => {
    const wire = createOpenAiChat(backendPlan(plan), secrets).prepare(asked);
    return { ...wire, body: JSON.parse(wire.body ?? '') as Record<string, unknown> };
  };

  test('model, messages, length, stream and usage', () => {
    const { method, path, body } = prepare({ url: 'http://h:8000', model: 'Qwen/Qwen2.5' });
    assert.deepEqual([method, path], ['POST', '/v1/chat/completions']);
    assert.deepEqual(body, {
      model: 'Qwen/Qwen2.5',
      stream: true,
      stream_options: { include_usage: true },
      messages: prompt.messages,
      max_tokens: 64,
    });
  });

  test('sampling, and ignore_eos only where it is asked for', () => {
    const { body } = prepare({ sampling: { temperature: 0, topP: 0.9, topK: 40, seed: 7, ignoreEos: true } });
    const { temperature, top_p, top_k, seed, ignore_eos } = body;
    assert.deepEqual(
      { temperature, top_p, top_k, seed, ignore_eos },
      { temperature: 0, top_p: 0.9, top_k: 40, seed: 7, ignore_eos: true },
    );
    assert.ok(!('ignore_eos' in prepare({ sampling: { ignoreEos: false } }).body));
  });

  test('max_completion_tokens, for servers that want it so', () => {
    const { body } = prepare({ options: { maxTokensField: 'max-completion-tokens' } });
    assert.equal(body['max_completion_tokens'], 64);
    assert.ok(!('max_tokens' in body));
  });

  test('no length where the dataset names none: the server decides', () => {
    const { body } = prepare({}, {}, { messages: prompt.messages, text: '' });
    assert.ok(!('max_tokens' in body));
  });

  test('`stream off` asks for one document', () => {
    const { body, headers } = prepare({ options: { stream: false } });
    assert.equal(body['stream'], false);
    assert.ok(!('stream_options' in body));
    assert.equal(headers['accept'], 'application/json');
  });

  test('a key goes out as bearer token; without a key there is no header', () => {
    const key = { kind: 'secret', name: 'KEY' } as const;
    assert.equal(prepare({ key }, { KEY: 'sk-1' }).headers['authorization'], 'Bearer sk-1');
    assert.ok(!('authorization' in prepare({}).headers));
    assert.ok(!('authorization' in prepare({ key }, { KEY: '' }).headers));
  });
});
