import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonBytes } from '../../../../src/runner/measure/json-bytes.ts';

const written = (write: (out: JsonBytes) => void): string => {
  const out = new JsonBytes();
  write(out);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(out.take());
};

/** What stands in the record, and how JavaScript would print it. */
const rounded = (value: number): string => `${Math.round(value * 1000) / 1000}`;

function checkDecimal(value: number): void {
  assert.equal(
    written((out) => out.decimal(value)),
    rounded(value),
    `decimal of ${value}`,
  );
}

test('decimals: the edges', () => {
  const sizes = [
    0, 0.0004, 0.0005, 0.001, 0.01, 0.1, 0.12, 0.120_4, 0.999_6, 1, 9.999, 10, 20.05, 100.5, 1_000, 86_400_000.001,
  ];
  const large = [
    1e9,
    2 ** 31 - 1,
    2 ** 31 - 0.001,
    2 ** 31,
    2 ** 32 + 0.5,
    1e12,
    2 ** 53,
    1e18,
    1e21,
    1e300,
    Infinity,
    NaN,
  ];
  for (const value of [...sizes, ...large]) {
    checkDecimal(value);
    checkDecimal(-value);
  }
});

test('decimals: any number', () => {
  const numbers = fc.oneof(
    fc.double(),
    fc.double({ min: -1e10, max: 1e10 }),
    fc.integer({ min: -10_000_000, max: 10_000_000 }).map((thousandths) => thousandths / 1000),
    fc.integer().map((tenths) => tenths / 10),
  );
  fc.assert(fc.property(numbers, checkDecimal), { numRuns: 5_000 });
});

test('numbers: as a template prints them', () => {
  const numbers = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double(), fc.constantFrom(0, -0, 2 ** 31, -(2 ** 31)));
  const check = (value: number): void =>
    assert.equal(
      written((out) => out.number(value)),
      `${value}`,
    );
  fc.assert(fc.property(numbers, check), { numRuns: 5_000 });
});

test('texts: as JSON has them, whatever they hold', () => {
  const check = (text: string): void =>
    assert.equal(
      written((out) => out.text(text)),
      JSON.stringify(text),
    );
  fc.assert(fc.property(fc.string({ unit: 'binary' }), check));
  for (const text of ['', '\ud800', '"\\\n\u2028', '\ufeffmark', 'é€😀']) check(text);
});

test('what does not fit makes room, and nothing is left of what was taken', () => {
  const out = new JsonBytes();
  const pieces = Array.from({ length: 30_000 }, (_, index) => `"${index}"`);
  for (const [index] of pieces.entries()) out.text(`${index}`);
  out.raw(new Uint8Array(100_000).fill(97));
  assert.equal(new TextDecoder().decode(out.take()), pieces.join('') + 'a'.repeat(100_000));
  assert.equal(out.length, 0);
  out.ascii('next');
  out.byte(33);
  assert.equal(new TextDecoder().decode(out.take()), 'next!');
});
