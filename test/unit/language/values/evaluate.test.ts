/** What values come out as: seen through a plan's params, which show each param's value. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDiagnostics, compileBench, planOf } from '../../../helpers/check-bench.ts';

const RUN = `
backend demo { protocol simulator }
dataset prompts { from random  input 64 tokens  output 8 tokens }
benchmark run { on demo  send prompts  load { warmup 5 requests  stage s { rate 5 rps for 10 s } } }
`;

async function valueOf(expression: string, before = ''): Promise<string | undefined> {
  return (await planOf(`${before}\nparam x = ${expression}\n${RUN}`)).params['x'];
}

const VALUES: readonly (readonly [string, string])[] = [
  ['2_000', '2000'],
  ['1.5 s', '1.5 s'],
  ['10 rps + 5 rps', '15 rps'],
  ['10 s + 500 ms', '10.5 s'],
  ['100 rps / 4', '25 rps'],
  ['2 * 10 s', '20 s'],
  ['(1 + 2) * 3', '9'],
  ['1 + 2 * 3', '7'],
  ['10 - 2 - 3', '5'],
  ['0.1 + 0.2', '0.3'],
  ['100 rps * 80 %', '80 rps'],
  ['50 rps * 2 min', '6000 requests'],
  ['6000 requests / 2 min', '50 rps'],
  ['6000 requests / 50 rps', '2 min'],
  ['1000 tokens / 2 s', '500 tokens/s'],
  ['300 W * 10 s', '3000 J'],
  ['2 usd/h * 30 min', '1 usd'],
  ['1 min / 1 s', '60'],
  ['(3 * 4) rps', '12 rps'],
  ['"a" + "b"', 'ab'],
  ['"${1 + 1} and ${5 s}"', '2 and 5 s'],
  ['"\\${x} \\"quoted\\" \\\\"', '${x} "quoted" \\'],
  ['"${json("a \\"b\\"")}"', '"a \\"b\\""'],
  ['[1, 2, 3] rps', '[1 rps, 2 rps, 3 rps]'],
  ['4 .. 4096 tokens', '4 tokens .. 4096 tokens'],
  ['1 .. 5 min', '1 min .. 5 min'],
  ['uniform(32 .. 128) tokens', 'uniform(min 32, max 128) tokens'],
  ['uniform(32, 128) tokens', 'uniform(min 32, max 128) tokens'],
  ['normal(mean 1 s, stddev 100 ms)', 'normal(mean 1000, stddev 100) ms'],
  ['exponential(2 s)', 'exponential(mean 2000) ms'],
  ['all', 'all'],
  ['2 * 3 + 4 * 5', '26'],
  ['100 / 10 / 2', '5'],
  ['2 * (3 + 4) * 5', '70'],
  ['1e3', '1000'],
  ['1 h - 15 min', '0.75 h'],
  ['300 W * 30 s', '9000 J'],
  ['60 °C + 5 °C', '65 °C'],
  ['2 usd/Mtok * 500_000 tokens', '1 usd'],
  ['3 usd/h * 20 min + 1 usd', '2 usd'],
  ['2 * 3 usd/h', '6 usd/h'],
  ['50 % + 25 %', '75 %'],
  ['10 rps * 2 .. 10 rps * 4', '20 rps .. 40 rps'],
  ['[1 rps, 1 rps + 1 rps]', '[1 rps, 2 rps]'],
  ['lognormal(mean 1 s, p99 4 s)', 'lognormal(mean 1000, p99 4000) ms'],
];

for (const [expression, shown] of VALUES)
  test(`\`${expression}\` is ${shown}`, async () => {
    assert.equal(await valueOf(expression), shown);
  });

test('a param may be computed from params of this file and of imported ones', async () => {
  const text = `import "./lib.bench"\nparam half = peak / 2\nparam text = "at \${half}"\n${RUN}`;
  const { params } = await planOf(text, { files: { 'lib.bench': 'param peak = 200 rps' } });
  assert.deepEqual(params, { half: '100 rps', text: 'at 100 rps', peak: '200 rps' });
});

test('a text between three quotes loses the indentation its lines share', async () => {
  const { params } = await planOf(
    `param name = "x"\nparam x = """\n    {\n      "name": \${json(name)}\n    }\n    """\n${RUN}`,
  );
  assert.equal(params['x'], '{\n  "name": "x"\n}');
});

const SET: readonly (readonly [string, string, string])[] = [
  ['200 rps', '100 rps', '100 rps'],
  ['200 rps', '100', '100 rps'],
  ['200 rps', '6000rpm', '6000 rpm'],
  ['"a"', 'b c', 'b c'],
  ['"a"', '"b c"', 'b c'],
  ['"a"', '5', '5'],
  ['"Qwen/Qwen2.5"', 'org/Other-7B', 'org/Other-7B'],
  ['1', '4', '4'],
  ['[1, 2]', '[4]', '[4]'],
  ['512 tokens', 'normal(512, 64) tokens', 'normal(mean 512, stddev 64) tokens'],
];

for (const [written, given, shown] of SET)
  test(`\`--set x=${given}\` for a default of ${written} gives ${shown}`, async () => {
    const { params } = await planOf(`param x = ${written}\n${RUN}`, { set: { x: given } });
    assert.equal(params['x'], shown);
  });

test('a value given with --set counts in imported files, and in what is computed from it', async () => {
  const text = `import "./lib.bench"\n${RUN.replace('rate 5 rps', 'rate half')}`;
  const files = { 'lib.bench': 'param peak = 200 rps\nparam half = peak / 2' };
  const { load } = await planOf(text, { files, set: { peak: '30' } });
  const shape = load.stages[0]?.shape;
  assert.equal(shape?.kind === 'open' && shape.rate.kind === 'flat' ? shape.rate.ratePerSecond : undefined, 15);
});

test('what a value given with --set breaks is said at the place where it is used', async () => {
  const text = 'param top = 100 rps\nload l { stage s { rate 10 rps .. top step 30 rps every 1 min } }';
  const before = await compileBench(text);
  assert.deepEqual(before.diagnostics, []);
  const { diagnostics } = await compileBench(text, { set: { top: '110 rps' } });
  assert.deepEqual(
    diagnostics.map(({ code, line, column }) => [code, line, column]),
    [['BENCH5005', 2, 44]],
  );
});

const PLACES: readonly (readonly [string, Parameters<typeof checkDiagnostics>[1]])[] = [
  ['param x = <|5mins|>', ['BENCH3001']],
  ['param x = [1, 2] <|mins|>', ['BENCH3001']],
  ['param x = <|5 s + 3 rps|>', ['BENCH3005']],
  ['param x = 5 / <|0|>', ['BENCH3012']],
  ['param x = 5 s / <|0 s|>', ['BENCH3012']],
  ['param x = 5 / <|(1 - 1)|>', ['BENCH3012']],
  ['param x = <|5 s * 3 s|>', ['BENCH3005']],
  ['param x = <|5 / 3 s|>', ['BENCH3005']],
  ['param x = <|"a" - "b"|>', ['BENCH3005']],
  ['param x = <|5 s + 1|>', ['BENCH3005']],
  ['param x = 1 s .. <|5 rps|>', ['BENCH3002']],
  ['param x = <|gauss|>(1, 2)', ['BENCH3006']],
  ['param x = <|normal(1)|>', ['BENCH3007']],
  ['param x = normal(5 ms, <|3 rps|>)', ['BENCH3002']],
  ['param x = [1, <|2 s|>] rps', ['BENCH3015']],
  ['param x = "a ${<|y|>}"', ['BENCH3011']],
  ['param x = "a ${<|secret("Y")|>}"', ['BENCH3013']],
  ['param x = "<|\\d|>"', ['BENCH1008']],
  ['param <|x|> = x + 1', ['BENCH2009']],
];

for (const [marked, codes] of PLACES)
  test(`in \`${marked}\` the mistake is underlined`, () => checkDiagnostics(marked, codes));
