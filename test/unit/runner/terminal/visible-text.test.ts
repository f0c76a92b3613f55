import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { visibleData, visibleText } from '../../../../src/runner/terminal/visible-text.ts';

test('what a terminal would obey becomes a visible sign', () => {
  const table: [string, string][] = [
    ['\u001b[31mred\u001b[0m', '␛[31mred␛[0m'],
    ['\u001b]0;title\u0007', '␛]0;title␇'],
    ['two\r\nlines', 'two␍␊lines'],
    ['a\tb', 'a b'],
    ['\u009b2J', '\ufffd2J'],
    ['abc\u202edcba', 'abc\ufffddcba'],
    ['del\u007f', 'del␡'],
    ['half \ud83d pair', 'half \ufffd pair'],
  ];
  for (const [text, expected] of table) assert.equal(visibleText(text), expected);
});

test('ordinary writing of every script is left alone', () => {
  for (const text of ['Größe 5 µs', '你好，世界', 'می‌خواهم', '👩‍💻 done', '12\u202f000 tokens/s'])
    assert.equal(visibleText(text), text);
});

test('no text at all can bring a control character through, in keys or values, at any depth', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), fc.string({ unit: 'binary' }), (data, text) => {
      const shown = JSON.stringify(visibleData({ data, [text]: [text, { text }] }));
      // oxlint-disable-next-line no-control-regex -- looking for them is the test
      assert.doesNotMatch(shown, /\\u00[01][0-9a-f]|\\[bfnrt]|[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }),
  );
});
