/** From declarations to the parts of a plan: inheritance, defaults, staircases, and what a runner must know. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadPlan, RunPlan } from '../../../../src/contract/plan.ts';
import { DEFAULT_SEED, DEFAULT_TIMEOUTS } from '../../../../src/contract/plan.ts';
import { compileBench, planOf } from '../../../helpers/check-bench.ts';

const PARTS = `
backend demo { protocol simulator }
dataset prompts { from random  input 64 tokens  output 8 tokens }
load steady { warmup 5 requests  stage s { rate 50 rps for 1 min } }
`;
const RUN = 'benchmark run { on demo  send prompts  load steady }';

async function backendOf(text: string): Promise<RunPlan['backend']> {
  return (await planOf(`${PARTS}${text}\n${RUN.replace('demo', 'lab')}`)).backend;
}

async function loadOf(text: string): Promise<LoadPlan> {
  return (await planOf(`${PARTS}${text}\n${RUN.replace('steady', 'l')}`)).load;
}

async function slasOf(text: string): Promise<readonly string[]> {
  const plan = await planOf(`${PARTS}${text}\n${RUN.replace('steady', 'steady  expect s')}`);
  return plan.slas.map(({ set, text: line }) => `${set}: ${line}`);
}

test('a backend inherits property by property, and blocks entry by entry', async () => {
  const backend = await backendOf(`
backend base {
  protocol openai.chat  url "http://127.0.0.1:1"  model "a"
  headers { "X-A": "1"  "X-B": "2" }
  timeout { connect 1 s  total 1 min }
}
backend lab extends base { model "b"  headers { "X-B": "3" }  timeout { total 2 min } }`);
  assert.equal(backend.name, 'lab');
  assert.equal(backend.url, 'http://127.0.0.1:1');
  assert.equal(backend.model, 'b');
  assert.deepEqual(backend.headers, { 'X-A': '1', 'X-B': '3' });
  assert.deepEqual(backend.timeouts, { ...DEFAULT_TIMEOUTS, connectMs: 1_000, totalMs: 120_000 });
});

test('what a backend does not say has the defaults of the catalog', async () => {
  const { options, tokenizer, headers } = await backendOf(
    'backend lab { protocol openai.chat  url "http://127.0.0.1:1"  model "a" }',
  );
  assert.deepEqual(options, { stream: true, maxTokensField: 'max-tokens' });
  assert.deepEqual(tokenizer, { kind: 'server' });
  assert.deepEqual(headers, {});
});

test('a request template keeps what the run fills in, and fills in the params', async () => {
  const { options } = await backendOf(`
param top = 5
backend lab {
  protocol custom  url "http://127.0.0.1:1"  stream none
  request """{ "text": \${json(prompt)}, "top": \${top}, "n": \${output} }"""
}`);
  assert.equal(options['request'], '{ "text": ${json(prompt)}, "top": 5, "n": ${output} }');
});

test('secrets are named, never looked up', async () => {
  const text = `${PARTS}backend lab { protocol openai.chat  url "http://127.0.0.1:1"  model "a"
    key secret("KEY")  headers { "X-Team": secret("TEAM") } }\n${RUN.replace('demo', 'lab')}`;
  const compiled = (await compileBench(text)).plan();
  assert.deepEqual(compiled?.plan.backend.key, { kind: 'secret', name: 'KEY' });
  assert.deepEqual(compiled?.plan.backend.headers['X-Team'], { kind: 'secret', name: 'TEAM' });
  assert.deepEqual(compiled?.secrets, ['KEY', 'TEAM']);
});

test('a load inherits stages; one of the same name takes its place', async () => {
  const { stages, warmup, drainMs } = await loadOf(`
load base { warmup 5 s  stage a { rate 1 rps for 1 s }  stage b { rate 2 rps for 1 s }  drain 5 s }
load l extends base { stage a { users 3 for 2 s }  stage c { rate 3 rps for 1 s } }`);
  assert.deepEqual(
    stages.map(({ name, shape }) => `${name} ${shape.kind}`),
    ['a closed', 'b open', 'c open'],
  );
  assert.deepEqual(warmup?.until, { kind: 'time', durationMs: 5_000 });
  assert.equal(drainMs, 5_000);
});

const RUNGS: readonly (readonly [string, readonly string[]])[] = [
  ['rate [10, 50] rps every 1 s', ['l 10 rps', 'l 50 rps']],
  ['rate [10, 50, 10] rps every 1 s', ['l 10 rps', 'l 50 rps', 'l 10 rps (2)']],
  ['rate 1 rps .. 3 rps step 1 rps every 1 s', ['l 1 rps', 'l 2 rps', 'l 3 rps']],
  ['rate 30 rps .. 10 rps step 10 rps every 1 s', ['l 30 rps', 'l 20 rps', 'l 10 rps']],
  [
    'rate 0.1 rps .. 1 rps step 0.1 rps every 1 s',
    Array.from({ length: 10 }, (_, index) => `l ${(index + 1) / 10} rps`),
  ],
  ['users [1, 2] each 1 s', ['l 1 user', 'l 2 users']],
  ['users 1 .. 5 step 2 every 1 s', ['l 1 user', 'l 3 users', 'l 5 users']],
];

for (const [clauses, names] of RUNGS)
  test(`\`${clauses}\` is one stage per rung`, async () => {
    const { stages } = await loadOf(`load l { stage l { ${clauses} } }`);
    assert.deepEqual(
      stages.map(({ name }) => name),
      names,
    );
    assert.ok(stages.every(({ group, until }) => group === 'l' && until.kind === 'time' && until.durationMs === 1_000));
  });

test('an SLA inherits limits; one on the same thing from the same side takes its place', async () => {
  const slas = await slasOf(`
sla base { ttft p95 < 1 s   ttft median < 200 ms  error-rate < 1 % }
sla s extends base { ttft p95 <= 500 ms  ttft p50 < 100 ms }`);
  assert.deepEqual(slas, ['s: error-rate < 1 %', 's: ttft p95 <= 500 ms', 's: ttft p50 < 100 ms']);
});

test('the text of a limit is the line as written, without its comments', async () => {
  assert.deepEqual(await slasOf('sla s { ttft /* first */ p95\n   <  500ms // soon\n }'), ['s: ttft p95 < 500ms']);
});

