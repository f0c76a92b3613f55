/** Each diagnostic that can be put right has a fix, and a fix puts right what it says: tried on the wrong example of its page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DIAGNOSTICS, type DiagnosticCode } from '../../../../src/language/validation/diagnostics.ts';
import { actionsIn, problemsIn, type Files } from '../../../helpers/bench-workspace.ts';
import { readExample, readPage } from '../../../helpers/diagnostic-page.ts';

/** Only the author knows what was meant, or it is nothing to be put right in this file. */
const WITHOUT_FIX: Partial<Record<DiagnosticCode, string>> = {
  BENCH0001: 'the server is to be fixed, not the limit',
  BENCH0002: 'only another run tells',
  BENCH0003: 'only another run tells',
  BENCH1004: 'which half to keep?',
  BENCH1005: 'nobody writes this by a slip',
  BENCH1006: 'the editor saves with another encoding',
  BENCH1009: 'what is listed is to be fixed',
  BENCH2009: 'which value was meant?',
  BENCH2010: 'it is in the command line',
  BENCH2011: 'it is in the command line',
  BENCH2012: 'the command line may be the place of the value',
  BENCH2014: 'tested below: it has no example on its page',
  BENCH2015: 'which of the values is to be written down?',
  BENCH3005: 'which quantity was meant?',
  BENCH3007: 'which argument was meant?',
  BENCH3008: 'which of the numbers is wrong?',
  BENCH3012: 'which number was meant?',
  BENCH3013: 'a secret must not get into a text',
  BENCH4011: 'nothing is wrong with the file',
  BENCH4015: 'which share was meant?',
  BENCH4017: 'the command or the backend?',
  BENCH4020: 'which of them is to give way?',
  BENCH5006: 'which of the two times is wrong?',
  BENCH5011: 'which of the two times is wrong?',
  BENCH5013: 'which of the two times is wrong?',
  BENCH5014: 'how many were meant?',
  BENCH5015: 'another dataset is needed',
  BENCH5017: 'longer, or faster?',
  BENCH5018: 'which of the rates is wrong?',
  BENCH5020: 'which of the rates is wrong?',
  BENCH6009: 'which of the limits is wrong?',
  BENCH6011: 'which metric was meant?',
  BENCH7002: 'the plan or the budget?',
  BENCH7003: 'the prompt or the context?',
  BENCH7012: 'which values can be spared?',
  BENCH7013: 'which value was meant?',
  BENCH9002: 'it is in the data file',
  BENCH9003: 'it is outside of the file',
};

for (const code of Object.keys(DIAGNOSTICS) as DiagnosticCode[]) {
  const why = WITHOUT_FIX[code];
  if (why !== undefined) continue;
  test(`${code} can be fixed`, async () => {
    const { text, options } = readExample(readPage(code), 'Wrong');
    const others: Files = options.files ?? {};
    const before = await problemsIn({ 'main.bench': text, ...others });
    const fixes = await actionsIn(
      { 'main.bench': text, ...others },
      { only: ['quickfix'], about: (each) => each.code === code },
    );
    assert.notEqual(fixes.length, 0, `no fix for ${before.map((each) => each.code).join(' ')}`);
    const count = (found: typeof before): number => found.filter((each) => each.code === code).length;
    const errors = (found: typeof before): string[] =>
      found.filter(({ severity }) => severity === 1).map((each) => each.code);
    for (const { title, text: fixed } of fixes) {
      const after = await problemsIn({ 'main.bench': fixed, ...others });
      assert.ok(count(after) < count(before), `"${title}" leaves it:\n${fixed}`);
      assert.ok(
        errors(after).length <= errors(before).length,
        `"${title}" makes ${errors(after).join(' ')}:\n${fixed}`,
      );
    }
  });
}

test('what has no fix has its reason, and nothing else', async () => {
  const codes = Object.keys(DIAGNOSTICS);
  assert.deepEqual(
    Object.keys(WITHOUT_FIX).filter((code) => !codes.includes(code)),
    [],
  );
});

