import assert from 'node:assert/strict';
import { test } from 'node:test';
import { definitionIn, referencesIn, renamableAt, renameIn, type Files } from '../../../helpers/bench-workspace.ts';

const LIB = 'param peak = 200 rps\nbackend lab { protocol simulator }\nload base { stage one { rate peak for 1 s } }\n';
const MAIN = `import "./lib.bench"
load mine extends base { stage one { rate peak / 2 for 2 s } }
benchmark run { on lab  send { from random }  load mine }
sweep all of run { vary peak in [1 rps, 2 rps]  vary on in [lab] }
`;

const RENAMES: readonly (readonly [what: string, files: Files, newName: string, expected: Files])[] = [
  [
    'a param in the file that declares it and in files that import it',
    { 'main.bench': MAIN, 'lib.bench': LIB.replace('peak =', 'pe<|>ak =') },
    'top',
    { 'main.bench': MAIN.replaceAll('peak', 'top'), 'lib.bench': LIB.replaceAll('peak', 'top') },
  ],
  [
    'a param from one of its uses in another file',
    { 'main.bench': MAIN.replace('vary peak', 'vary pe<|>ak'), 'lib.bench': LIB },
    'top',
    { 'main.bench': MAIN.replaceAll('peak', 'top'), 'lib.bench': LIB.replaceAll('peak', 'top') },
  ],
  [
    'a backend in slots and sweeps of other files',
    { 'main.bench': MAIN, 'lib.bench': LIB.replace('backend lab', 'backend l<|>ab') },
    'rig',
    { 'main.bench': MAIN.replaceAll('lab', 'rig'), 'lib.bench': LIB.replace('lab', 'rig') },
  ],
  [
    'a param inside texts and texts over several lines',
    {
      'main.bench':
        'param m<|>odel = "q"\nparam a = "of ${model} and ${json(model)}"\nparam b = """\n  ${model}\n"""\n',
    },
    'llm',
    { 'main.bench': 'param llm = "q"\nparam a = "of ${llm} and ${json(llm)}"\nparam b = """\n  ${llm}\n"""\n' },
  ],
  [
    'a param from inside a text',
    { 'main.bench': 'param tp = 1\nbackend b { launch { command "serve --tp ${t<|>p}" } }\n' },
    'ways',
    { 'main.bench': 'param ways = 1\nbackend b { launch { command "serve --tp ${ways}" } }\n' },
  ],
  [
    'a stage together with the one it replaces in another file',
    { 'main.bench': MAIN.replace('stage one', 'stage o<|>ne'), 'lib.bench': LIB },
    'first',
    { 'main.bench': MAIN.replace('stage one', 'stage first'), 'lib.bench': LIB.replace('stage one', 'stage first') },
  ],
  [
    'a stage alone where loads beside it have one of the same name',
    { 'main.bench': 'load a { stage s { rate 1 rps for 1 s } }\nload b { stage <|>s { rate 1 rps for 1 s } }\n' },
    't',
    { 'main.bench': 'load a { stage s { rate 1 rps for 1 s } }\nload b { stage t { rate 1 rps for 1 s } }\n' },
  ],
  [
    'a monitor in limits',
    { 'main.bench': 'monitor gp<|>u { from nvidia }\nsla s { gpu.memory max < 90 % }\n' },
    'card',
    { 'main.bench': 'monitor card { from nvidia }\nsla s { card.memory max < 90 % }\n' },
  ],
  [
    'a name in a file that is half typed',
    { 'main.bench': 'sla go<|>od { ttft p95 < 1 s }\nbenchmark b { expect good on\nbackend x { url "' },
    'fine',
    { 'main.bench': 'sla fine { ttft p95 < 1 s }\nbenchmark b { expect fine on\nbackend x { url "' },
  ],
  [
    'a benchmark to a word that may be a name',
    { 'main.bench': 'benchmark ru<|>n { }\nsweep s of run { vary on in [] }\n' },
    'baseline',
    { 'main.bench': 'benchmark baseline { }\nsweep s of baseline { vary on in [] }\n' },
  ],
];

for (const [what, files, newName, expected] of RENAMES) {
  test(`rename changes ${what}`, async () => {
    assert.deepEqual(await renameIn(files, newName), expected);
  });
}

