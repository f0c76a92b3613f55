import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signaturesAt } from '../../../helpers/bench-workspace.ts';

const IN_INPUT = 'dataset d { from random input ';

/** [text, forms: the active one with `*`, its active parameter in brackets] */
const CASES: readonly (readonly [string, readonly string[]])[] = [
  [`${IN_INPUT}normal(<|>`, ['*normal([mean], stddev)']],
  [`${IN_INPUT}normal(5<|>) tokens }`, ['*normal([mean], stddev)']],
  [`${IN_INPUT}normal(512,<|>`, ['*normal(mean, [stddev])']],
  [`${IN_INPUT}normal(512, 64<|>) tokens }`, ['*normal(mean, [stddev])']],
  [`${IN_INPUT}normal(512, 64, <|>`, ['*normal(mean, [stddev])']],
  [`${IN_INPUT}normal(stddev <|>`, ['*normal(mean, [stddev])']],
  [`${IN_INPUT}uniform(<|>`, ['*uniform([low] .. high)']],
  [`${IN_INPUT}uniform(32 .. <|>`, ['*uniform(low .. [high])']],
  [`${IN_INPUT}exponential(<|>`, ['*exponential([mean])']],
  [`${IN_INPUT}lognormal(<|>`, ['*lognormal([mean m], p99 q)', 'lognormal(mean m, stddev d)']],
  [`${IN_INPUT}lognormal(mean 5, p99 <|>`, ['*lognormal(mean m, [p99 q])', 'lognormal(mean m, stddev d)']],
  [`${IN_INPUT}lognormal(mean 5, stddev <|>`, ['lognormal(mean m, p99 q)', '*lognormal(mean m, [stddev d])']],
  ['backend b { key secret(<|>', ['*secret(["NAME"])']],
  [`${IN_INPUT}normal(5, 3) <|>tokens }`, []],
  [`${IN_INPUT}norm<|>al(5, 3) }`, []],
  ['param p = (5 <|>', []],
  ['backend b { url "normal(<|>" }', []],
];

for (const [marked, expected] of CASES) {
  test(`at ${JSON.stringify(marked)} the arguments are shown`, async () => {
    assert.deepEqual((await signaturesAt(marked)).shown, expected);
  });
}

const UNITS: readonly (readonly [string, RegExp])[] = [
  [`${IN_INPUT}normal(<|>`, /In tokens, ktok, Mtok\. A unit after the closing parenthesis counts for all\./],
  ['backend b { protocol simulator first-token normal(<|>', /In us, ms, s, min, h, d\./],
  ['load l { stage s { users 3 think exponential(<|>', /In us, ms, s, min, h, d\./],
  ['param p = normal(<|>', /All in one kind of unit, or plain numbers\./],
];

for (const [marked, expected] of UNITS) {
  test(`at ${JSON.stringify(marked)} the units that fit are named`, async () => {
    assert.match((await signaturesAt(marked)).doc, expected);
  });
}
