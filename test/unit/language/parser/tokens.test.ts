import assert from 'node:assert/strict';
import { EmptyFileSystem } from 'langium';
import { test } from 'node:test';
import { UNITS, findUnit } from '../../../../src/contract/units.ts';
import { createBenchCoreServices } from '../../../../src/language/bench-module.ts';
import { MISSPELT_UNITS } from '../../../../src/language/values/misspelt-units.ts';
import { parseQuantity } from '../../../../src/language/values/quantity.ts';

const { bench } = createBenchCoreServices(EmptyFileSystem);

/** Tokens as `KIND text`; keywords by their text alone. */
function tokensOf(text: string): string[] {
  const { tokens, errors } = bench.parser.Lexer.tokenize(text);
  assert.deepEqual(errors, []);
  return tokens.map(({ tokenType, image }) => (tokenType.name === image ? image : `${tokenType.name} ${image}`));
}

for (const { symbol } of UNITS)
  test(`\`5${symbol}\` and \`5 ${symbol}\` are one quantity`, () => {
    assert.deepEqual(tokensOf(`5${symbol}`), [`QUANTITY 5${symbol}`]);
    assert.deepEqual(tokensOf(`1_000.5 ${symbol}`), [`QUANTITY 1_000.5 ${symbol}`]);
    assert.equal(parseQuantity(`5 ${symbol}`).unit?.symbol, symbol);
  });

for (const [wrong, right] of Object.entries(MISSPELT_UNITS))
  test(`\`${wrong}\` is recognised as a slip for \`${right}\``, () => {
    assert.equal(findUnit(wrong), undefined, 'a slip that is a unit would never be found');
    assert.notEqual(findUnit(right), undefined);
    assert.deepEqual(tokensOf(`5 ${wrong}`), [`UNKNOWN_QUANTITY 5 ${wrong}`]);
  });

const LINES: readonly (readonly [string, string, readonly string[]])[] = [
  ['a unit ends where a name ends', '5 minimum', ['NUMBER 5', 'ID minimum']],
  ['a name with a dash is no unit', '5 min-rate', ['NUMBER 5', 'ID min-rate']],
  ['units are no reserved words', 's m h d ms', ['ID s', 'ID m', 'ID h', 'ID d', 'ID ms']],
  [
    'before a value a unit is a name',
    'requests 2_000  tokens 1_000',
    ['ID requests', 'NUMBER 2_000', 'ID tokens', 'NUMBER 1_000'],
  ],
  ['before a text a unit is a name', 'limit 5 token "x"', ['ID limit', 'NUMBER 5', 'ID token', 'STRING "x"']],
  ['a unit stands on the line of its number', '5\nmin', ['NUMBER 5', 'ID min']],
  ['the longest unit wins', '5 tokens/s', ['QUANTITY 5 tokens/s']],
  ['a range needs no blanks', '4..4096 tokens', ['NUMBER 4', '..', 'QUANTITY 4096 tokens']],
  ['a size is one token', '512 x 512', ['RESOLUTION 512 x 512']],
  ['an exponent is no unit', '1e3', ['NUMBER 1e3']],
  ['a unit may follow a bracket', '[1, 2] rps', ['[', 'NUMBER 1', ',', 'NUMBER 2', ']', 'TRAILING_UNIT rps']],
  ['a unit may follow a call', 'f(x) % y', ['ID f', '(', 'ID x', ')', 'TRAILING_UNIT %', 'ID y']],
  ['a property may follow a call', 'f(x) output', ['ID f', '(', 'ID x', ')', 'ID output']],
  ['a percentile with a fraction is one name', 'p99.9', ['ID p99.9']],
  ['a dash with blanks subtracts', 'a - b', ['ID a', '-', 'ID b']],
  ['a dash without blanks is part of a name', 'a-b', ['ID a-b']],
  ['a keyword with a tail is a name', 'rates for-ever', ['ID rates', 'ID for-ever']],
  [
    'names in a template are names',
    '"a ${b} c ${d}" e',
    ['TEMPLATE_START "a ${', 'ID b', 'TEMPLATE_MIDDLE } c ${', 'ID d', 'TEMPLATE_END }"', 'ID e'],
  ],
  ['a template that is not closed ends with its line', '"a ${b\n} c', ['TEMPLATE_START "a ${', 'ID b', '}', 'ID c']],
  ['three quotes hold quotes, backslashes and lines', '"""a "b" \\n\n"""', ['BLOCK_STRING """a "b" \\n\n"""']],
  ['a dollar alone is text', '"a $b {c}"', ['STRING "a $b {c}"']],
];

for (const [what, text, expected] of LINES)
  test(what, () => {
    assert.deepEqual(tokensOf(text), expected);
  });