test('a limit keeps the texts in it', async () => {
  const line = 'ttft p95 regression < 10 % against "http://a//b  c.json"';
  assert.deepEqual(await slasOf(`sla s { ${line} }`), [`s: ${line}`]);
});

test('a benchmark inherits its slots; lists are replaced as a whole', async () => {
  const plan = await planOf(`${PARTS}
sla a { ttft p95 < 1 s }
sla b { itl p95 < 50 ms }
sla c { error-rate < 1 % }
monitor host { from system }
benchmark run extends base { expect c  seed 7 }
benchmark base { on demo  send prompts  load steady  expect a, b  watch host  repeat 3 }`);
  assert.equal(plan.benchmark, 'run');
  assert.deepEqual(
    plan.slas.map(({ set }) => set),
    ['c'],
  );
  assert.deepEqual(
    plan.monitors.map(({ name }) => name),
    ['host'],
  );
  assert.equal(plan.seed, 7);
  assert.equal(plan.repeat, 3);
});

test('a benchmark without a seed has the one that is documented', async () => {
  assert.equal((await planOf(`${PARTS}${RUN}`)).seed, DEFAULT_SEED);
});

test('what is written inline is named after its benchmark', async () => {
  const plan = await planOf(`benchmark run {
  on { protocol simulator }
  send { from random  input 64 tokens  output 8 tokens }
  load { warmup 5 requests  stage s { rate 50 rps for 1 min } }
  expect { ttft p95 < 1 s }
  watch { from system }
}`);
  const { backend, dataset, load, slas, monitors } = plan;
  assert.deepEqual(
    [backend.name, dataset.name, load.name, slas[0]?.set, monitors[0]?.name],
    ['run', 'run', undefined, 'run', 'run'],
  );
});

test('paths are absolute, beside the file they are written in', async () => {
  const files = {
    'lib/data.bench': 'dataset chat { from jsonl "../prompts.jsonl" }',
    'prompts.jsonl': '{ "prompt": "Hi" }',
  };
  const { dataset } = await planOf(`import "./lib/data.bench"${PARTS}${RUN.replace('prompts', 'chat')}`, { files });
  assert.equal(dataset.options['path'], '/scenario/prompts.jsonl');
});

