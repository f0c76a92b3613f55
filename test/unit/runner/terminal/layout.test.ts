import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fit, padStart, spread, table, widthOf, wrap } from '../../../../src/runner/terminal/layout.ts';
import { COLOURED } from '../../../../src/runner/terminal/style.ts';
import { visibleText } from '../../../../src/runner/terminal/visible-text.ts';

test('a line is cut at terminal columns, not at characters', () => {
  assert.equal(fit('benchmark', 9), 'benchmark');
  assert.equal(fit('benchmark', 6), 'bench…');
  assert.equal(fit('你好世界', 5), '你好…');
  assert.equal(fit('你好世界', 6), '你好…');
  assert.equal(fit('anything', 0), '');
});

test('a cut line closes the colours it opened', () => {
  assert.equal(fit(COLOURED.bold(COLOURED.bad('failure')), 5), '\u001b[1m\u001b[31mfail…\u001b[22m\u001b[39m');
  assert.equal(fit(`${COLOURED.good('ok')} and more`, 5), '\u001b[32mok\u001b[39m a…');
});

test('nothing is ever wider than it may be, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 40 }), (text, columns) => {
      assert.ok(widthOf(fit(COLOURED.bad(visibleText(text)), columns)) <= columns);
    }),
  );
});

test('two ends of a line: the left one gives way', () => {
  assert.equal(spread('left', 'right', 12), 'left   right');
  assert.equal(spread('a long left side', 'right', 12), 'a lon… right');
  assert.equal(spread('left', 'right', 4), 'rig…');
});

test('a table is as wide as its widest cells; numbers stand right', () => {
  const rows = [
    ['TTFT', '9 ms'],
    ['ITL 漢', '120 ms'],
  ];
  assert.deepEqual(table(rows, { alignRight: [false, true] }), ['TTFT      9 ms', 'ITL 漢  120 ms']);
  assert.equal(padStart('9', 3), '  9');
});

test('words wrap, and a word that is too long keeps its line', () => {
  assert.deepEqual(wrap('one two three', 7), ['one two', 'three']);
  assert.deepEqual(wrap('a very-long-word b', 6, '  '), ['a', '  very-long-word', '  b']);
});
