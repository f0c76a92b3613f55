import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  definitionAt,
  hoverAt,
  inlayHintsOf,
  linksOf,
  lensTitlesOf,
  outlineOf,
  renamed,
  semanticTokensOf,
} from '../../../helpers/bench-editor.ts';

const HOVERS: readonly (readonly [string, RegExp])[] = [
  ['backend x { proto<|>col simulator }', /protocol the server speaks/],
  ['backend x { protocol simu<|>lator }', /built-in engine simulator[^]*first-token/],
  ['backend x { protocol openai.ch<|>at }', /chat\/completions/],
  [
    'backend x { protocol simulator first-to<|>ken 5 ms }',
    /Time from the request to the first token[^]*Default: `100 ms`/,
  ],
  ['sla s { tt<|>ft p95 < 500 ms }', /first − sent/],
  ['sla s { ttft.inten<|>ded p95 < 500 ms }', /first − due/],
  ['sla s { ttft p9<|>5 < 500 ms }', /95 % of values/],
  ['load l { stage s { rate 5 rps for 2 m<|>in } }', /120000 ms/],
  ['dataset d { from random input nor<|>mal(5, 3) tokens }', /normal\(mean, stddev\)/],
  ['load l { stage s { rate 5 rps poi<|>sson for 3 s } }', /exponential gaps/],
  ['load l { overload dr<|>op }', /counted as dropped/],
  ['param peak = 200 rps\nload l { stage s { rate pe<|>ak for 3 s } }', /param peak = 200 rps/],
  [
    '/// The demo server.\nbackend demo { protocol simulator }\nbenchmark b { on de<|>mo }',
    /protocol simulator[^]*The demo server\./,
  ],
];

for (const [marked, expected] of HOVERS) {
  test(`hover at ${JSON.stringify(marked)} explains the word`, async () => {
    assert.match(await hoverAt(marked), expected);
  });
}

const SCENARIO = `backend demo { protocol simulator }
dataset prompts { from random }
load steady { stage one { rate 5 rps for 1 min } stage two { users 3 for 10 requests } }
sla good { ttft p95 < 1 s }
benchmark run {
  on demo
  send prompts
  load steady
  expect good
}
`;

test('the outline has declarations and stages, not settings', async () => {
  assert.deepEqual(await outlineOf(SCENARIO), ['demo', 'prompts', 'steady', 'steady/one', 'steady/two', 'good', 'run']);
});

test('above each benchmark stand Run and Dry run', async () => {
  assert.deepEqual(await lensTitlesOf(SCENARIO), ['4: ▶ Run', '4: Dry run']);
});

test('a half-typed file keeps the outline of its good parts', async () => {
  assert.deepEqual(await outlineOf(`${SCENARIO}\nbackend half { url "`), [
    'demo',
    'prompts',
    'steady',
    'steady/one',
    'steady/two',
    'good',
    'run',
    'half',
  ]);
});

test('behind a benchmark and its stages stands what they amount to', async () => {
  assert.deepEqual(await inlayHintsOf(SCENARIO.replace('users 3 for 10 requests', 'rate [1, 2] rps every 10 s')), [
    '2: ≈ 300 requests · 60 s · 154 k input tokens',
    '2: ≈ 2 steps · 30 requests · 20 s · 15.4 k input tokens',
    '4: ≈ 330 requests · 80 s · 169 k input tokens',
  ]);
});

test('the only stage of a benchmark does not repeat it, unless it is written elsewhere or says something else', async () => {
  const files = 'backend demo { protocol simulator }\ndataset prompts { from random }\n';
  const stage = 'stage one { rate 5 rps for 1 min }';
  const total = '≈ 300 requests · 60 s · 154 k input tokens';
  const own = (load: string): string => `${files}benchmark run {\n  on demo  send prompts\n  load { ${load} }\n}\n`;
  assert.deepEqual(await inlayHintsOf(own(stage)), [`2: ${total}`]);
  assert.deepEqual(await inlayHintsOf(`${own(stage)}benchmark again extends run { send prompts }\n`), [
    `2: ${total}`,
    `6: ${total}`,
  ]);
  assert.deepEqual(await inlayHintsOf(own(`${stage} stage two { rate 1 rps for 10 s }`)), [
    '2: ≈ 310 requests · 70 s · 159 k input tokens',
    `4: ${total}`,
    '4: ≈ 10 requests · 10 s · 5120 input tokens',
  ]);
  assert.deepEqual(
    await inlayHintsOf(`${files}load steady { ${stage} }\nbenchmark run { on demo  send prompts  load steady }\n`),
    [`2: ${total}`, `3: ${total}`],
  );
});

