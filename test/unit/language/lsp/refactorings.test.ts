import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionsIn, type Files } from '../../../helpers/bench-workspace.ts';

const SLOTS = `// head

/// The run.
benchmark run {
  on   {
    protocol simulator
  }
  send { from random }
  load mine
  expect { ttft p95 < 1 s }
}
`;

/** [what, files with cursor, kind, title, text afterwards] */
const CASES: readonly (readonly [string, Files, string, string, string])[] = [
  [
    'a backend in a slot becomes a declaration',
    { 'main.bench': SLOTS.replace('protocol sim', 'protocol <|>sim') },
    'refactor.extract',
    'Extract to the backend `run-backend`',
    SLOTS.replace('{\n    protocol simulator\n  }', 'run-backend').replace(
      '/// The run',
      'backend run-backend {\n  protocol simulator\n}\n\n/// The run',
    ),
  ],
  [
    'limits in a slot become a declaration',
    { 'main.bench': SLOTS.replace('expect {', 'exp<|>ect {') },
    'refactor.extract',
    'Extract to the sla `run-sla`',
    SLOTS.replace('{ ttft p95 < 1 s }', 'run-sla').replace(
      '/// The run',
      'sla run-sla { ttft p95 < 1 s }\n\n/// The run',
    ),
  ],
  [
    'a taken name gets a number',
    { 'main.bench': 'dataset b-dataset { from random }\nbenchmark b { send { from <|>random } }\n' },
    'refactor.extract',
    'Extract to the dataset `b-dataset-2`',
    'dataset b-dataset { from random }\ndataset b-dataset-2 { from random }\n\nbenchmark b { send b-dataset-2 }\n',
  ],
  [
    'a declaration used once moves into its slot',
    { 'main.bench': '/// Doc.\nload l {\n  drain 5 s\n}\n\nbenchmark b {\n  load <|>l\n}\n' },
    'refactor.inline',
    'Write the load `l` in place, and remove it',
    'benchmark b {\n  load {\n    drain 5 s\n  }\n}\n',
  ],
  [
    'a declaration used elsewhere stays',
    { 'main.bench': 'sla s { ttft p95 < 1 s }\nbenchmark a { expect <|>s }\nbenchmark b { expect s }\n' },
    'refactor.inline',
    'Write the sla `s` in place',
    'sla s { ttft p95 < 1 s }\nbenchmark a { expect { ttft p95 < 1 s } }\nbenchmark b { expect s }\n',
  ],
  ...(
    [
      ['500 ms', '0.5 s'],
      ['0.5 s', '500 ms'],
      ['90 s', '1.5 min'],
      ['1_500 ms', '1.5 s'],
    ] as const
  ).map(
    ([from, to]) =>
      [
        `${from} is ${to}`,
        { 'main.bench': `load l { drain <|>${from} }` },
        'refactor.rewrite',
        `Write it as \`${to}\``,
        `load l { drain ${to} }`,
      ] as const,
  ),
  [
    'a rate per second is one per minute',
    { 'main.bench': 'param p = 2<|> rps' },
    'refactor.rewrite',
    'Write it as `120 rpm`',
    'param p = 120 rpm',
  ],
  [
    'imports are sorted, each once, the standard library first',
    {
      'main.bench': 'import "./b.bench"\nimport "./a.bench"\nimport "std"\nimport "./b.bench"\n\nparam p = 1\n',
      'a.bench': '',
      'b.bench': '',
    },
    'source.organizeImports',
    'Organise imports',
    'import "std"\nimport "./a.bench"\nimport "./b.bench"\n\nparam p = 1\n',
  ],
  [
    'imports nothing is used of are left out where something is run',
    {
      'main.bench':
        'import "./b.bench"\nimport "std"\nbenchmark r { on { protocol simulator }  send { from random }  load { stage s { rate peak for 1 s } } }\n',
      'b.bench': 'param peak = 1 rps',
    },
    'source.organizeImports',
    'Organise imports',
    'import "./b.bench"\nbenchmark r { on { protocol simulator }  send { from random }  load { stage s { rate peak for 1 s } } }\n',
  ],
  [
    'everything safe in one go',
    { 'main.bench': 'param a = 5 mins\nparam b = "C:\\data"\nparam c = 3 RPS\n' },
    'source.fixAll',
    'Fix units, escapes and imports of this file',
    'param a = 5 min\nparam b = "C:\\\\data"\nparam c = 3 rps\n',
  ],
];

for (const [what, files, kind, title, expected] of CASES) {
  test(`refactoring: ${what}`, async () => {
    const actions = await actionsIn(files, { only: [kind] });
    const chosen = actions.find((each) => each.title === title);
    assert.ok(chosen, actions.map((each) => each.title).join('\n') || 'none offered');
    assert.equal(chosen.text, expected);
  });
}

const NONE: readonly (readonly [string, Files])[] = [
  [
    'what extends another cannot be written in place',
    { 'main.bench': 'sla a { }\nsla s extends a { }\nbenchmark b { expect <|>s }' },
  ],
  [
    'one of several cannot be written in place',
    { 'main.bench': 'sla a { }\nsla s { }\nbenchmark b { expect <|>s, a }' },
  ],
  [
    'what stands in another file cannot be written in place',
    { 'main.bench': 'import "./lib.bench"\nbenchmark b { expect <|>s }', 'lib.bench': 'sla s { ttft p95 < 1 s }' },
  ],
  ['a word is no quantity', { 'main.bench': 'load l { <|>drain 5 s }' }],
  ['a share has one unit only', { 'main.bench': 'sla s { error-rate < <|>1 % }' }],
  ['an unclosed block stays where it is', { 'main.bench': 'benchmark b { on { protocol <|>simulator' }],
];

for (const [why, files] of NONE) {
  test(`no refactoring: ${why}`, async () => {
    assert.deepEqual(
      (await actionsIn(files, { only: ['refactor'] })).map((each) => each.title),
      [],
    );
  });
}
