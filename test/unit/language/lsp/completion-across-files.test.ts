/** Completion that looks beyond the words of the file: other files, monitors' sources, texts, servers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits, completionsIn, type Files } from '../../../helpers/bench-workspace.ts';

/** [files, labels that must be offered, labels that must not] */
const OFFERED: readonly (readonly [Files, readonly string[], readonly string[]])[] = [
  [{ 'main.bench': 'benchmark b { expect <|>' }, ['interactive-chat', 'batch', '{ … }'], []],
  [{ 'main.bench': 'sla a { }\nsla c { }\nbenchmark b { expect a, <|>' }, ['a', 'c'], ['on']],
  [{ 'main.bench': 'benchmark b { report html, <|>' }, ['json', 'junit'], ['on']],
  [{ 'main.bench': 'dataset a { from random }\ndataset m { mix { 60 % <|>' }, ['a'], ['from']],
  [{ 'main.bench': 'monitor gpu { from nvidia }\nsla s { gpu.<|>' }, ['memory', 'power'], ['cpu', 'ttft']],
  [{ 'main.bench': 'monitor gpu { from nvidia }\nsla s { gpu.memory <|>' }, ['max', 'mean', 'p95'], ['ttft', '<']],
  [{ 'main.bench': 'monitor gpu { from nvidia }\nsla s { gpu.memory max <|>' }, ['<', '>'], ['ttft', 'max']],
  [{ 'main.bench': 'monitor gpu { from nvidia }\nsla s { gpu.memory max < 5<|>' }, ['%'], ['ms', 'GiB']],
  [{ 'main.bench': 'monitor gpu { from nvidia }\nsla s { gpu.power max < 5 <|>' }, ['W', 'kW'], ['ms', '%']],
  [{ 'main.bench': 'monitor gpu { from nvidia }\nsla s { gpu.memory max < 5 % <|>' }, ['ttft', 'itl'], ['p95']],
  [{ 'main.bench': 'sla s { ttft.<|>' }, ['intended'], ['cpu']],
  [{ 'main.bench': 'backend b { protocol simulator first-token normal(120 <|>' }, ['ms', 's'], ['rps', 'mean']],
  [{ 'main.bench': 'param tp = 1\nbackend b { launch { command "serve --tp ${<|>' }, ['tp'], []],
  [{ 'main.bench': 'param tp = 1\nbackend b { launch { command "serve --tp ${t<|>}"' }, ['tp'], []],
  [
    { 'main.bench': 'param tp = 1\nbenchmark b { }\nsweep s of b { vary <|>' },
    ['on', 'send', 'load', 'tp'],
    ['design'],
  ],
  [{ 'main.bench': 'benchmark b { }\nsweep s of b { vary on <|>' }, ['in'], ['vary']],
  [{ 'main.bench': 'backend x { }\nbenchmark b { }\nsweep s of b { vary on in [<|>' }, ['x'], ['in', 'vary']],
  [{ 'main.bench': 'sla g { }\nbenchmark b { }\nsweep s of b { choose <|>' }, ['max', 'min'], ['vary']],
  [{ 'main.bench': 'benchmark b { }\nsweep s of b { choose max <|>' }, ['output-throughput'], ['vary']],
  [
    { 'main.bench': 'benchmark b { }\nsweep s of b { choose max output-throughput <|>' },
    ['per gpu', 'meeting'],
    ['p95'],
  ],
  [
    { 'main.bench': 'sla g { }\nbenchmark b { }\nsearch s of b { find max rate in 1 rps .. 9 rps meeting <|>' },
    ['g'],
    ['find'],
  ],
  [{ 'main.bench': 'benchmark b { }\nsearch s of b { find max <|>' }, ['rate', 'users'], ['find']],
  [{ 'main.bench': 'backend x { }\nbenchmark b { }\ncompare c { baseline b on <|>' }, ['x'], ['candidate']],
  [
    { 'main.bench': 'dataset d { from jsonl "./d<|>', 'data.jsonl': '', 'notes.txt': '' },
    ['data.jsonl'],
    ['notes.txt'],
  ],
  [{ 'main.bench': 'import "<|>', 'lib/a.bench': '', 'b.bench': '' }, ['lib/', 'b.bench'], []],
];