test('with a price and lengths, tokens and cost are told too, and a sweep says how many runs it makes', async () => {
  const text = `param peak = 10 rps
param half = peak / 2
backend a { protocol simulator  price { input 1 usd/Mtok  output 2 usd/Mtok } }
benchmark b {
  on   a
  send { from random  input 1000 tokens  output 100 tokens }
  load { stage s { rate half for 200 s } }
  repeat 2
}
sweep s of b { vary half in [1, 2] rps }
`;
  assert.deepEqual(await inlayHintsOf(text), [
    '1: = 5 rps',
    '3: ≈ 2 runs, each 1000 requests · 3.33 min · 1 M + 100 k tokens · 1.2 usd',
    '6: ≈ 1000 requests · 3.33 min · 1 M + 100 k tokens · 1.2 usd',
    '6: = 5 rps',
    '9: ≈ 4 runs · 1200 requests · 13.3 min · 1.4 usd',
  ]);
});

test('computed values say what they come out as, texts among them; plain ones and words do not', async () => {
  assert.deepEqual(
    await inlayHintsOf(
      'param m = "q"\nbackend b { model m  tokenizer server }\nparam n = m\nparam x = nothing\nparam t = "of ${m}"',
    ),
    ['1: = "q"', '2: = "q"'],
  );
});

test('imports and data files are links', async () => {
  const links = await linksOf(
    'import "./lib/a.bench"\ndataset d { from jsonl "./d.jsonl" }\nbackend b { tokenizer file "t.json" }',
  );
  assert.deepEqual(links, ['file:///lib/a.bench', 'file:///d.jsonl', 'file:///t.json']);
});

test('baselines, templates and certificates are links too; patterns, computed texts and other texts are not', async () => {
  const links = await linksOf(`import "std"
sla s { ttft p95 regression < 10 % against "./main.json" }
dataset d { from jsonl "./d.jsonl"  prompt "question"  template "./t.hbs" }
dataset f { from files "./audio/*.wav" }
dataset c { from jsonl "./\${x}.jsonl" }
backend b { protocol openai.chat  url "http://a"  tls { ca "./ca.pem" } }`);
  assert.deepEqual(links, [
    'benchwright://library/std.bench',
    'file:///main.json',
    'file:///d.jsonl',
    'file:///t.hbs',
    'file:///ca.pem',
  ]);
});

test('definition leads to the declaration', async () => {
  assert.equal(await definitionAt(SCENARIO.replace('load steady\n', 'load ste<|>ady\n')), 'steady');
});

test('rename changes the declaration and every use, nothing else', async () => {
  const marked = SCENARIO.replace('  on demo', '  on de<|>mo');
  assert.equal(
    await renamed(marked, 'lab'),
    SCENARIO.replace('backend demo', 'backend lab').replace('on demo', 'on lab'),
  );
});

test('names are coloured by what they stand for', async () => {
  const tokens = await semanticTokensOf('param p = 5 rps\nbackend b { protocol simulator }\nbenchmark r { on b }');
  assert.deepEqual(tokens, ['p:variable', 'b:class', 'simulator:enumMember', 'r:function', 'b:class']);
});

const COLOURED: readonly (readonly [string, readonly string[]])[] = [
  ['param a = 1\nparam t = "of ${a}"', ['a:variable', 't:variable', 'a:variable']],
  [
    'dataset d { input lognormal(mean 5, p99 9) tokens }',
    ['d:class', 'input:property', 'lognormal:function', 'mean:parameter', 'p99:parameter'],
  ],
  ['load l { stage s { rate 5 rps poisson for 1 s } }', ['l:class', 's:event', 'poisson:enumMember']],
  ['sla s { ttft p95 < 1 s }', ['s:class', 'ttft:variable', 'p95:enumMember']],
  [
    'sla g { }\nbenchmark b { report html, json }\nsearch s of b { find max rate in 1 rps .. 2 rps meeting g }',
    ['g:class', 'b:function', 'html:enumMember', 'json:enumMember', 's:function', 'b:function', 'g:class'],
  ],
];

for (const [text, expected] of COLOURED) {
  test(`names are coloured in ${JSON.stringify(text)}`, async () => {
    assert.deepEqual(await semanticTokensOf(text), expected);
  });
}