/** [what, file, code, title, text after the fix] */
const CASES: readonly (readonly [string, Files, DiagnosticCode, string, string])[] = [
  [
    'a misspelt word of the language',
    { 'main.bench': 'bakend demo { protocol simulator }\n' },
    'BENCH1001',
    'Change to `backend`',
    'backend demo { protocol simulator }\n',
  ],
  [
    'a text without its end before a brace',
    { 'main.bench': 'backend b { protocol simulator  url "http://a }\n' },
    'BENCH1002',
    'Close the text with `"`',
    'backend b { protocol simulator  url "http://a" }\n',
  ],
  ['quotes of a word processor', { 'main.bench': 'param a = “x\n' }, 'BENCH1007', 'Change to `"`', 'param a = "x\n'],
  [
    'a name that another file declares',
    {
      'main.bench': '// head\n\n/// Doc.\nbenchmark b { on lab }\n',
      'rigs/lab.bench': 'backend lab { protocol simulator }',
    },
    'BENCH2001',
    'Import `lab` from "./rigs/lab.bench"',
    '// head\n\nimport "./rigs/lab.bench"\n\n/// Doc.\nbenchmark b { on lab }\n',
  ],
  [
    'a name of the standard library',
    { 'main.bench': 'import "./a.bench"\nbenchmark b { expect batch }\n', 'a.bench': '' },
    'BENCH2001',
    'Import `batch` from "std"',
    'import "./a.bench"\nimport "std"\nbenchmark b { expect batch }\n',
  ],
  [
    'a name that is declared nowhere',
    { 'main.bench': 'param x = 1\n\n// about b\nbenchmark b { expect good }\n' },
    'BENCH2001',
    'Declare the sla `good`',
    'param x = 1\n\nsla good {\n  ttft p95 < 500 ms\n  itl  p95 < 50 ms\n  error-rate < 1 %\n}\n\n// about b\nbenchmark b { expect good }\n',
  ],
  [
    'a benchmark that is declared nowhere, from what there is',
    { 'main.bench': 'backend lab { protocol simulator }\nsweep s of nightly { vary on in [lab] }\n' },
    'BENCH2001',
    'Declare the benchmark `nightly`',
    'backend lab { protocol simulator }\nbenchmark nightly {\n  on   lab\n  send { from random  input 512 tokens  output 128 tokens }\n  load { warmup 10 requests  stage steady { rate 10 rps poisson for 1 min } }\n}\n\nsweep s of nightly { vary on in [lab] }\n',
  ],
  [
    'a param that is declared nowhere',
    { 'main.bench': 'load l {\n  drain grace\n}\n' },
    'BENCH3011',
    'Declare the param: `param grace = 1 s`',
    'param grace = 1 s\n\nload l {\n  drain grace\n}\n',
  ],
  [
    'a declaration nobody uses, with its documentation',
    {
      'main.bench':
        'param used = 1\n\n/// Doc.\n/// More.\nparam spare = 2\n\nbackend b { protocol simulator  gpus used }\nbenchmark r { on b  send { from random }  load { stage s { rate 1 rps for 1 s } } }\n',
    },
    'BENCH2007',
    'Remove the unused param `spare`',
    'param used = 1\n\nbackend b { protocol simulator  gpus used }\nbenchmark r { on b  send { from random }  load { stage s { rate 1 rps for 1 s } } }\n',
  ],
  [
    'a number without its unit, with every unit that fits',
    { 'main.bench': 'load l {\n  drain 5\n}\n' },
    'BENCH3003',
    'Write `5 min`',
    'load l {\n  drain 5 min\n}\n',
  ],
  [
    'a distribution without its unit',
    { 'main.bench': 'dataset d { from random  input normal(512, 64) }\n' },
    'BENCH3003',
    'Write `normal(512, 64) tokens`',
    'dataset d { from random  input normal(512, 64) tokens }\n',
  ],
  [
    'a key in a file, under a name that says whose it is',
    {
      'main.bench':
        'backend lab-2 { protocol openai.chat  url "https://a.b"  model "m"  key "sk-0123456789abcdef0123" }\n',
    },
    'BENCH8001',
    'Refer to secret("LAB_2_API_KEY") instead; then give it a value with "Set Secret" or in the environment',
    'backend lab-2 { protocol openai.chat  url "https://a.b"  model "m"  key secret("LAB_2_API_KEY") }\n',
  ],
  [
    'a header with a key in it',
    { 'main.bench': 'backend lab { protocol openai.chat  headers { "Authorization": "Bearer abcdefghijklmnop" } }\n' },
    'BENCH8001',
    'Refer to secret("LAB_AUTHORIZATION") instead; then give it a value with "Set Secret" or in the environment, its value with the word before the key',
    'backend lab { protocol openai.chat  headers { "Authorization": secret("LAB_AUTHORIZATION") } }\n',
  ],
  [
    'a load without a warm-up, over several lines',
    {
      'main.bench':
        'benchmark r {\n  on   { protocol simulator }\n  send { from random }\n  load {\n    // the only one\n    stage s { rate 1 rps for 1 s }\n  }\n}\n',
    },
    'BENCH5007',
    'Add `warmup 10 requests`',
    'benchmark r {\n  on   { protocol simulator }\n  send { from random }\n  load {\n    // the only one\n    warmup 10 requests\n    stage s { rate 1 rps for 1 s }\n  }\n}\n',
  ],
  [
    'a file of nearly that name',
    {
      'main.bench': 'dataset d { from jsonl "./data/promts.jsonl"  prompt "$.q" }\n',
      'data/prompts.jsonl': '{"q":"a"}\n',
    },
    'BENCH9001',
    'Change to "./data/prompts.jsonl"',
    'dataset d { from jsonl "./data/prompts.jsonl"  prompt "$.q" }\n',
  ],
  [
    'inheritance without end',
    {
      'main.bench':
        Array.from({ length: 52 }, (_, index) => `sla s${index} extends s${index + 1} { ttft p95 < 1 s }`).join('\n') +
        '\nsla s52 { itl p95 < 1 s }\n',
    },
    'BENCH2014',
    'Remove `extends`',
    Array.from(
      { length: 52 },
      (_, index) => `sla s${index}${index === 0 ? '' : ` extends s${index + 1}`} { ttft p95 < 1 s }`,
    ).join('\n') + '\nsla s52 { itl p95 < 1 s }\n',
  ],
];

for (const [what, files, code, title, expected] of CASES) {
  test(`fixed is ${what}`, async () => {
    const fixes = await actionsIn(files, { only: ['quickfix'], about: (each) => each.code === code });
    const chosen = fixes.find((each) => each.title === title);
    assert.ok(chosen, fixes.map((each) => each.title).join('\n') || 'no fix');
    assert.equal(chosen.text, expected);
  });
}
