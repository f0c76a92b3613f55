/** What follows from a file's structure: selections, folds, symbols of the workspace, highlights, formatting while typing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  foldsOf,
  formattedOnType,
  highlightsAt,
  selectionsAt,
  workspaceSymbolsIn,
} from '../../../helpers/bench-workspace.ts';

const SELECTIONS: readonly (readonly [string, readonly string[]])[] = [
  [
    'load l { stage s { rate 5<|>0 rps for 1 s } }',
    [
      '50 rps',
      'rate 50 rps',
      'rate 50 rps for 1 s',
      '{ rate 50 rps for 1 s }',
      'stage s { rate 50 rps for 1 s }',
      '{ stage s { rate 50 rps for 1 s } }',
      'load l { stage s { rate 50 rps for 1 s } }',
    ],
  ],
  [
    'backend b { url "http://lab-<|>box:80" }',
    [
      'lab-box',
      'http://lab-box:80',
      '"http://lab-box:80"',
      'url "http://lab-box:80"',
      '{ url "http://lab-box:80" }',
      'backend b { url "http://lab-box:80" }',
    ],
  ],
  [
    'dataset d { input normal(512, 6<|>4) tokens }',
    [
      '64',
      'normal(512, 64) tokens',
      'input normal(512, 64) tokens',
      '{ input normal(512, 64) tokens }',
      'dataset d { input normal(512, 64) tokens }',
    ],
  ],
  [
    'param a = 1\nbackend b { url "htt<|>p',
    ['http', '"http', 'url "http', '{ url "http', 'backend b { url "http', 'param a = 1\nbackend b { url "http'],
  ],
  ['<|>', ['']],
];

for (const [marked, expected] of SELECTIONS) {
  test(`the selection grows step by step from ${JSON.stringify(marked)}`, async () => {
    assert.deepEqual(await selectionsAt(marked), expected);
  });
}

test('blocks, lists, texts, comments, imports and sections fold', async () => {
  const text = `import "./a.bench"
import "./b.bench"
// one
// two

// ── servers ──
/*
 * more
 */
backend b {
  request """
    text
  """
  timeout {
    total 5 s
  }
}
// ── loads ──
load l {
  stage s { rate [
    1, 2
  ] rps every 1 s }
}
`;
  assert.deepEqual((await foldsOf(text)).toSorted(), [
    '1-2 imports',
    '10-16',
    '11-12',
    '14-15',
    '18-23 region',
    '19-22',
    '20-21',
    '3-4 comment',
    '6-17 region',
    '7-9 comment',
  ]);
});

test('a half-typed file keeps the folds of what is closed', async () => {
  assert.deepEqual(await foldsOf('load l {\n  drain 5 s\n}\nbackend b {\n  url "http'), ['1-2']);
});

const WORKSPACE = {
  'a.bench': 'import "./lib/b.bench"\nbackend lab { protocol simulator }\nbenchmark nightly { on lab }',
  'lib/b.bench': 'param lab-rate = 5 rps\nsla good { ttft p95 < 1 s }',
};

test('symbols are found over the whole workspace', async () => {
  assert.deepEqual(await workspaceSymbolsIn(WORKSPACE, 'lab'), ['lab in a.bench', 'lab-rate in lib/b.bench']);
  assert.deepEqual(await workspaceSymbolsIn(WORKSPACE, ''), [
    'good in lib/b.bench',
    'lab in a.bench',
    'lab-rate in lib/b.bench',
    'nightly in a.bench',
  ]);
});

const HIGHLIGHTS: readonly (readonly [string, readonly string[]])[] = [
  ['param pe<|>ak = 1\nparam half = peak / 2\nparam t = "${peak}"', ['1:7', '2:14', '3:14']],
  ['backend lab { }\nbenchmark b { on la<|>b }\nsweep s of b { vary on in [lab] }', ['1:9', '2:18', '3:28']],
];

for (const [marked, expected] of HIGHLIGHTS) {
  test(`every use in the file is highlighted at ${JSON.stringify(marked)}`, async () => {
    assert.deepEqual(await highlightsAt(marked), expected);
  });
}

test('a closing brace moves to where its block began, nothing else is touched', async () => {
  assert.equal(
    await formattedOnType('load l {\n  stage s {\n  rate  1 rps\n      <|>\n', '}'),
    'load l {\n  stage s {\n  rate  1 rps\n  }\n',
  );
});
