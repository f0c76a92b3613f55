/** Whatever an editor asks of a file cut off anywhere, it gets an answer. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { askEverything } from '../../../helpers/bench-workspace.ts';

const TOUR = readFileSync(new URL('../../../../examples/tour.bench', import.meta.url), 'utf8');
/** Not a divisor of anything in the text, so that cuts fall on every kind of token. */
const STEP = 211;

for (let end = 40; end < TOUR.length; end += STEP) {
  test(`the tour cut off after ${end} characters`, async () => {
    const asked = await askEverything(TOUR.slice(0, end));
    assert.ok(asked.length > 10);
  });
}

const STRANGE: readonly string[] = [
  '',
  '}',
  '{{{{',
  'backend',
  'backend x extends x { }',
  'load l extends l { stage s { rate 1 rps for 1 s } }',
  'param a = b param b = a',
  'benchmark b extends b { on { } }',
  'sla s { goodput > 5 % where',
  'stage s {',
  'import "./main.bench"',
  'import ""',
  'sweep s of s { vary s in s }',
  'param a = "${',
  'param a = """${a}${"',
  'backend b { headers { "a": "b" "c" } key',
  'load l { stage s { rate [ } }',
  '\uFFFD',
];

for (const text of STRANGE) {
  test(`a file of ${JSON.stringify(text)}`, async () => {
    const asked = await askEverything(text);
    assert.ok(asked.length > 10);
  });
}
