import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completionsAt } from '../../../helpers/bench-editor.ts';

/** [text with cursor, labels that must be offered, labels that must not] */
const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['<|>', ['backend', 'dataset', 'load', 'sla', 'monitor', 'benchmark', 'import', 'param'], ['protocol']],
  ['ba<|>', ['backend'], []],
  ['backend x <|>', ['extends'], ['protocol']],
  ['backend a {}\nbackend x extends <|>', ['a'], ['extends']],
  ['backend x { <|>', ['protocol', 'url', 'timeout'], ['first-token', 'backend']],
  ['backend x { protocol <|>', ['simulator', 'openai.chat', 'openai.completions'], ['url']],
  ['backend x { protocol sim<|> }', ['simulator'], []],
  ['backend x { protocol simulator <|> }', ['first-token', 'inter-token', 'url'], ['max-tokens-field']],
  ['backend x { <|> protocol simulator }', ['first-token'], []],
  ['backend x { protocol simulator first-token <|>', ['lognormal', 'normal'], ['rps']],
  ['backend x { protocol simulator first-token 100 <|>', ['ms', 's'], ['rps', 'tokens', 'url']],
  ['backend x { protocol simulator first-token 100m<|>', ['ms'], ['rps']],
  ['backend x { protocol simulator first-token lognormal(<|>', ['mean', 'p99'], []],
  ['backend x { sampling { <|>', ['temperature', 'top-p'], ['protocol']],
  ['backend x { timeout { total 5 <|>', ['min', 's'], ['rps']],
  ['load l { stage s { rate 50<|>', ['rps'], ['ms']],
  ['load l { stage s { rate 50 rps <|>', ['poisson', 'for'], ['users', 'rate']],
  ['load l { stage s { rate 50 rps poisson <|>', ['for'], ['poisson']],
  ['load l { <|>', ['warmup', 'stage', 'drain', 'in-flight'], ['protocol']],
  ['load l { overload <|>', ['queue', 'drop'], []],
  ['dataset d { from <|>', ['random', 'sharegpt', 'jsonl'], []],
  ['dataset d { from random input normal(5, 3) tokens <|>', ['output', 'shared-prefix'], ['turns']],
  ['sla s { <|>', ['ttft', 'itl', 'goodput', 'error-rate'], ['p95']],
  ['sla s { ttft <|>', ['p95', 'p99', 'mean'], ['ms']],
  ['sla s { error-rate <|>', ['<'], ['p95']],
  ['sla s { ttft p95 <|>', ['<', '<='], ['p95']],
  ['sla s { ttft p95 < 50<|>', ['ms'], ['rps', '%']],
  ['sla s { error-rate < 1<|>', ['%'], ['ms']],
  ['sla s { goodput > 95 % <|>', ['where'], []],
  ['sla s { goodput > 95 % where <|>', ['ttft', 'tpot', 'e2e'], ['error-rate', 'itl']],
  ['monitor gpu { from system }\nsla s { gpu.<|>', ['cpu', 'memory'], ['ttft']],
  ['backend demo {}\ndataset d {}\nbenchmark b { on <|>', ['demo'], ['d']],
  ['backend demo {}\ndataset d {}\nbenchmark b { on demo send <|>', ['d'], ['demo']],
  ['param m = "x"\nparam r = 10 rps\nbackend b { model <|>', ['m'], ['r', 'std-rate']],
  [
    'param m = "x"\nparam r = 10 rps\nparam twice = r * 2\nload l { stage s { rate <|>',
    ['r', 'twice', 'std-rate'],
    ['m'],
  ],
  ['param n = 4\nparam r = 10 rps\nload l { stage s { users <|>', ['n'], ['r', 'std-rate']],
  ['param n = 4\nparam t = 5 s\nbackend b { protocol simulator first-token <|>', ['t', 'normal'], ['n', 'std-rate']],
  ['param m = "x"\nparam r = 10 rps\nparam own = <|>', ['m', 'r', 'std-rate'], []],
  ['// backend x { <|>', [], ['protocol']],
];

for (const [marked, offered, absent] of CASES) {
  test(`at ${JSON.stringify(marked)} completion offers what may stand there`, async () => {
    const labels = (await completionsAt(marked)).map((item) => item.label);
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

test('a metric is proposed with its formula, its unit and its meaning', async () => {
  const item = (await completionsAt('sla s { <|>')).find((each) => each.label === 'tpot');
  assert.match(JSON.stringify(item?.documentation), /\(last − first\) \/ \(n − 1\).*\(ms\)/);
});

test('a unit typed behind its number replaces only the unit', async () => {
  const item = (await completionsAt('load l { stage s { rate 50r<|>')).find((each) => each.label === 'rps');
  assert.deepEqual(item?.textEdit, {
    range: { start: { line: 0, character: 26 }, end: { line: 0, character: 27 } },
    newText: 'rps',
  });
});
