/** Studies as plans: what each run has, and what a whole one looks like. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { describeStudy } from '../../../../src/contract/describe-study.ts';
import {
  mostSearchRuns,
  planOfPoint,
  plansOf,
  probePlan,
  type ComparePlan,
  type EstimatePlan,
  type ProfilePlan,
  type SearchPlan,
  type StudyPlan,
  type SweepPlan,
} from '../../../../src/contract/study-plan.ts';
import type { RunPlan } from '../../../../src/contract/plan.ts';
import { compileFile } from '../../../../src/language/index.ts';
import { checkPlan } from '../../../../src/runner/run/check-plan.ts';
import { compileBench, type CheckOptions } from '../../../helpers/check-bench.ts';
import { assertGolden } from '../../../helpers/golden.ts';
import { memoryFiles } from '../../../helpers/memory-files.ts';

const BASE = `
param rate-now = 5 rps
param depth = 4
backend demo { protocol simulator  sampling { temperature 0 } }
backend other extends demo { first-token 50 ms }
dataset prompts { from random  input 64 tokens  output 8 tokens }
sla fast { ttft p95 < 500 ms }
sla sure { error-rate < 1 % }
benchmark run {
  on demo  send prompts  expect sure
  load { warmup 20 requests  stage s { rate rate-now poisson for 1 min }  stage u { users 2 for 30 s }  in-flight at most depth }
}
`;

async function studyOf<Plan extends StudyPlan>(text: string, options: CheckOptions = {}): Promise<Plan> {
  const compilation = await compileBench(BASE + text, options);
  const study = compilation.studies[0];
  const compiled = study === undefined ? undefined : compilation.study(study.name);
  assert.ok(
    compiled,
    compilation.diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ message }) => message)
      .join('\n'),
  );
  assert.deepEqual(JSON.parse(compiled.json), compiled.plan, 'the bytes are the plan');
  return compiled.plan as Plan;
}

/** One figure of each run's plan, by the run's label. */
async function runs(text: string, figure: (plan: RunPlan) => unknown): Promise<Record<string, unknown>> {
  const study = await studyOf<SweepPlan>(text);
  return Object.fromEntries(study.points.map((point) => [point.label, figure(planOfPoint(study, point))]));
}

const SWEEPS: readonly (readonly [
  what: string,
  items: string,
  figure: (plan: RunPlan) => unknown,
  expected: object,
])[] = [
  [
    'a param',
    'vary rate-now in [10, 20] rps',
    (plan) => [plan.load.stages[0]?.shape.kind === 'open' && plan.load.stages[0].shape.rate, plan.params['rate-now']],
    {
      'rate-now = 10 rps': [{ kind: 'flat', ratePerSecond: 10 }, '10 rps'],
      'rate-now = 20 rps': [{ kind: 'flat', ratePerSecond: 20 }, '20 rps'],
    },
  ],
  [
    'a slot',
    'vary on in [demo, other]',
    (plan) => [plan.backend.name, plan.backend.options['firstTokenMs']],
    {
      'on = demo': ['demo', { kind: 'constant', value: 100 }],
      'on = other': ['other', { kind: 'constant', value: 50 }],
    },
  ],
  [
    'a setting of a dataset, in steps',
    'vary prompts.input in 100 tokens .. 300 tokens step 100 tokens',
    (plan) => plan.dataset.options['inputTokens'],
    {
      'prompts.input = 100 tokens': { kind: 'constant', value: 100 },
      'prompts.input = 200 tokens': { kind: 'constant', value: 200 },
      'prompts.input = 300 tokens': { kind: 'constant', value: 300 },
    },
  ],
  [
    'a setting inside a block, and one that the block does not have yet',
    'vary demo.sampling.temperature in [0, 0.7]',
    (plan) => plan.backend.sampling,
    {
      'demo.sampling.temperature = 0': { temperature: 0 },
      'demo.sampling.temperature = 0.7': { temperature: 0.7 },
    },
  ],
  [
    'a setting of a backend that another inherits',
    'vary on in [demo, other]  vary demo.first-token in [10 ms, 20 ms]',
    (plan) => plan.backend.options['firstTokenMs'],
    {
      'on = demo, demo.first-token = 10 ms': { kind: 'constant', value: 10 },
      'on = demo, demo.first-token = 20 ms': { kind: 'constant', value: 20 },
      'on = other, demo.first-token = 10 ms': { kind: 'constant', value: 50 },
      'on = other, demo.first-token = 20 ms': { kind: 'constant', value: 50 },
    },
  ],
  [
    'distributions',
    'vary prompts.output in [uniform(1 .. 9) tokens, 8 tokens]',
    (plan) => plan.dataset.outputTokens?.kind,
    { 'prompts.output = uniform(min 1, max 9) tokens': 'uniform', 'prompts.output = 8 tokens': 'constant' },
  ],
];

for (const [what, items, figure, expected] of SWEEPS)
  test(`a sweep varies ${what}`, async () => {
    assert.deepEqual(await runs(`sweep s of run { ${items} }`, figure), expected);
  });

