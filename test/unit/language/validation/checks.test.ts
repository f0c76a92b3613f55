/** Where each mistake is underlined, and that nothing else is said. The pages in docs/diagnostics have an example of each code; these are the corners. */
import { test } from 'node:test';
import type { DiagnosticCode } from '../../../../src/language/validation/diagnostics.ts';
import { checkDiagnostics, type CheckOptions } from '../../../helpers/check-bench.ts';

type Case = readonly [what: string, marked: string, codes: readonly DiagnosticCode[], options?: CheckOptions];

const PARTS = `
backend demo { protocol simulator }
dataset prompts { from random  input 64 tokens  output 8 tokens }
load steady { warmup 5 requests  stage s { rate 50 rps for 1 min } }
monitor host { from system }
`;
const LAB = 'protocol openai.chat  url "http://127.0.0.1:8000"  model "m"';

const STUDIED = `
param depth = 4
backend demo { protocol simulator }
dataset prompts { from random  input 64 tokens  output 8 tokens }
sla fast { ttft p95 < 500 ms }
benchmark run { on demo  send prompts  load { warmup 5 requests  stage s { rate 5 rps for 1 min }  in-flight at most depth } }
`;

/** A backend that is started by this command and asked for model \`m\` on port 8000; marked where it does not fit. */
function launch(command: string, more = '', isMarked = false): string {
  const name = isMarked ? '<|lab|>' : 'lab';
  return `backend ${name} { ${LAB}  ${more}  sampling { ignore-eos on }  launch { command "${command}" } }
    dataset prompts { from random  input 64 tokens  output 8 tokens }
    benchmark run { on lab  send prompts  load { warmup 5 requests  stage s { rate 5 rps for 1 min } } }`;
}

