import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { READ_ANSWER, READ_OUTPUT } from '../../../../../src/runner/backends/backend.ts';
import { OpenAiAnswerReader } from '../../../../../src/runner/backends/openai/answer-reader.ts';
import { EventTemplate } from '../../../../../src/runner/backends/openai/event-template.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const event = (content: string): string =>
  `data: {"id":"x","choices":[{"delta":{"content":${content}},"finish_reason":null}]}\n\n`;

function learned(from = event('"Hello"')): EventTemplate {
  const template = new EventTemplate();
  const bytes = encode(from);
  template.learn(bytes, 0, bytes.length, 'content', 'Hello', READ_OUTPUT | READ_ANSWER);
  return template;
}

describe('an event that equals the learned one but for its text', () => {
  for (const content of ['" world"', '"a"', '"\\n"', '"\\u00e9\\ud83d\\udc4b"', '"\\"\\\\"', '"世界"', '"   "'])
    test(`matches with ${content}`, () => {
      const bytes = encode(event(content));
      const template = learned();
      assert.equal(template.match(bytes, 0), bytes.length);
      assert.equal(
        new TextDecoder().decode(bytes.subarray(template.textStart, template.textEnd)),
        content.slice(1, -1),
      );
    });

  test('matches in the middle of a read, and leaves what follows', () => {
    const bytes = encode(event('"a"') + event('"b"'));
    const template = learned();
    const middle = template.match(bytes, 0);
    assert.equal(middle, bytes.length / 2);
    assert.equal(template.match(bytes, middle), bytes.length);
  });
});

describe('what goes to the parser', () => {
  const cases: Record<string, string> = {
    'empty text': event('""'),
    'null for text': event('null'),
    'another id': event('"a"').replace('"x"', '"y"'),
    'a finish_reason': event('"a"').replace('null', '"stop"'),
    'one more field': event('"a"').replace('}]}', '}],"usage":{}}'),
    'an unknown escape': event('"\\x"'),
    'half of a unicode escape': event('"\\u00g0"'),
    'a control character in the string': event('"a\tb"'),
    'an event that is cut': event('"a"').slice(0, -1),
    'a text that is cut': event('"a"').slice(0, 60),
    CRLF: event('"a"').replaceAll('\n', '\r\n'),
    'a quote too early': event('"a" "'),
  };
  for (const [name, text] of Object.entries(cases))
    test(name, () => assert.equal(learned().match(encode(text), 0), -1));

  test('everything, before anything was learned', () =>
    assert.equal(new EventTemplate().match(encode(event('"a"')), 0), -1));
  test('everything, if the key stands twice', () => {
    const twice = event('"Hello"').replace('"finish', '"logprobs":{"content":[]},"finish');
    assert.equal(learned(twice).match(encode(twice), 0), -1);
  });
  test('everything, if the event ends in CR, after which a LF may belong to it', () => {
    const cr = event('"Hello"').replaceAll('\n', '\r');
    assert.equal(learned(cr).match(encode(cr), 0), -1);
  });
});

test('a stream whose events differ in more than text is not learned for ever', () => {
  const template = new EventTemplate();
  for (let number = 0; number < 20; number += 1) {
    const bytes = encode(event('"Hello"').replace('"x"', `"x${number}"`));
    template.learn(bytes, 0, bytes.length, 'content', 'Hello', READ_OUTPUT);
  }
  assert.equal(template.match(encode(event('"Hello"').replace('"x"', '"x19"')), 0), -1);
  assert.notEqual(template.match(encode(event('"Hello"').replace('"x"', '"x7"')), 0), -1);
});

/** Pieces of JSON text that events are made of, some of them wrong. */
const text = fc.oneof(
  fc.string({ maxLength: 6 }).map((value) => JSON.stringify(value)),
  fc.constantFrom('""', 'null', '5', '"\\ud83d\\ude00"', '"\\q"', '"a', '["a"]', '{"a":"b"}', '"[DONE]"', '"a\\\\"'),
);
const key = fc.constantFrom('content', 'reasoning_content', 'reasoning', 'text', 'refusal', 'role');
const anyEvent = fc
  .record({
    key,
    text,
    second: fc.option(fc.tuple(key, text), { freq: 4 }),
    tail: fc.constantFrom('', ',"finish_reason":null', ',"finish_reason":"stop"', ',"content":"x"', ' '),
    top: fc.constantFrom(
      '',
      ',"usage":null',
      ',"usage":{"completion_tokens":3}',
      ',"error":{"message":"e"}',
      ',"id":"1"',
      ',"id":"2"',
    ),
    lineEnd: fc.constantFrom('\n\n', '\n\n', '\n\n', '\r\n\r\n', '\r\r', '\n: c\n\n'),
    space: fc.constantFrom('data: ', 'data: ', 'data:'),
  })
  .map(({ key: first, text: value, second, tail, top, lineEnd, space }) => {
    const other = second === null ? '' : `,"${second[0]}":${second[1]}`;
    return `${space}{"choices":[{"index":0,"delta":{"${first}":${value}${other}},"text":${value}${tail}}]${top}}${lineEnd}`;
  });

for (const shape of ['chat', 'completions'] as const) {
  test(`with or without templates, ${shape} events mean the same`, () => {
    const read = (pieces: readonly Uint8Array[]) => {
      const reader = new OpenAiAnswerReader({ shape, streams: true, keepText: true });
      reader.head(200, {});
      const bits = pieces.reduce((all, piece) => all | reader.read(piece), 0);
      return { bits, end: reader.end(true) };
    };
    // Repeats make templates hit; a template needs a whole event in one read, so single bytes go to the parser, all of them.
    const stream = fc
      .array(fc.tuple(anyEvent, fc.integer({ min: 1, max: 3 }), fc.array(text, { maxLength: 3 })), { maxLength: 6 })
      .map((events) =>
        events
          .map(
            ([one, times, texts]) =>
              one.repeat(times) + texts.map((value) => one.replaceAll('"Hello"', value)).join(''),
          )
          .join(''),
      );
    fc.assert(
      fc.property(stream, (whole) => {
        const bytes = encode(whole);
        assert.deepEqual(read([bytes]), read([...bytes].map((byte) => Uint8Array.of(byte))));
      }),
      { numRuns: 1500 },
    );
  });
}