test('what --set gives counts in a sweep, except for the param that it varies', async () => {
  const set = { 'rate-now': '7rps', depth: '9' };
  const study = await studyOf<SweepPlan>('sweep s of run { vary rate-now in [10, 20] rps }', { set });
  assert.deepEqual(
    plansOf(study).map(({ params, load }) => [params['rate-now'], params['depth'], load.inFlightLimit]),
    [
      ['10 rps', '9', 9],
      ['20 rps', '9', 9],
    ],
  );
  assert.equal(study.params['rate-now'], '7 rps');
});

test('a choice, and the SLAs it must meet, whose limits are in every run', async () => {
  const study = await studyOf<SweepPlan>(
    'sweep s of run { vary on in [demo, other]  choose min ttft median meeting fast }',
  );
  assert.deepEqual(study.choose?.target, { kind: 'metric', metric: 'ttft', statistic: 'p50' });
  assert.equal(study.choose.goal, 'min');
  assert.deepEqual(study.meeting, ['fast']);
  for (const { slas } of plansOf(study)) assert.deepEqual(slas.map(({ set }) => set).sort(), ['fast', 'sure']);
});

test('a progressive sweep says which runs must have held before', async () => {
  const study = await studyOf<SweepPlan>(
    'sweep s of run { vary on in [demo, other]  vary depth in [1, 2]  design progressive }',
  );
  assert.deepEqual(
    study.points.map(({ label, after }) => [label, after?.map((each) => study.points[each]?.label)]),
    [
      ['on = demo, depth = 1', undefined],
      ['on = demo, depth = 2', ['on = demo, depth = 1']],
      ['on = other, depth = 1', undefined],
      ['on = other, depth = 2', ['on = other, depth = 1']],
    ],
  );
});

test('factors say what their levels are, for axes', async () => {
  const study = await studyOf<SweepPlan>(
    'sweep s of run { vary on in [demo, other]  vary prompts.input in [1, 2] ktok }',
  );
  assert.deepEqual(
    study.factors.map(({ name, subject, dimension, levels }) => ({ name, subject, dimension, levels })),
    [
      { name: 'on', subject: 'slot', dimension: undefined, levels: [{ text: 'demo' }, { text: 'other' }] },
      {
        name: 'prompts.input',
        subject: 'property',
        dimension: 'tokens',
        levels: [
          { text: '1 ktok', value: 1000 },
          { text: '2 ktok', value: 2000 },
        ],
      },
    ],
  );
});

test("a search for a rate keeps the first open stage and sets its rate; the benchmark's warm-up stays", async () => {
  const study = await studyOf<SearchPlan>(
    'search c of run { find max rate in 1 rps .. 64 rps meeting fast within 10 % }',
  );
  const { load } = probePlan(study, 12.5);
  assert.deepEqual(load.warmup, study.probe.load.warmup);
  assert.deepEqual(
    load.stages.map(({ shape, until }) => ({ shape, until })),
    [
      {
        shape: { kind: 'open', arrivals: { kind: 'poisson' }, rate: { kind: 'flat', ratePerSecond: 12.5 } },
        until: { kind: 'time', durationMs: 60_000 },
      },
    ],
  );
  assert.deepEqual(
    [study.goal, study.low, study.high, study.toleranceRatio, study.meeting],
    ['max', 1, 64, 0.1, ['fast']],
  );
});

test('a search for users keeps the first closed stage, and may say how long each run lasts', async () => {
  const study = await studyOf<SearchPlan>('search c of run { find max users in 1 .. 64  each 20 s }');
  const [stage, ...more] = probePlan(study, 8).load.stages;
  assert.deepEqual(more, []);
  assert.deepEqual(stage?.shape, { kind: 'closed', users: 8 });
  assert.deepEqual(stage.until, { kind: 'time', durationMs: 20_000 });
  assert.deepEqual(study.meeting, []);
  assert.deepEqual(study.probe.uses, []);
});

/** Halvings counted by hand: the runs of a bisection that stops when high − low < tolerance × high. */
function bisectionRuns(
  low: number,
  high: number,
  toleranceRatio: number,
  isAboveAll: (middle: number) => boolean,
): number {
  let count = 2;
  let [from, to] = [low, high];
  while (to - from > toleranceRatio * to) {
    const middle = Math.sqrt(from * to);
    if (isAboveAll(middle)) to = middle;
    else from = middle;
    count++;
  }
  return count;
}

for (const [low, high, toleranceRatio] of [
  [1, 500, 0.05],
  [1, 2, 0.5],
  [10, 1000, 0.01],
  [5, 5, 0.1],
] as const)
  test(`a search between ${low} and ${high} within ${toleranceRatio} makes no more runs than it says`, () => {
    const most = mostSearchRuns({ variable: 'rate', low, high, toleranceRatio });
    for (const threshold of [low, (low + high) / 2, high, low * 1.1]) {
      const made = low === high ? 1 : bisectionRuns(low, high, toleranceRatio, (middle) => middle > threshold);
      assert.ok(made <= most, `${made} > ${most}`);
      assert.ok(most <= made + 1, 'and not many fewer');
    }
  });