const CASES: readonly Case[] = [
  // names
  ['an unknown base', 'backend a extends <|b|> { protocol simulator }', ['BENCH2001']],
  ['an unknown backend', `${PARTS}benchmark run { on <|dmo|>  send prompts  load steady }`, ['BENCH2001']],
  [
    'an unknown monitor in a list',
    `${PARTS}benchmark run { on demo  send prompts  load steady  watch host, <|gpu|> }`,
    ['BENCH2001'],
  ],
  ['names of different kinds may be the same', 'dataset chat { from random }\nbackend chat { protocol simulator }', []],
  ['a monitor that does not exist, in a limit', 'sla s { <|gpu|>.memory max < 95 % }', ['BENCH2001']],
  ['a metric with a dot is no monitor', 'sla s { ttft.intended p95 < 1 s }', []],
  [
    'a cycle through three',
    'sla a extends <|b|> {}\nsla b extends <|c|> {}\nsla c extends <|a|> {}',
    ['BENCH2005', 'BENCH2005', 'BENCH2005'],
  ],
  ['an import of a directory', 'import <|"./lib"|>', ['BENCH2003'], { directories: ['lib'] }],
  ['an import without a name', 'import <|""|>', ['BENCH2003']],
  [
    'names of an import of an import are not seen',
    'import "./a.bench"\nsla s extends <|deep|> { ttft p95 < 1 s }',
    ['BENCH2001'],
    { files: { 'a.bench': 'import "./b.bench"', 'b.bench': 'sla deep { itl p95 < 1 s }' } },
  ],
  // properties
  ['an option of another protocol', 'backend a { protocol simulator  <|max-tokens-field|> max-tokens }', ['BENCH4004']],
  ['a property of another block', 'backend a { protocol simulator  timeout { <|temperature|> 0 } }', ['BENCH4004']],
  ['a block where a value is due', 'backend a { protocol simulator  gpus <|{ }|> }', ['BENCH3002']],
  ['a value where a block is due', 'backend a { protocol simulator  timeout <|5 s|> }', ['BENCH3002']],
  [
    'a number with a fraction where a whole one is due',
    'backend a { protocol simulator  gpus <|1.5|> }',
    ['BENCH3002'],
  ],
  ['true where on is due', `backend a { ${LAB}  stream <|true|> }`, ['BENCH3010']],
  ['a text where a word is due', `backend a { ${LAB}  stream <|"on"|> }`, ['BENCH3010']],
  ['a tokenizer file without its name', `backend a { ${LAB}  tokenizer <|file|> }`, ['BENCH3002']],
  ['a tokenizer that is none', `backend a { ${LAB}  tokenizer <|tiktokn|> "o200k_base" }`, ['BENCH3010']],
  ['a header twice', 'backend a { protocol simulator  headers { "X-A": "1"  <|"x-a"|>: "2" } }', ['BENCH4006']],
  ['zero needs no unit', 'backend a { protocol simulator  first-token 0 }', []],
  [
    'a distribution of another kind',
    'backend a { protocol simulator  first-token <|normal(5, 1) tokens|> }',
    ['BENCH3002'],
  ],
  ['a distribution without units', 'backend a { protocol simulator  first-token <|normal(5, 1)|> }', ['BENCH3003']],
  ['a percentage without its sign', 'dataset d { from random  shared-prefix <|50|> }', ['BENCH3003']],
  ['more than all', 'dataset d { from random  shared-prefix <|150 %|> }', ['BENCH3004']],
  ['a param of the wrong kind', 'param p = 5 rps\nbackend a { protocol simulator  first-token <|p|> }', ['BENCH3002']],
  // addresses and secrets
  ['a port out of range', 'backend a { protocol openai.chat  model "m"  url <|"http://h:70000"|> }', ['BENCH4007']],
  ['a port that is a word', 'backend a { protocol openai.chat  model "m"  url <|"http://h:port/v1"|> }', ['BENCH4007']],
  ['another scheme', 'backend a { protocol openai.chat  model "m"  url <|"ftp://h"|> }', ['BENCH4007']],
  ['a password in an address', 'backend a { protocol openai.chat  model "m"  url <|"http://u:p@h"|> }', ['BENCH4007']],
  ['an IPv6 address', 'backend a { protocol openai.chat  model "m"  url "http://[::1]:8000" }', []],
  ['a key to this machine', `backend a { ${LAB}  key secret("K") }`, []],
  [
    'a key to another machine, inherited',
    `backend a { ${LAB}  key secret("K") }\nbackend b extends a { url <|"http://gpu:8000"|> }`,
    ['BENCH8002'],
  ],
  ['a key through a param', `param k = "abc"\nbackend a { ${LAB}  key <|k|> }`, ['BENCH8001']],
  [
    'a key in a command line',
    `backend a { ${LAB}  launch { command <|"serve --key sk-0123456789abcdef0123"|> } }`,
    ['BENCH8001'],
  ],
  ['a key in a header', `backend a { ${LAB}  headers { "Authorization": <|"Basic abc"|> } }`, ['BENCH8001']],
  ['a secret in a header', `backend a { ${LAB}  headers { "Authorization": secret("A") } }`, []],
  // inheritance
  [
    'a base may be incomplete',
    `backend base { protocol openai.chat  model "m" }\nbackend a extends base { url "http://127.0.0.1:1" }`,
    [],
  ],
  [
    'an incomplete base cannot be run on',
    `${PARTS}backend base { protocol openai.chat  url "http://127.0.0.1:1" }\nbackend a extends base { model "m" }\nbenchmark run { <|on base|>  send prompts  load steady }`,
    ['BENCH4005'],
  ],
  [
    'a dataset that only others fill cannot be sent',
    `${PARTS}dataset base { output 8 tokens }\ndataset d extends base { from random }\nbenchmark run { on demo  <|send base|>  load steady }`,
    ['BENCH4005'],
  ],
  [
    'a load that only others fill cannot be run',
    `${PARTS}load base { drain 5 s }\nload l extends base { warmup 5 requests  stage s { rate 50 rps for 1 min } }\nbenchmark run { on demo  send prompts  <|load base|> }`,
    ['BENCH5010'],
  ],
  [
    'a monitor that only others fill cannot be watched',
    `${PARTS}monitor base { every 5 s }\nmonitor m extends base { from system }\nbenchmark run { on demo  send prompts  load steady  <|watch base|> }`,
    ['BENCH4005'],
  ],
  [
    'a library may leave gaps to those who import it',
    `import "./lib.bench"${PARTS}backend a extends base { url "http://127.0.0.1:1" }\nbenchmark run { on a  send prompts  load steady }`,
    [],
    { files: { 'lib.bench': 'backend base { protocol openai.chat  model "m" }' } },
  ],
  [
    'what a library leaves open shows where it is used',
    `import "./lib.bench"${PARTS}benchmark run { <|on base|>  send prompts  load steady }`,
    ['BENCH4005'],
    { files: { 'lib.bench': 'backend base { protocol openai.chat  model "m" }' } },
  ],
  ['a mix of nothing', 'dataset d { <|mix|> { } }', ['BENCH4005']],
  ['a mix without weight', 'dataset a { from random }\ndataset d { <|mix|> { 0 a } }', ['BENCH3004']],
  [
    'a mix of what only others fill',
    'dataset base { }\ndataset a extends base { from random }\ndataset d { mix { 1 a  1 <|base|> } }',
    ['BENCH4005'],
  ],
  [
    'a benchmark others extend may have gaps',
    `${PARTS}benchmark base { on demo  load steady }\nbenchmark run extends base { send prompts }`,
    [],
  ],
  // stages
  ['a rate that is a duration', 'load l { stage s { rate <|5 s|> for 1 min } }', ['BENCH3002']],
  ['a rate without a unit', 'load l { stage s { rate <|5|> for 1 min } }', ['BENCH3003']],
  ['no rate at all', 'load l { stage s { rate <|0 rps|> for 1 min } }', ['BENCH3004']],
  ['half a user', 'load l { stage s { users <|1.5|> for 1 min } }', ['BENCH3002']],
  ['an end that is a rate', 'load l { stage s { rate 5 rps for <|5 rps|> } }', ['BENCH3002']],
  ['a clause twice', 'load l { stage s { rate 5 rps for 1 min <|for 2 min|> } }', ['BENCH4006']],
  ['thinking in an open loop', 'load l { stage s { rate 5 rps <|think 1 s|> for 1 min } }', ['BENCH5004']],
  ['gamma without its burstiness', 'load l { stage s { rate 5 rps <|gamma|> for 1 min } }', ['BENCH4005']],
  ['poisson with a number', 'load l { stage s { rate 5 rps poisson <|2|> for 1 min } }', ['BENCH5004']],
  ['a sine of one rate', 'load l { stage s { rate 5 rps <|sine period 1 min|> for 2 min } }', ['BENCH5004']],
  [
    'a spike without its length',
    'load l { stage s { rate 5 rps <|spike 50 rps every 1 min|> for 10 min } }',
    ['BENCH4005'],
  ],
  [
    'a ramp that ends with for',
    'load l { stage <|s|> { rate 5 rps -> 9 rps <|for 1 min|> } }',
    ['BENCH5003', 'BENCH5004'],
  ],
  ['a list with one wrong rung', 'load l { stage s { rate [5 rps, <|5 s|>] every 1 min } }', ['BENCH3002']],
  ['a descending staircase', 'load l { stage s { rate 90 rps .. 10 rps step 40 rps every 1 min } }', []],
  ['poisson arrivals on a ramp', 'load l { stage s { rate 5 rps -> 9 rps poisson over 1 min } }', []],
  ['a warm-up without a unit', 'load l { warmup <|10|>  stage s { rate 5 rps for 1 min } }', ['BENCH3003']],
  [
    'no requests may be in flight',
    'load l { stage s { rate 5 rps for 1 min }  in-flight at most <|0|> }',
    ['BENCH3004'],
  ],
  ['more than all abandon', 'load l { stage s { rate 5 rps for 1 min }  abandon <|120 %|> after 1 s }', ['BENCH3004']],
  // SLAs
  ['a limit of the wrong kind', 'sla s { ttft p95 < <|5 rps|> }', ['BENCH3002']],
  ['a share above all', 'sla s { error-rate < <|150 %|> }', ['BENCH3004']],
  ['a count needs no unit', 'sla s { ttft count > 100 }', []],
  ['a free percentile', 'sla s { ttft p97.5 < 1 s }', []],
  ['a percentile that is none', 'sla s { ttft <|p100|> < 1 s }', ['BENCH6002']],
  ['a metric other tools know by another name', 'sla s { <|latency|> p95 < 1 s }', ['BENCH6001']],
  [
    'an upper limit below a lower one',
    'sla s {\n  error-rate <|>|> 5 %\n  <|error-rate < 1 %|>\n}',
    ['BENCH6010', 'BENCH6009'],
  ],
  [
    'an inherited limit is replaced, not contradicted',
    'sla a { ttft p95 < 1 s }\nsla b extends a { ttft p95 < 500 ms }',
    [],
  ],
  [
    'a series of an open monitor is not known beforehand',
    'monitor e { from prometheus "http://127.0.0.1:9000/metrics" }\nsla s { e."vllm:num_requests_waiting" max < 10 }',
    [],
  ],
  // benchmarks
  ['two slots of one kind', `${PARTS}benchmark run { on demo  <|on|> demo  send prompts  load steady }`, ['BENCH4006']],
  [
    'a report format twice',
    `${PARTS}benchmark run { on demo  send prompts  load steady  report html, <|html|> }`,
    ['BENCH4006'],
  ],
  [
    'ITL on embeddings',
    `${PARTS}backend e { protocol openai.embeddings  url "http://127.0.0.1:1"  model "m" }\nsla s { <|itl p95 < 50 ms|> }\nbenchmark run { on e  send prompts  load steady  expect s }`,
    ['BENCH6005'],
  ],
  [
    'a limit of an imported SLA shows at the slot',
    `import "./lib.bench"${PARTS}benchmark run { on demo  send prompts  load steady  <|expect watched|> }`,
    ['BENCH6006'],
    { files: { 'lib.bench': 'monitor far { from system }\nsla watched { far.cpu max < 90 % }' } },
  ],
  [
    'inline parts need no names',
    'benchmark run {\n  on { protocol simulator }\n  send { from random  input 64 tokens  output 8 tokens }\n  load { warmup 5 requests  stage s { rate 50 rps for 1 min } }\n  expect { ttft p95 < 1 s }\n  watch { from system }\n}',
    [],
  ],
  [
    'gaps are not pointed at while one types',
    'backend a { protocol simulator  timeout { total <|}|>  }\n',
    ['BENCH1001'],
  ],
  // studies
  [
    'a slot takes names of its kind',
    `${PARTS}benchmark run { on demo  send prompts  load steady }\nsweep w of run { vary on in [demo, <|prompts|>] }`,
    ['BENCH3002'],
  ],
  [
    'a slot takes declared names',
    `${PARTS}benchmark run { on demo  send prompts  load steady }\nsweep w of run { vary on in [demo, <|dem|>] }`,
    ['BENCH2001'],
  ],
  [
    'a declaration without its property',
    `${PARTS}benchmark run { on demo  send prompts  load steady }\nsweep w of run { vary <|prompts|> in [1, 2] }`,
    ['BENCH7005'],
  ],
  [
    'values of a varied property',
    `${PARTS}benchmark run { on demo  send prompts  load steady }\nsweep w of run { vary prompts.input in [64 tokens, <|5 s|>] }`,
    ['BENCH3002'],
  ],
  [
    'a range without its step',
    `${PARTS}param n = 1\nbenchmark run { on demo  send prompts  load steady  repeat n }\nsweep w of run { vary n in <|1 .. 4|> }`,
    ['BENCH5004'],
  ],
  // data files
  ['a missing tokenizer', `backend a { ${LAB}  tokenizer <|file "./t.json"|> }`, ['BENCH9001']],
  [
    'a ShareGPT file of another shape',
    'dataset d { from sharegpt <|"./x.json"|> }',
    ['BENCH9002'],
    { files: { 'x.json': '[{ "prompt": "Hi" }]' } },
  ],
  [
    'a ShareGPT file that is no JSON',
    'dataset d { from sharegpt <|"./x.json"|> }',
    ['BENCH9002'],
    { files: { 'x.json': '[\n{ "conversations": }\n]' } },
  ],
  ['an empty file', 'dataset d { from jsonl <|"./x.jsonl"|> }', ['BENCH9002'], { files: { 'x.jsonl': '\n' } }],
  [
    'the usual place of a prompt',
    'dataset d { from jsonl "./x.jsonl" }',
    [],
    { files: { 'x.jsonl': '{ "prompt": "Hi" }' } },
  ],
  // what a colleague would say before a night is spent
  ['a launch that fits, with options in both spellings', launch('vllm serve m --port=8000 -tp 2', 'gpus 2'), []],
  ['a launch on another port', launch('vllm serve m --port 8001', '', true), ['BENCH4017']],
  ['a launch of another model', launch('vllm serve other', '', true), ['BENCH4017']],
  ['a model served under another name', launch('vllm serve /models/x --served-model-name m m2 --port 8000'), []],
  ['a launch over more GPUs than are paid', launch('vllm serve m -tp 2 -pp 2', 'gpus 2', true), ['BENCH4017']],
  ['a launch of something nobody here knows', launch('./start.sh --model other'), []],
  ['a launch through a param that is no number yet', launch('vllm serve m -tp $TP', 'gpus 2'), []],
  [
    'a throughput that only a closed loop could give',
    `${PARTS}benchmark run { on demo  send prompts  expect { request-throughput > 900 rps }
      load { warmup 5 requests  stage s { users 64 for 1 min } } }`,
    [],
  ],
  [
    'tokens that the longest answers could not give',
    `${PARTS}benchmark run { on demo  send prompts  load steady  expect { <|output-throughput > 500 tokens/s|> } }`,
    ['BENCH6018'],
  ],
  [
    'a limit from due, which no timeout bounds',
    `backend slow { protocol simulator  timeout { total 1 s } }
     ${PARTS}benchmark run { on slow  send prompts  load steady  expect { e2e.intended p95 < 2 s } }`,
    [],
  ],
  [
    'a secret header in the clear',
    'backend a { protocol openai.chat  model "m"  url <|"http://gpu:8000"|>  headers { "X-Key": secret("K") } }',
    ['BENCH8002'],
  ],
  [
    'a key in an address',
    `backend a { protocol openai.chat  model "m"  url <|"https://h/v1?api_key=abcdefgh12"|> }`,
    ['BENCH8001'],
  ],
  [
    'a key in a command with a param in it',
    `param m = "x"\nbackend a { ${LAB}  launch { command <|"serve \${m} --api-key abcdefgh12"|> } }`,
    ['BENCH8001'],
  ],
  ['a timeout that is only the default', 'backend a { protocol simulator  timeout { total 10 s } }', []],
  [
    'two SLAs that cannot both hold',
    `sla a { ttft p95 < 100 ms }\nsla b { ttft p99 <|>|> 1 s  ttft p50 <|>|> 200 ms }
     ${PARTS}benchmark run { on demo  send prompts  load steady  <|expect a, b|> }`,
    ['BENCH6010', 'BENCH6010', 'BENCH6009'],
  ],
  [
    'two SLAs of which one is stricter',
    `sla a { ttft p95 < 1 s }\nsla b { ttft p95 < 500 ms }\n${PARTS}benchmark run { on demo  send prompts  load steady  expect a, b }`,
    [],
  ],
  [
    'a mix whose longest part does not fit',
    `backend small { protocol simulator  context 500 tokens }
     dataset long { from random  input 1000 tokens  output 8 tokens }
     ${PARTS}dataset both { mix { 50 % prompts  50 % long } }
     benchmark run { on small  <|send both|>  load steady }`,
    ['BENCH7003'],
  ],
  [
    'what is set apart from what nobody asked of a model',
    `${PARTS}benchmark run { on demo  send prompts  load steady }`,
    [],
  ],
  // studies
  ['the same value twice', `${STUDIED}sweep s of run { vary depth in [1, <|1|>] }`, ['BENCH4006']],
  [
    'the same thing varied twice',
    `${STUDIED}sweep s of run { vary depth in [1, 2]  vary <|depth|> in [3, 4] }`,
    ['BENCH4006'],
  ],
  [
    'a value of another kind than the default',
    `${STUDIED}sweep s of run { vary depth in [1, <|2 s|>] }`,
    ['BENCH3002'],
  ],
  ['a block as a whole', `${STUDIED}sweep s of run { vary demo.<|timeout|> in [1 s, 2 s] }`, ['BENCH7005']],
  ['a setting in a block', `${STUDIED}sweep s of run { vary demo.timeout.total in [1 min, 2 min] }`, []],
  [
    'a setting in a block, of another kind',
    `${STUDIED}sweep s of run { vary demo.timeout.total in [1 min, <|2|>] }`,
    ['BENCH3003'],
  ],
  [
    'a search from nothing',
    `${STUDIED}search s of run { find max rate in <|0 rps|> .. 9 rps meeting fast }`,
    ['BENCH3004'],
  ],
  [
    'a search for half a user',
    `${STUDIED}search s of run { find max users in <|0.5|> .. 9 meeting fast }`,
    ['BENCH3004'],
  ],
  ['a search for nothing', `${STUDIED}search <|s|> of run {}`, ['BENCH4005']],
  ['a study named like a benchmark', `${STUDIED}sweep <|run|> of run { vary depth in [1, 2] }`, ['BENCH2002']],
  [
    'a profile of prefill with the users of decode',
    `${STUDIED}profile p of run { phase prefill  input 64 tokens  <|users|> 4 }`,
    ['BENCH5004'],
  ],
  ['a profile without its lengths', `${STUDIED}profile <|p|> of run { phase prefill }`, ['BENCH4005']],
  [
    'an estimate of nothing known',
    `estimate <|e|> { parameters 7e9  layers 28  hidden 3584  heads 28  memory 80 GB  memory-bandwidth 3350 GB/s }`,
    ['BENCH4005'],
  ],
  [
    'a backend in a sweep that cannot give what a limit needs',
    `${STUDIED}backend whole { ${LAB}  stream off }\nsweep <|s|> of run { vary on in [demo, whole]  choose max goodput meeting fast }`,
    ['BENCH7013'],
  ],
  [
    'a candidate that cannot give what a limit needs',
    `${STUDIED}backend whole { ${LAB}  stream off }
     benchmark judged extends run { expect fast }
     compare c { baseline judged  <|candidate judged on whole|> }`,
    ['BENCH7013'],
  ],
];

for (const [what, marked, codes, options] of CASES)
  test(`${codes.length === 0 ? 'good' : codes.join(' ')}: ${what}`, () => checkDiagnostics(marked, codes, options));
