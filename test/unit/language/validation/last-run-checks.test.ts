/** The rule that takes a request's time from the last run: which results it believes, and what it says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REPORT_SCHEMA } from '../../../../src/contract/report.ts';
import { checkDiagnostics, compileBench } from '../../../helpers/check-bench.ts';

const scenario = (
  stage: string,
  limit = 10,
): string => `backend b { protocol openai.chat  url "http://127.0.0.1:8000"  model "m" }
dataset d { from random  input 64 tokens  output 8 tokens }
benchmark run {
  on b  send d
  load { warmup 20 requests  ${stage}  in-flight at most ${limit} }
}
`;
const STAGE = 'stage s { rate 20 rps for 10 s }';
const MARKED = 'stage <|s|> { rate 20 rps for 10 s }';

const report = (changes: object = {}): object => ({
  schema: REPORT_SCHEMA,
  run: { benchmark: 'run', startedAt: '2026-11-20T10:00:00.000Z' },
  metrics: { e2e: { mean: 800, p50: 100 } },
  ...changes,
});
const results = (content: unknown, directory: unknown = 'r1'): Record<string, string> => ({
  'main.bench.results/latest.json': JSON.stringify({ directory }),
  'main.bench.results/r1/report.json': typeof content === 'string' ? content : JSON.stringify(content),
});

test('a rate that keeps more in flight than allowed, by the time the last run measured, is warned of, with that run named', async () => {
  await checkDiagnostics(scenario(MARKED), ['BENCH5016'], { files: results(report()) });
  const { diagnostics } = await compileBench(scenario(STAGE), { files: results(report()) });
  const { message = '' } = diagnostics.find(({ code }) => code === 'BENCH5016') ?? {};
  assert.match(message, /20 rps × 800 ms as the run of 2026-11-20 measured/);
  assert.match(message, /\b16\b.*\b10\b/, 'what is expected, and what is allowed');
});

const SILENT: readonly (readonly [string, string, Record<string, string>])[] = [
  ['it fits', scenario(STAGE, 16), results(report())],
  ['nothing was run yet', scenario(STAGE), {}],
  [
    'the last run was of another benchmark',
    scenario(STAGE),
    results(report({ run: { benchmark: 'x', startedAt: '' } })),
  ],
  ['the run measured no times', scenario(STAGE), results(report({ metrics: {} }))],
  ['the report is of another version', scenario(STAGE), results(report({ schema: 'benchwright/report@99' }))],
  ['the report is cut off', scenario(STAGE), results('{"schema":')],
  ['the report is of no shape', scenario(STAGE), results({ schema: REPORT_SCHEMA })],
  ['the report is nothing', scenario(STAGE), results(null)],
  ['the result lies elsewhere', scenario(STAGE), results(report(), '../main.bench.results/r1')],
  ['users wait for their answers', scenario('stage s { users 4 for 10 s }'), results(report())],
];

for (const [what, text, files] of SILENT) {
  test(`nothing is said where ${what}`, async () => {
    await checkDiagnostics(text, [], { files });
  });
}

test('what an SLA allows counts for more than what was measured', async () => {
  const text = scenario(STAGE).replace('send d', 'send d  expect { e2e mean < 400 ms }');
  await checkDiagnostics(text, [], { files: results(report()) });
});