test('a comparison: a baseline, its candidates, each with a backend of its own', async () => {
  const study = await studyOf<ComparePlan>('compare c { baseline run  candidate run on other  alpha 0.01 }');
  assert.deepEqual(
    [study.baseline, ...study.candidates].map(({ label, plan }) => [label, plan.backend.name, plan.seed]),
    [
      ['run', 'demo', 1],
      ['run on other', 'other', 1],
    ],
  );
  assert.equal(study.alphaRatio, 0.01);
});

test('a profile of prefill: one user, prompts of each length, one token each', async () => {
  const study = await studyOf<ProfilePlan>('profile p of run { phase prefill  input [512, 1024] tokens  each 10 s }');
  assert.deepEqual(
    plansOf(study).map(({ dataset, load, slas }) => [
      dataset.options['inputTokens'],
      dataset.outputTokens,
      load.stages.map(({ shape, until }) => [shape, until]),
      slas,
    ]),
    [512, 1024].map((value) => [
      { kind: 'constant', value },
      { kind: 'constant', value: 1 },
      [
        [
          { kind: 'closed', users: 1 },
          { kind: 'time', durationMs: 10_000 },
        ],
      ],
      [],
    ]),
  );
});

test('a profile of decoding: users × context', async () => {
  const study = await studyOf<ProfilePlan>(
    'profile p of run { phase decode  users [1, 4]  context [64, 128] tokens  output 32 tokens }',
  );
  assert.deepEqual(
    study.points.map(({ label }) => label),
    [
      'users = 1, context = 64 tokens',
      'users = 1, context = 128 tokens',
      'users = 4, context = 64 tokens',
      'users = 4, context = 128 tokens',
    ],
  );
  assert.deepEqual(
    plansOf(study).map(({ dataset, load }) => [load.stages[0]?.shape, dataset.outputTokens]),
    [1, 1, 4, 4].map((users) => [
      { kind: 'closed', users },
      { kind: 'constant', value: 32 },
    ]),
  );
});

test('an estimate, in base units', async () => {
  const study = await studyOf<EstimatePlan>(
    'estimate e { parameters 7.6e9  layers 28  hidden 3584  heads 28  kv-heads 4  memory 80 GB  memory-bandwidth 3350 GB/s  tflops 989  users [1, 8] }',
  );
  assert.deepEqual(study.model, {
    parameters: 7.6e9,
    layers: 28,
    hiddenSize: 3584,
    attentionHeads: 28,
    keyValueHeads: 4,
    weightBits: 16,
    cacheBits: 16,
  });
  assert.deepEqual(study.hardware, {
    gpus: 1,
    memoryBytes: 8e10,
    memoryBytesPerSecond: 3.35e12,
    operationsPerSecond: 9.89e14,
  });
  assert.deepEqual([study.inputTokens, study.outputTokens, study.users], [1024, 128, [1, 8]]);
});

for (const text of [
  'sweep s of run { vary depth in [1, 2] }',
  'search c of run { find max rate in 1 rps .. 64 rps }',
  'compare c { baseline run  candidate run on other }',
  'profile p of run { phase decode  users [1, 4]  context [64, 128] tokens }',
])
  test(`every run of \`${text}\` is a plan that the runner takes`, async () => {
    for (const plan of plansOf(await studyOf(text)))
      assert.deepEqual(checkPlan(JSON.parse(JSON.stringify(plan))), plan);
  });

const DESCRIBED: readonly (readonly [
  text: string,
  runs: number,
  isUpperBound: boolean,
  durationMs: number | undefined,
])[] = [
  ['sweep s of run { vary depth in [1, 2] }', 2, false, 180_000],
  ['sweep s of run { vary depth in [1, 2]  design progressive }', 2, true, 180_000],
  ['search c of run { find max rate in 1 rps .. 64 rps within 5 % }', 9, true, 540_000],
  ['compare c { baseline run  candidate run on other }', 2, false, 180_000],
  ['profile p of run { phase prefill  input [64, 128, 256] tokens }', 3, false, 90_000],
];

for (const [text, count, isUpperBound, durationMs] of DESCRIBED)
  test(`\`${text}\` is ${count} runs`, async () => {
    const described = describeStudy(await studyOf(text));
    assert.deepEqual([described.runs, described.isUpperBound, described.durationMs], [count, isUpperBound, durationMs]);
  });

test("the tour's sweep, search and comparison are the plans that were reviewed", async () => {
  const root = path.join(import.meta.dirname, '..', '..', '..', '..');
  const files = Object.fromEntries(
    ['tour.bench', 'lib/targets.bench'].map((name) => [
      `/examples/${name}`,
      readFileSync(path.join(root, 'examples', name)),
    ]),
  );
  const compilation = await compileFile('/examples/tour.bench', { fileSystem: memoryFiles(files) });
  for (const { name, kind } of compilation.studies)
    assertGolden(import.meta.url, `tour.${kind}.json`, compilation.study(name)?.json ?? '');
});
