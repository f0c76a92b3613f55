import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { READ_ANSWER, READ_DONE, READ_FAILED, READ_OUTPUT } from '../../../../../src/runner/backends/backend.ts';
import { OpenAiAnswerReader } from '../../../../../src/runner/backends/openai/answer-reader.ts';
import { chatDialect as say } from '../../../../fixtures/servers/openai-dialect.ts';
import { event } from '../../../../fixtures/servers/behaviour.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function readerFor(streams = true, keepText = false): OpenAiAnswerReader {
  const reader = new OpenAiAnswerReader({ shape: 'chat', streams, keepText });
  reader.head(200, { 'content-type': 'text/event-stream' });
  return reader;
}

const delta = (fields: object): string => event(JSON.stringify({ choices: [{ delta: fields }] }));

describe('what a read carried', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['text', delta({ content: 'a' }), READ_OUTPUT | READ_ANSWER],
    ['a space', delta({ content: ' ' }), READ_OUTPUT | READ_ANSWER],
    ['a role', delta({ role: 'assistant' }), 0],
    ['empty text', delta({ role: 'assistant', content: '' }), 0],
    ['null for text', delta({ content: null }), 0],
    ['reasoning_content', delta({ reasoning_content: 'Hm', content: null }), READ_OUTPUT],
    ['reasoning', delta({ reasoning: 'Hm' }), READ_OUTPUT],
    ['reasoning and text', delta({ reasoning: 'Hm', content: 'a' }), READ_OUTPUT | READ_ANSWER],
    ['empty reasoning', delta({ reasoning_content: '', reasoning: '' }), 0],
    [
      'the name of a tool',
      delta({ tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: '' } }] }),
      READ_OUTPUT | READ_ANSWER,
    ],
    [
      'arguments of a tool',
      delta({ tool_calls: [{ index: 0, function: { arguments: '{' } }] }),
      READ_OUTPUT | READ_ANSWER,
    ],
    ['an empty tool call', delta({ tool_calls: [{ index: 0, function: { arguments: '' } }] }), 0],
    ['no tool calls', delta({ tool_calls: [] }), 0],
    ['a function call of old', delta({ function_call: { arguments: '{' } }), READ_OUTPUT | READ_ANSWER],
    ['a refusal', delta({ refusal: 'No.' }), READ_OUTPUT | READ_ANSWER],
    ['content in parts', delta({ content: [{ type: 'text', text: 'a' }] }), READ_OUTPUT | READ_ANSWER],
    [
      'thinking in parts',
      delta({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'a' }] }] }),
      READ_OUTPUT,
    ],
    ['no choices, usage', event('{"choices":[],"usage":{"completion_tokens":1}}'), 0],
    ['no choices at all', event('{}'), 0],
    ['choices that are none', event('{"choices":[null,5,"x",{"delta":7}]}'), 0],
    ['[DONE]', event('[DONE]'), READ_DONE],
    ['an error', event('{"error":{"message":"x"}}'), READ_FAILED],
    ['null for an error', event('{"error":null,"choices":[]}'), 0],
    ['the text of completions, in chat', event('{"choices":[{"text":"a"}]}'), 0],
  ];
  for (const [name, stream, bits] of cases) test(name, () => assert.equal(readerFor().read(encode(stream)), bits));
});

test('nothing after [DONE] counts', () => {
  const reader = readerFor();
  const bits = reader.read(
    encode(delta({ content: 'a' }) + event('[DONE]') + event('{"error":{"message":"x"}}') + 'junk'),
  );
  assert.equal(bits & READ_FAILED, 0);
  assert.equal(reader.end(true).failure, undefined);
});

test('reasoning tokens and cached tokens are told apart', () => {
  const reader = readerFor();
  const usage = {
    prompt_tokens: 9,
    completion_tokens: 30,
    completion_tokens_details: { reasoning_tokens: 20 },
    prompt_tokens_details: { cached_tokens: 4 },
  };
  reader.read(
    encode(
      delta({ reasoning: 'Hm' }) +
        delta({ content: 'a' }) +
        event(JSON.stringify({ choices: [], usage })) +
        event('[DONE]'),
    ),
  );
  const { inputTokens, outputTokens, reasoningTokens, cachedTokens } = reader.end(true);
  assert.deepEqual(
    { inputTokens, outputTokens, reasoningTokens, cachedTokens },
    { inputTokens: 9, outputTokens: 30, reasoningTokens: 20, cachedTokens: 4 },
  );
});

test('a surrogate pair in two events is one character of the text', () => {
  const reader = readerFor(true, true);
  const half = (escape: string): string => `data: {"choices":[{"delta":{"content":"${escape}"}}]}\n\n`;
  reader.read(encode(half('\\ud83d') + half('\\udc4b') + event('[DONE]')));
  assert.equal(reader.end(true).text, '👋');
});

test('text is not kept unless asked for', () => {
  const reader = readerFor();
  reader.read(encode(delta({ content: 'a' }) + event('[DONE]')));
  assert.ok(!('text' in reader.end(true)));
});

test('output in an event that only the end of the body completes is told at the end', () => {
  const reader = readerFor();
  assert.equal(reader.read(encode(event(say.finish('stop')) + delta({ content: 'a' }).trimEnd())), 0);
  assert.deepEqual(reader.end(true), { bits: READ_OUTPUT | READ_ANSWER, finishReason: 'stop' });
});

describe('an answer that is not streamed', () => {
  test('is read as a whole, and told at the end', () => {
    const reader = readerFor(false, true);
    const bytes = encode(say.whole('Hello', 7, 2));
    assert.equal(reader.read(bytes.subarray(0, 20)) | reader.read(bytes.subarray(20)), 0);
    assert.deepEqual(reader.end(true), {
      bits: READ_OUTPUT | READ_ANSWER,
      inputTokens: 7,
      outputTokens: 2,
      finishReason: 'stop',
      text: 'Hello',
    });
  });
  test('is a failure when it is empty, cut, a stream, or no JSON', () => {
    const reasonOf = (body: string, complete = true): string | undefined => {
      const reader = readerFor(false);
      reader.read(encode(body));
      return reader.end(complete).failure?.reason;
    };
    assert.equal(reasonOf(say.whole('', 7, 0)), 'empty-answer');
    assert.equal(reasonOf(''), 'empty-answer');
    assert.equal(reasonOf(say.whole('Hello', 7, 2).slice(0, 30), false), 'stream-cut');
    assert.equal(reasonOf('{"choices":'), 'wrong-content');
    assert.equal(reasonOf(delta({ content: 'a' })), 'wrong-content');
    assert.equal(reasonOf('{"error":"busy"}'), 'error-in-stream');
  });
});

test('output text beyond eight megabytes is too much to keep', () => {
  const reader = readerFor(true, true);
  const read = encode(delta({ content: 'x'.repeat(60_000) }));
  let bits = 0;
  for (let reads = 0; reads < 200 && (bits & READ_FAILED) === 0; reads += 1) bits = reader.read(read);
  assert.equal(reader.end(false).failure?.reason, 'too-large');
});

test('garbage of any kind is answered, never thrown at', () => {
  const reader = readerFor(true, true);
  for (let byte = 0; byte < 256; byte += 1) reader.read(Uint8Array.of(byte, 255 - byte, 10, 13));
  assert.ok(reader.end(true).failure !== undefined);
});
