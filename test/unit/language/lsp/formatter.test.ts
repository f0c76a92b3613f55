import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { format } from '../../../helpers/bench-editor.ts';

const EXAMPLES = new URL('../../../../examples/', import.meta.url);

const CASES: readonly (readonly [name: string, before: string, after: string])[] = [
  [
    'indents by nesting',
    'load l {\nstage s {\nrate 1 rps for 1 s\n}\n}\n',
    'load l {\n  stage s {\n    rate 1 rps for 1 s\n  }\n}\n',
  ],
  [
    'puts spaces around brackets and operators',
    'param p=5rps\nbackend b{protocol simulator}\nsla s{ttft p95<5ms}\n',
    'param p = 5rps\nbackend b { protocol simulator }\nsla s { ttft p95 < 5ms }\n',
  ],
  ['keeps one blank line', 'param a = 1\n\n\n\nparam b = 2\n', 'param a = 1\n\nparam b = 2\n'],
  ['removes blank lines at the edges of a block', 'load l {\n\n\n  drain 5 s\n\n}\n', 'load l {\n  drain 5 s\n}\n'],
  [
    'keeps columns aligned by hand',
    'sla s {\n  ttft p99 < 5 ms\n  itl  p95 < 5 ms   // why\n}\n',
    'sla s {\n  ttft p99 < 5 ms\n  itl  p95 < 5 ms   // why\n}\n',
  ],
  [
    'takes space out of calls and lists',
    'dataset d { input normal( 5 ,3 ) tokens }\nload l { stage s { rate [ 1 ,2 ] rps every 1 s } }\n',
    'dataset d { input normal(5, 3) tokens }\nload l { stage s { rate [1, 2] rps every 1 s } }\n',
  ],
  [
    'hangs what goes on below an item beside its brace',
    'dataset d { from random  input 5 tokens\n  output 5 tokens }\n',
    'dataset d { from random  input 5 tokens\n            output 5 tokens }\n',
  ],
  [
    'indents what goes on from the line above',
    'sla s {\n  goodput > 95 % where ttft < 5 ms\n  and tpot < 5 ms\n}\n',
    'sla s {\n  goodput > 95 % where ttft < 5 ms\n    and tpot < 5 ms\n}\n',
  ],
  ['leaves texts and templates alone', 'param a = "x   ${ b }  y"\n', 'param a = "x   ${ b }  y"\n'],
  ['ends the file with one line break', 'param a = 1', 'param a = 1\n'],
  ['takes white space off line ends', 'param a = 1   \nparam b = 2\t\n', 'param a = 1\nparam b = 2\n'],
  ['keeps Windows line ends', 'load l {\r\ndrain 5 s\r\n}\r\n', 'load l {\r\n  drain 5 s\r\n}\r\n'],
  [
    'aligns a comment below a trailing comment with it',
    'backend b {\n  protocol simulator  // one\n                      // two\n}\n',
    'backend b {\n  protocol simulator  // one\n                      // two\n}\n',
  ],
  ['leaves a text it cannot read', 'backend b { url "open\n', 'backend b { url "open\n'],
];

for (const [name, before, after] of CASES) {
  test(`formatting ${name}`, () => {
    assert.equal(format(before), after);
    assert.equal(format(after), after);
  });
}

for (const file of readdirSync(EXAMPLES).filter((each) => each.endsWith('.bench'))) {
  test(`${file} is formatted to itself`, () => {
    const text = readFileSync(new URL(file, EXAMPLES), 'utf8');
    assert.equal(format(text), text);
  });
}