for (const [files, offered, absent] of OFFERED) {
  test(`at ${JSON.stringify(files['main.bench'])} completion offers what may stand there`, async () => {
    const labels = (await completionsIn(files)).map(({ label }) => label);
    assert.deepEqual(
      offered.filter((label) => !labels.includes(label)),
      [],
      `missing among ${labels.join(' ')}`,
    );
    assert.deepEqual(
      absent.filter((label) => labels.includes(label)),
      [],
      'offered though it cannot stand here',
    );
  });
}

const IMPORTS: readonly (readonly [what: string, files: Files, label: string, text: string])[] = [
  [
    'of another file, with its import',
    { 'main.bench': '// head\n\nbenchmark b { on <|> }', 'rigs/lab.bench': 'backend lab { protocol simulator }' },
    'lab',
    '// head\n\nimport "./rigs/lab.bench"\n\nbenchmark b { on lab }',
  ],
  [
    'of the standard library, with its import',
    { 'main.bench': 'import "./x.bench"\nbenchmark b { expect ba<|> }', 'x.bench': '' },
    'batch',
    'import "./x.bench"\nimport "std"\nbenchmark b { expect batch }',
  ],
  [
    'of an imported file, without another import',
    { 'main.bench': 'import "./lab.bench"\nbenchmark b { on <|> }', 'lab.bench': 'backend lab { protocol simulator }' },
    'lab',
    'import "./lab.bench"\nbenchmark b { on lab }',
  ],
  [
    'from a folder above',
    { 'sub/main.bench': 'benchmark b { on <|> }', 'lab.bench': 'backend lab { protocol simulator }' },
    'lab',
    'import "../lab.bench"\n\nbenchmark b { on lab }',
  ],
];

for (const [what, files, label, expected] of IMPORTS) {
  test(`completion writes a name ${what}`, async () => {
    const item = (await completionsIn(files)).find((each) => each.label === label);
    assert.ok(item?.textEdit !== undefined && 'range' in item.textEdit);
    const marked = Object.values(files).find((text) => text.includes('<|>')) ?? '';
    const edits = [item.textEdit, ...(item.additionalTextEdits ?? [])];
    assert.equal(applyEdits(marked.replace('<|>', ''), edits), expected);
  });
}

test('a name that is known here is not offered a second time from elsewhere', async () => {
  const files = { 'main.bench': 'backend lab { }\nbenchmark b { on <|> }', 'other.bench': 'backend lab { }' };
  assert.equal((await completionsIn(files)).filter(({ label }) => label === 'lab').length, 1);
});

test('options come with their defaults and what they mean', async () => {
  const item = (await completionsIn({ 'main.bench': 'backend b { protocol simulator <|> }' })).find(
    ({ label }) => label === 'first-token',
  );
  assert.equal(item?.detail, 'default 100 ms');
  assert.match(JSON.stringify(item.documentation), /Time from the request to the first token/);
});

const BACKEND = 'backend b { protocol openai.chat  url "http://127.0.0.1:8000/v1"  key secret("LAB_KEY")  model <|> }';

test('a server is offered to be asked for its models only where the client can, and nothing is asked by that', async () => {
  const label = 'Ask http://127.0.0.1:8000/v1 for its models…';
  const of = async (text: string, asks: boolean): Promise<unknown> =>
    (await completionsIn({ 'main.bench': text }, asks)).find((each) => each.label === label)?.command;
  assert.equal(await of(BACKEND, false), undefined);
  assert.deepEqual(await of(BACKEND, true), {
    title: label,
    command: 'benchwright.askModels',
    arguments: [
      {
        uri: 'file:///work/main.bench',
        position: { line: 0, character: BACKEND.indexOf('<|>') },
        url: 'http://127.0.0.1:8000/v1',
        secret: 'LAB_KEY',
      },
    ],
  });
  const withPart = (await of(BACKEND.replace('<|>', 'qw<|>'), true)) as { arguments: [{ position: object }] };
  assert.deepEqual(
    withPart.arguments[0].position,
    { line: 0, character: BACKEND.indexOf('<|>') },
    'what is typed goes, and what is chosen comes in its place',
  );
  assert.equal(await of(BACKEND.replace('model <|>', 'headers <|>'), true), undefined);
  assert.equal(await of('backend b { protocol openai.chat  model <|> }', true), undefined);
});
