import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createCleanWords } from '../../../../src/runner/request/server-words.ts';

test('one line of at most 200 characters, without control characters', () => {
  const clean = createCleanWords([]);
  assert.equal(clean('  a\r\n\tb\u0000\u001b[31mc\u200b\u2028d  '), 'a b[31mc d');
  assert.equal(clean('x'.repeat(500)).length, 200);
  assert.equal([...clean('👋'.repeat(500))].length, 200);
  assert.doesNotThrow(() => encodeURIComponent(clean('👋'.repeat(500))), 'no half of a pair');
});

test('secrets are cut out in every spelling a server may use', () => {
  const clean = createCleanWords(['sk "quoted"\\', 'päss word', '']);
  for (const spelling of [
    'sk "quoted"\\',
    JSON.stringify('sk "quoted"\\').slice(1, -1),
    encodeURIComponent('päss word'),
    'päss\u0000 word',
  ])
    assert.equal(clean(`key ${spelling}!`), 'key ***!');
});

test('the longer of two secrets is cut out whole', () => {
  assert.equal(createCleanWords(['abc', 'abcdef'])('x abcdef y'), 'x *** y');
});

test('a secret that was cut off at the end of a long text does not leave its head', () => {
  const secret = 'sk-0123456789abcdef';
  const cutOff = `${' '.repeat(4080)}${secret.slice(0, 16)}`;
  assert.equal(createCleanWords([secret])(cutOff), '***');
});

test('no text gets a secret through', () => {
  const secret = 'S3cr3t-Value/+=';
  const clean = createCleanWords([secret]);
  const piece = fc.oneof(
    fc.constant(secret),
    fc.constant(encodeURIComponent(secret)),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom(' ', '\n', '\u0000'),
  );
  fc.assert(fc.property(fc.array(piece), (pieces) => !clean(pieces.join('')).includes(secret)));
});