const REFUSALS: readonly (readonly [why: string, files: Files, newName: string, message: RegExp])[] = [
  ['a word of the language', { 'main.bench': 'backend a<|>b { }' }, 'on', /`on` is a word of the language/],
  ['a word that values cannot refer to', { 'main.bench': 'param a<|>b = 1' }, 'warmup', /`warmup` is a word of the/],
  ['no name at all', { 'main.bench': 'backend a<|>b { }' }, '2fast', /`2fast` is not a name: a name begins with/],
  ['two words', { 'main.bench': 'backend a<|>b { }' }, 'a b', /`a b` is not a name/],
  ['nothing', { 'main.bench': 'backend a<|>b { }' }, '', /`` is not a name/],
  [
    'a name taken in the same file',
    { 'main.bench': 'backend a<|>b { }\nbackend cd { }' },
    'cd',
    /There is already a backend named `cd` in main\.bench/,
  ],
  [
    'a name taken in a file that imports this one',
    { 'main.bench': 'import "./lib.bench"\nbackend cd { }', 'lib.bench': 'backend a<|>b { }' },
    'cd',
    /There is already a backend named `cd` in main\.bench/,
  ],
  [
    'a name that another file gives to a file that imports both',
    {
      'main.bench': 'import "./lib.bench"\nimport "./other.bench"',
      'lib.bench': 'sla a<|>b { }',
      'other.bench': 'sla cd { }',
    },
    'cd',
    /There is already a sla named `cd` in other\.bench/,
  ],
  [
    'a word that is used as a value',
    { 'main.bench': 'param a<|>b = 1\nbackend x { tokenizer server }' },
    'server',
    /uses the word `server` as a value/,
  ],
  [
    'a name that a sweep would confuse',
    { 'main.bench': 'param t<|>p = 1\nbackend x { }\nbenchmark b { }\nsweep s of b { vary tp in [1] }' },
    'x',
    /There is already a backend named `x`/,
  ],
  [
    'a stage of that name in the load it extends',
    {
      'main.bench': 'load a { stage x { rate 1 rps for 1 s } }\nload b extends a { stage <|>y { rate 1 rps for 1 s } }',
    },
    'x',
    /There is already a stage named `x`/,
  ],
  [
    'a name of the standard library',
    { 'main.bench': 'import "std"\nbenchmark b { expect bat<|>ch }' },
    'mine',
    /`batch` belongs to the standard library\. Extend it/,
  ],
];

for (const [why, files, newName, message] of REFUSALS) {
  test(`rename refuses ${why}`, async () => {
    const refused = await renameIn(files, newName);
    assert.match(typeof refused === 'string' ? refused : JSON.stringify(refused), message);
  });
}

const RENAMABLE: readonly (readonly [string, string | undefined])[] = [
  ['backend de<|>mo { }', 'demo'],
  ['backend demo { }\nbenchmark b { on de<|>mo }', 'demo'],
  ['load l { stage st<|>eady { } }', 'steady'],
  ['backend demo { ur<|>l "http://a" }', undefined],
  ['back<|>end demo { }', undefined],
  ['dataset d { input nor<|>mal(5, 3) tokens }', undefined],
  ['load l { stage s { rate 5 rps pois<|>son for 3 s } }', undefined],
];

for (const [marked, expected] of RENAMABLE) {
  test(`${expected === undefined ? 'nothing' : `\`${expected}\``} can be renamed at ${JSON.stringify(marked)}`, async () => {
    assert.equal(await renamableAt({ 'main.bench': marked }), expected);
  });
}

test('references are found in every file that sees the name', async () => {
  const files = { 'main.bench': MAIN, 'lib.bench': LIB.replace('peak =', 'pe<|>ak =') };
  assert.deepEqual(await referencesIn(files), ['lib.bench:1', 'lib.bench:3', 'main.bench:2', 'main.bench:4']);
});

test('references of a name of the same spelling elsewhere are not its own', async () => {
  const files = { 'main.bench': 'param pe<|>ak = 1\nparam half = peak / 2', 'lib.bench': LIB };
  assert.deepEqual(await referencesIn(files), ['main.bench:1', 'main.bench:2']);
});

test('definition leads into another file', async () => {
  const files = { 'main.bench': MAIN.replace('on lab', 'on l<|>ab'), 'lib.bench': LIB };
  assert.deepEqual(await definitionIn(files), ['lib.bench:2']);
});
