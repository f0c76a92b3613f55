/** Hover over declarations: what they come to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REPORT_SCHEMA } from '../../../../src/contract/report.ts';
import { hoverIn, type Files } from '../../../helpers/bench-workspace.ts';

const stage = (clauses: string): string => `load l { stage na<|>me { ${clauses} } }`;

const STAGES: readonly (readonly [clauses: string, drawn: RegExp, words: string])[] = [
  [
    'rate 50 rps poisson for 1 min',
    /`▄{32}` ≈ 3000 requests · 60 s/,
    '50 rps, for 60 s, whatever the server does. Gaps are random, as with many independent users.',
  ],
  [
    'rate 50 rps gamma 0.5 for 100 requests',
    /`▄{32}` ≈ 100 requests · 2 s/,
    '50 rps, for 100 requests, whatever the server does. Gaps are random, more clumped than with independent users (burstiness 0.5).',
  ],
  [
    'rate 10 rps .. 100 rps step 10 rps every 10 s',
    /`▂+▃+▄+▅+▆+▇+█+` ≈ 10 steps · 5500 requests · 100 s/,
    '10 steps (10 rps, 20 rps, 30 rps, …, 100 rps), each for 10 s, whatever the server does. Requests are evenly spaced.',
  ],
  [
    'rate 10 rps -> 2 rps over 1 min',
    /`█+▇+▆+▅+▄+▃+▂*` ≈ 360 requests · 60 s/,
    'Falling evenly from 10 rps to 2 rps, for 60 s, whatever the server does. Requests are evenly spaced.',
  ],
  [
    'rate 1 rps spike 50 rps for 1 s every 10 s for 40 s',
    /`█▁{7}█▁{7}█▁{7}█▁{7}` ≈ 236 requests · 40 s/,
    '1 rps, and 50 rps for 1 s at the beginning of every 10 s, for 40 s, whatever the server does. Requests are evenly spaced.',
  ],
  [
    'rate 1 rps .. 9 rps sine period 1 min for 1 min',
    /`▂+.*█+.*▂+` ≈ 300 requests/,
    'Swinging between 1 rps and 9 rps, from the lower to the upper and back in 60 s, for 60 s, whatever the server does. Requests are evenly spaced.',
  ],
  [
    'users 4 think 2 s for 1 min',
    /`▄{32}` ≈ 60 s/,
    '4 users, for 60 s. Each user sends, waits for the answer, and sends again after a pause of 2 s on average: a slow server gets fewer requests.',
  ],
  [
    'users 1 for 10 requests',
    /`▄{32}` ≈ 10 requests/,
    'One user, for 10 requests. The user sends, waits for the answer, and sends again at once: a slow server gets fewer requests.',
  ],
  [
    'users [1, 4] each 10 s',
    /`▃{16}█{16}` ≈ 2 steps · 20 s/,
    'Users in 2 steps (1, 4), each for 10 s. Each user sends, waits for the answer, and sends again at once: a slow server gets fewer requests.',
  ],
  [
    'replay speed 2',
    /`·{32}`/,
    'Sends when the dataset says that it was sent, 2 times as fast, to the end of the dataset.',
  ],
];

for (const [clauses, drawn, words] of STAGES) {
  test(`a stage says in words what it sends: ${clauses}`, async () => {
    const text = await hoverIn({ 'main.bench': stage(clauses) });
    assert.match(text, drawn);
    assert.ok(text.endsWith(`\n\n${words}`), text);
  });
}

const SCENARIO = `/// How much at most.
param peak = 10 rps
param half = peak / 2
load l { stage a { rate peak for 30 s } stage b { rate half for 30 s } }
benchmark run { on { protocol simulator }  send { from random  input 5 tokens  output 5 tokens }  load l }
sweep s of run { vary half in [1, 2] rps }
`;

const CASES: readonly (readonly [what: string, files: Files, expected: readonly string[]])[] = [
  [
    'a param, with its value, its origin and the sweep that overrides it',
    { 'main.bench': SCENARIO.replace('rate half', 'rate ha<|>lf') },
    [
      '```bench\nparam half = peak / 2\n```',
      '= `5 rps`',
      'From line 3, unless a run gives it another value with `--set half=…`.',
      'The sweep `s` gives it `[1, 2] rps` in turn.',
    ],
  ],
  [
    'a param of another file, with its documentation',
    {
      'main.bench': 'import "./lib/p.bench"\nload l { drain gr<|>ace }',
      'lib/p.bench': '\n/// Patience.\nparam grace = 5 s',
    },
    [
      '```bench\nparam grace = 5 s\n```',
      'From p.bench, line 3, unless a run gives it another value with `--set grace=…`.',
      'Patience.',
    ],
  ],
  [
    'a param without a default',
    { 'main.bench': 'param pe<|>ak' },
    ['```bench\nparam peak\n```', 'Without a default (line 1): `--set peak=…` must give it a value.'],
  ],
  [
    'a load, drawn as a whole',
    { 'main.bench': SCENARIO.replace('load l }', 'load <|>l }') },
    [
      '```bench\nload l { stage a { rate peak for 30 s } stage b { rate half for 30 s } }\n```',
      `\`${'█'.repeat(16)}${'▅'.repeat(16)}\` ≈ 2 stages · 450 requests · 60 s`,
    ],
  ],
  [
    'a benchmark, in figures',
    { 'main.bench': SCENARIO.replace('of run', 'of r<|>un') },
    [
      '```bench\nbenchmark run { on { protocol simulator }  send { from random  input 5 tokens  output 5 tokens }  load l }\n```',
      `\`${'█'.repeat(16)}${'▅'.repeat(16)}\` ≈ 450 requests · 60 s · 2250 + 2250 tokens`,
    ],
  ],
  [
    'a sweep, by its runs',
    { 'main.bench': SCENARIO.replace('sweep s', 'sweep <|>s') },
    ['```bench\nsweep s of run { vary half in [1, 2] rps }\n```', '≈ 2 runs · 690 requests · 2 min'],
  ],
  [
    'a name in a half-typed file',
    { 'main.bench': 'param peak = 10 rps\nload l { stage s { rate pe<|>ak for' },
    ['```bench\nparam peak = 10 rps\n```', 'From line 1, unless a run gives it another value with `--set peak=…`.'],
  ],
];

for (const [what, files, expected] of CASES) {
  test(`hover explains ${what}`, async () => {
    assert.deepEqual((await hoverIn(files)).split('\n\n'), expected);
  });
}

test('a param says with which other value the last run was made', async () => {
  const report = {
    schema: REPORT_SCHEMA,
    run: {
      benchmark: 'run',
      file: '/home/ada/main.bench',
      startedAt: '2026-11-21T10:00:00Z',
      params: { peak: '7 rps', half: '5 rps' },
    },
    sla: [],
    validity: { verdict: 'valid' },
  };
  const results = {
    'main.bench.results/latest.json': JSON.stringify({ directory: 'newest' }),
    'main.bench.results/newest/report.json': JSON.stringify(report),
  };
  const peak = await hoverIn({ 'main.bench': SCENARIO.replace('rate peak', 'rate pe<|>ak'), ...results });
  assert.match(peak, /The last run \(2026-11-21 10:00 UTC\) used `7 rps`\./);
  const half = await hoverIn({ 'main.bench': SCENARIO.replace('rate half', 'rate ha<|>lf'), ...results });
  assert.doesNotMatch(half, /last run/);
});
