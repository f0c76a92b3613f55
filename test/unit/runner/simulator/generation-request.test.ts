import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { readGenerationRequest, type GenerationRequest } from '../../../../src/runner/simulator/generation-request.ts';

const chat = (body: object, knownModel?: string): ReturnType<typeof readGenerationRequest> =>
  readGenerationRequest('chat', JSON.stringify(body), knownModel);
const messages = [
  { role: 'system', content: 'You are  terse.' },
  { role: 'user', content: [{ type: 'text', text: 'one two' }, { type: 'image_url' }] },
  { role: 'assistant', content: null },
];

describe('readGenerationRequest', () => {
  it('counts the words of all messages and parts', () => {
    const { tokens, ...request } = chat({ model: 'm', messages }) as GenerationRequest;
    assert.equal(tokens().length, request.inputTokens);
    assert.deepEqual(request, {
      api: 'chat',
      model: 'm',
      isStreaming: false,
      includeUsage: false,
      inputTokens: 5,
    });
  });

  it('prefers max_completion_tokens, and knows stream options', () => {
    const request = chat({
      model: 'm',
      messages,
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 5,
      max_completion_tokens: 7,
    });
    assert.ok(!('status' in request));
    assert.deepEqual([request.askedOutputTokens, request.isStreaming, request.includeUsage], [7, true, true]);
  });

  it('takes prompts of text and of token numbers', () => {
    const count = (prompt: unknown): unknown => {
      const request = readGenerationRequest('completions', JSON.stringify({ prompt }), undefined);
      return 'status' in request ? request.status : request.inputTokens;
    };
    assert.equal(count(' one\ntwo\tthree '), 3);
    assert.equal(count([5, 6, 7, 8]), 4);
    assert.equal(count(['one', 'two']), 400);
    assert.equal(count(undefined), 400);
  });

  const wrong: readonly (readonly [string, object, number])[] = [
    ['no messages', { model: 'm' }, 400],
    ['empty messages', { model: 'm', messages: [] }, 400],
    ['a message without content', { model: 'm', messages: [{ role: 'user' }] }, 400],
    ['max_tokens 0', { model: 'm', messages, max_tokens: 0 }, 400],
    ['max_tokens as text', { model: 'm', messages, max_tokens: '5' }, 400],
    ['two choices', { model: 'm', messages, n: 2 }, 400],
    ['another model', { model: 'other', messages }, 404],
  ];
  for (const [what, body, status] of wrong)
    it(`refuses ${what}`, () => {
      const error = chat(body, 'm');
      assert.equal('status' in error && error.status, status);
    });

  it('refuses what is not JSON, or not an object', () => {
    for (const text of ['', '{', '[]', 'null', '"text"']) {
      const error = readGenerationRequest('chat', text, undefined);
      assert.equal('status' in error && error.status, 400, text);
    }
  });
});