const FRESH: readonly (readonly [string, boolean])[] = [
  ['from random  input 64 tokens', true],
  ['from random  input 64 tokens  shared-prefix 50 %', false],
  ['from random  input 64 tokens  fresh-prefix off', false],
  ['from random  input 64 tokens  shared-prefix 50 %  fresh-prefix on', true],
];

for (const [items, isFresh] of FRESH)
  test(`prompts of \`${items}\` ${isFresh ? 'begin' : 'do not begin'} with a nonce`, async () => {
    const { dataset } = await planOf(`${PARTS}dataset d { ${items} }\n${RUN.replace('prompts', 'd')}`);
    assert.equal(dataset.freshPrefix, isFresh);
  });

const USES: readonly (readonly [string, readonly string[]])[] = [
  ['rate 5 rps poisson for 1 min', []],
  ['users 5 for 1 min', []],
  ['rate [5, 9] rps every 1 min', []],
  ['rate 5 rps gamma 0.5 for 1 min', ['arrivals.gamma']],
  ['rate 5 rps -> 9 rps over 1 min', ['stage.ramp']],
  ['rate 5 rps spike 9 rps for 1 s every 1 min for 5 min', ['stage.spikes']],
  ['rate 5 rps .. 9 rps sine period 1 min for 5 min', ['stage.sine']],
  ['replay', ['replay']],
];

for (const [clauses, uses] of USES)
  test(`\`${clauses}\` needs ${uses.length === 0 ? 'nothing special' : uses.join()} of a runner`, async () => {
    const plan = await planOf(`${PARTS}load l { stage s { ${clauses} } }\n${RUN.replace('steady', 'l')}`);
    assert.deepEqual(plan.uses, uses);
  });

test('a budget, repetitions and what the catalog calls unavailable are named', async () => {
  const plan = await planOf(`${PARTS}
monitor gpu { from nvidia  alert memory > 95 % }
backend lab { protocol vllm  url "http://127.0.0.1:1"  model "a" }
benchmark run { on lab  send prompts  load steady  watch gpu  repeat 2  budget { requests 9000 } }`);
  assert.deepEqual(plan.uses, ['backend.vllm', 'budget', 'monitor.alert', 'monitor.nvidia', 'repeat']);
});

test('the digest of the sources changes with any file that is imported', async () => {
  const text = `import "./lib.bench"${PARTS}${RUN}`;
  const digest = async (library: string): Promise<string> =>
    (await planOf(text, { files: { 'lib.bench': library } })).source.textSha256;
  assert.notEqual(await digest('param a = 1'), await digest('param a = 2'));
  assert.equal(await digest('param a = 1'), await digest('param a = 1'));
});

test('a benchmark that only others extend is none to run', async () => {
  const compilation = await compileBench(
    `${PARTS}benchmark base { on demo  load steady }\nbenchmark run extends base { send prompts }`,
  );
  assert.deepEqual(compilation.benchmarks, ['run']);
  assert.equal(compilation.plan()?.plan.benchmark, 'run');
  assert.equal(compilation.plan('base'), undefined);
});

test('there is no plan of a file with errors, nor of a benchmark that is not there', async () => {
  assert.equal((await compileBench(`${PARTS}${RUN.replace('demo', 'nobody')}`)).plan(), undefined);
  assert.equal((await compileBench(`${PARTS}${RUN}`)).plan('walk'), undefined);
  assert.equal(
    (await compileBench(`import "./x.bench"${PARTS}${RUN}`, { files: { 'x.bench': 'param' } })).plan(),
    undefined,
  );
});

test('a word that a setting knows means the word, also where a param has that name', async () => {
  const text = (turns: string): string => `param all = 1\nparam queue = 2
backend demo { protocol openai.chat  url "http://127.0.0.1:8000"  model "m" }
dataset d { from sharegpt "./s.json"  turns ${turns} }
benchmark run { on demo  send d  load { warmup 5 requests  stage s { rate 5 rps for 1 min }  overload queue } }`;
  const plan = await planOf(text('all'));
  assert.equal(plan.dataset.options['turns'], 'all');
  assert.equal(plan.load.overload, 'queue');
  assert.equal((await planOf(text('all + 1'))).dataset.options['turns'], 2, 'inside arithmetic it is the param');
});
