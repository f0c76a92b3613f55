/**
 * What may stand in each kind of block, whatever its protocol or source: the structure of the language as data. Options of one protocol
 * or source are in its own catalog entry. Completion, hover and the reference pages read it.
 */
import type { OptionType } from './describe.ts';

export type BlockKind =
  | 'file'
  | 'backend'
  | 'dataset'
  | 'load'
  | 'stage'
  | 'sla'
  | 'monitor'
  | 'benchmark'
  | 'headers'
  | 'sampling'
  | 'timeout'
  | 'tls'
  | 'price'
  | 'launch'
  | 'mix'
  | 'budget'
  | 'sweep'
  | 'search'
  | 'compare'
  | 'profile'
  | 'estimate';

/** One thing that may stand in a block. */
export interface BlockItem {
  readonly doc: string;
  /** What follows the word: a value of this type, the name of a declaration, a catalog id, or a block. Absent: nothing. */
  readonly takes?:
    | OptionType
    | {
        readonly kind: 'name-of';
        readonly declaration: 'backend' | 'dataset' | 'load' | 'sla' | 'monitor' | 'benchmark';
      }
    | { readonly kind: 'id-of'; readonly catalog: 'backends' | 'datasets' | 'monitors' | 'reports' }
    | { readonly kind: 'block'; readonly block: BlockKind }
    | { readonly kind: 'secret' };
  /** As written, for hover. */
  readonly defaultText?: string;
  /** Words that may follow the value: `for`, `poisson`. */
  readonly then?: readonly string[];
  /** Editor snippet (LSP syntax) for the whole item; the word alone where absent. */
  readonly snippet?: string;
}

const quantity = (dimension: Extract<OptionType, { kind: 'quantity' }>['dimension']): OptionType => ({
  kind: 'quantity',
  dimension,
});
const distribution = (dimension: Extract<OptionType, { kind: 'distribution' }>['dimension']): OptionType => ({
  kind: 'distribution',
  dimension,
});

const listOf = (of: OptionType): OptionType => ({ kind: 'list', of });

export const BLOCKS: Readonly<Record<BlockKind, Readonly<Record<string, BlockItem>>>> = {
  file: {
    import: {
      doc: 'Makes the declarations of another `.bench` file known here.',
      takes: { kind: 'file', extensions: ['bench'] },
      snippet: 'import "$1"',
    },
    param: { doc: 'A value with a name. `--set name=value` overrides it.', snippet: 'param ${1:name} = ${2:value}' },
    backend: {
      doc: 'A server under test: its address, model, key and how requests are sent.',
      snippet:
        'backend ${1:name} {\n  protocol ${2:openai.chat}\n  url      "${3:http://127.0.0.1:8000}"\n  model    "${4:model}"\n}',
    },
    dataset: {
      doc: 'What is sent: where prompts come from and how long they are.',
      snippet:
        'dataset ${1:name} {\n  from   random\n  input  ${2:normal(512, 64) tokens}\n  output ${3:uniform(32 .. 128) tokens}\n}',
    },
    load: {
      doc: 'How requests arrive over time: a warm-up and stages.',
      snippet:
        'load ${1:name} {\n  warmup ${2:10 requests}\n  stage ${3:steady} { rate ${4:10 rps} poisson for ${5:1 min} }\n}',
    },
    sla: {
      doc: 'What good looks like: limits on metrics.',
      snippet: 'sla ${1:name} {\n  ttft p95 < ${2:500 ms}\n  itl  p95 < ${3:50 ms}\n  error-rate < ${4:1 %}\n}',
    },
    monitor: {
      doc: 'Something watched while the benchmark runs: this machine, a GPU, the engine.',
      snippet: 'monitor ${1:host} { from ${2:system} every ${3:1 s} }',
    },
    benchmark: {
      doc: 'A run: a backend, a dataset, a load, and what is expected of it.',
      snippet:
        'benchmark ${1:name} {\n  on   ${2:backend}\n  send ${3:dataset}\n  load ${4:load}\n  expect ${5:sla}\n}',
    },
    sweep: {
      doc: 'The same benchmark over a set of configurations.',
      snippet: 'sweep ${1:name} of ${2:benchmark} {\n  vary ${3:what} in [${4:1, 2, 4}]\n}',
    },
    search: {
      doc: 'Finds the highest or lowest value that still meets the SLAs.',
      snippet:
        'search ${1:capacity} of ${2:benchmark} {\n  find max rate in ${3:1 rps .. 500 rps} meeting ${4:sla} within ${5:5 %}\n}',
    },
    compare: {
      doc: 'Two benchmarks against each other, with a test of significance.',
      snippet: 'compare ${1:name} { baseline ${2:benchmark}  candidate ${3:benchmark} on ${4:backend} }',
    },
    profile: {
      doc: 'What prefill or decoding costs as a function of lengths and users, on the backend of a benchmark.',
      snippet: 'profile ${1:name} of ${2:benchmark} {\n  phase prefill\n  input ${3:[512, 1024, 2048, 4096] tokens}\n}',
    },
    estimate: {
      doc: "Latency and throughput without a server, from the model's shape and the hardware's figures.",
      snippet:
        'estimate ${1:name} {\n  parameters ${2:7.6e9}  layers ${3:28}  hidden ${4:3584}  heads ${5:28}  kv-heads ${6:4}\n  memory ${7:80 GB}  memory-bandwidth ${8:3350 GB/s}  tflops ${9:989}\n}',
    },
  },
  backend: {
    protocol: { doc: 'The protocol the server speaks.', takes: { kind: 'id-of', catalog: 'backends' } },
    url: {
      doc: 'Address of the server, with or without `/v1`.',
      takes: { kind: 'url' },
      snippet: 'url "${1:http://127.0.0.1:8000}"',
    },
    model: { doc: 'Model name sent with each request.', takes: { kind: 'text' }, snippet: 'model "$1"' },
    key: {
      doc: 'API key, by reference only: `secret("NAME")` is looked up in the environment or the editor\'s secret storage when the run starts.',
      takes: { kind: 'secret' },
      snippet: 'key secret("${1:API_KEY}")',
    },
    headers: {
      doc: 'Further HTTP headers.',
      takes: { kind: 'block', block: 'headers' },
      snippet: 'headers { "${1:X-Name}": "${2:value}" }',
    },
    sampling: {
      doc: 'Sampling parameters sent with each request.',
      takes: { kind: 'block', block: 'sampling' },
      snippet: 'sampling { temperature ${1:0} }',
    },
    timeout: {
      doc: 'When a request is given up.',
      takes: { kind: 'block', block: 'timeout' },
      snippet: 'timeout { first-token ${1:60 s}  total ${2:10 min} }',
    },
    tls: {
      doc: 'Which certificates the server may show.',
      takes: { kind: 'block', block: 'tls' },
      snippet: 'tls { ca "${1:./authority.pem}" }',
    },
    tokenizer: {
      doc: 'Who counts tokens: the server\'s `usage` (`server`), a local file (`file "tokenizer.json"`), an OpenAI encoding, or nobody.',
      takes: {
        kind: 'choice',
        choices: {
          server: "The counts in the server's `usage`.",
          file: 'A local tokenizer.json: `file "./tokenizer.json"`.',
          tiktoken: 'An OpenAI encoding: `tiktoken "o200k_base"`.',
          none: 'Tokens are not counted.',
        },
      },
      defaultText: 'server',
    },
    gpus: {
      doc: 'Number of accelerators behind the endpoint, for figures per GPU and cost.',
      takes: { kind: 'integer', min: 1 },
    },
    price: {
      doc: 'What it costs, for cost figures and budgets.',
      takes: { kind: 'block', block: 'price' },
      snippet: 'price { gpu-hour ${1:2.10 usd} }',
    },
    context: { doc: 'Longest prompt plus answer the model takes.', takes: quantity('tokens') },
    launch: {
      doc: 'Starts the server before the run and stops it afterwards.',
      takes: { kind: 'block', block: 'launch' },
      snippet:
        'launch {\n  command "${1:vllm serve model --port 8000}"\n  ready   http "/health" within ${2:5 min}\n  stop    sigterm within ${3:30 s}\n}',
    },
    profile: {
      doc: "Starts and stops the engine's profiler around a stage.",
      takes: { kind: 'choice', choices: { torch: 'The PyTorch profiler.' } },
    },
  },
  dataset: {
    from: { doc: 'Where prompts come from.', takes: { kind: 'id-of', catalog: 'datasets' } },
    input: { doc: 'Prompt length.', takes: distribution('tokens') },
    output: { doc: 'Number of output tokens asked for.', takes: distribution('tokens') },
    keep: { doc: 'Keeps only entries whose length lies within.', snippet: 'keep input ${1:4 .. 4096 tokens}' },
    images: { doc: 'Adds generated images to each prompt.', snippet: 'images ${1:1} of ${2:512 x 512}' },
    seed: { doc: "Seed of this dataset's own choices.", takes: { kind: 'integer', min: 0 } },
    'fresh-prefix': {
      doc: "Begin each prompt with something unique to the run, so that an earlier run's prefix cache cannot help.",
      takes: { kind: 'flag' },
      defaultText: 'on',
    },
    mix: {
      doc: 'Draws from several datasets by weight.',
      takes: { kind: 'block', block: 'mix' },
      snippet: 'mix { ${1:60 %} ${2:chat}  ${3:40 %} ${4:code} }',
    },
  },
  load: {
    warmup: {
      doc: 'Requests before the measured window: by time or by count. They never count.',
      takes: quantity('duration'),
      then: ['at'],
      snippet: 'warmup ${1:10 requests}',
    },
    stage: {
      doc: 'One measured window.',
      takes: { kind: 'block', block: 'stage' },
      snippet: 'stage ${1:steady} { rate ${2:10 rps} poisson for ${3:1 min} }',
    },
    'in-flight': {
      doc: 'Requests in flight never exceed it, over all workers together.',
      snippet: 'in-flight at most ${1:512}',
    },
    overload: {
      doc: 'What happens to a request that is due while the limit is reached.',
      takes: {
        kind: 'choice',
        choices: {
          queue: 'It waits; the wait shows in the latencies from due.',
          drop: 'It is not sent, and counted as dropped.',
        },
      },
      defaultText: 'queue',
    },
    abandon: {
      doc: 'Users who hang up mid-answer.',
      takes: quantity('ratio'),
      then: ['after'],
      snippet: 'abandon ${1:2 %} after ${2:3 s}',
    },
    drain: {
      doc: 'How long requests still in flight at the end may take before they are cut and counted as censored.',
      takes: quantity('duration'),
      defaultText: '30 s',
    },
  },
  stage: {
    rate: {
      doc: 'Open loop: requests are due by a schedule, whatever the server does. One rate, a list (`[10, 50] rps every 5 min`), a staircase (`10 rps .. 200 rps step 50 rps every 5 min`) or a ramp (`10 rps -> 200 rps over 10 min`).',
      takes: quantity('rate'),
      then: ['constant', 'poisson', 'gamma', 'for', 'every', 'step', 'over', 'spike', 'sine'],
    },
    users: {
      doc: 'Closed loop: each user sends, waits for the answer, thinks, and sends again. A number, or a list with `each`.',
      takes: { kind: 'integer', min: 1 },
      then: ['think', 'for', 'each'],
    },
    replay: { doc: "The dataset's own arrival times.", then: ['speed'] },
    constant: { doc: 'Evenly spaced arrivals (the default).' },
    poisson: { doc: 'Arrivals with exponential gaps: independent users.' },
    gamma: {
      doc: 'Arrivals with gamma-distributed gaps: burstiness 1 is Poisson, below 1 clumped, above 1 more regular.',
      takes: { kind: 'number', min: 0 },
    },
    for: {
      doc: 'How long the stage lasts: a time, or a number of requests.',
      takes: { kind: 'any-of', of: [quantity('duration'), quantity('requests')] },
    },
    every: { doc: 'How long each rung of a staircase lasts, or how often a spike comes.', takes: quantity('duration') },
    each: { doc: 'How long each level of users lasts.', takes: quantity('duration') },
    step: { doc: "Height of a staircase's steps.", takes: quantity('rate') },
    over: { doc: 'How long the ramp takes.', takes: quantity('duration') },
    think: { doc: 'Pause of a user between an answer and the next request.', takes: distribution('duration') },
    spike: { doc: 'A higher rate for a short time, again and again.', takes: quantity('rate'), then: ['for', 'every'] },
    sine: { doc: 'The rate swings between the two ends, beginning at the lower.', then: ['period'] },
    period: { doc: 'Length of one swing.', takes: quantity('duration') },
    speed: { doc: 'Divides the recorded gaps: 2 replays twice as fast.', takes: { kind: 'number', min: 0 } },
  },
  sla: {},
  monitor: {
    from: { doc: 'What is watched.', takes: { kind: 'id-of', catalog: 'monitors' } },
    every: { doc: 'Time between samples.', takes: quantity('duration') },
    via: {
      doc: 'Where to look, when not on this machine: `via ssh "user@host"`.',
      takes: { kind: 'choice', choices: { ssh: 'Over ssh: `ssh "user@host"`.' } },
    },
    alert: {
      doc: 'Says so, live and in the report, when a series stays beyond a limit.',
      snippet: 'alert ${1:memory} > ${2:95 %} for ${3:10 s}',
    },
  },
  benchmark: {
    on: { doc: 'The backend under test.', takes: { kind: 'name-of', declaration: 'backend' } },
    send: { doc: 'The dataset to send.', takes: { kind: 'name-of', declaration: 'dataset' } },
    load: {
      doc: 'The load: by name, or written here.',
      takes: { kind: 'name-of', declaration: 'load' },
      snippet: 'load {\n  warmup ${1:10 requests}\n  stage ${2:steady} { rate ${3:10 rps} poisson for ${4:1 min} }\n}',
    },
    expect: { doc: 'The SLAs that decide the verdict.', takes: { kind: 'name-of', declaration: 'sla' } },
    watch: { doc: 'Monitors that run along.', takes: { kind: 'name-of', declaration: 'monitor' } },
    seed: { doc: 'Everything random in the run derives from it.', takes: { kind: 'integer', min: 0 } },
    budget: {
      doc: 'Ends the run in order when it is spent.',
      takes: { kind: 'block', block: 'budget' },
      snippet: 'budget { requests ${1:10_000}  time ${2:1 h} }',
    },
    report: {
      doc: 'Report formats, and where to write them.',
      takes: { kind: 'id-of', catalog: 'reports' },
      then: ['into'],
    },
    repeat: {
      doc: 'Runs of the whole load, for confidence intervals.',
      takes: { kind: 'integer', min: 1 },
      defaultText: '1',
    },
  },
  headers: {},
  sampling: {
    temperature: { doc: 'Sampling temperature.', takes: { kind: 'number', min: 0 } },
    'top-p': { doc: 'Nucleus sampling: share of probability kept.', takes: { kind: 'number', min: 0, max: 1 } },
    'top-k': { doc: 'Number of likeliest tokens kept.', takes: { kind: 'integer', min: 1 } },
    seed: { doc: 'Seed sent to the server.', takes: { kind: 'integer', min: 0 } },
    'ignore-eos': {
      doc: 'Ask the engine for exactly the wanted number of tokens.',
      takes: { kind: 'flag' },
      defaultText: 'off',
    },
  },
  timeout: {
    connect: { doc: 'Until a connection stands (DNS, TCP, TLS).', takes: quantity('duration'), defaultText: '5 s' },
    'first-token': { doc: 'From sending to the first output.', takes: quantity('duration'), defaultText: '60 s' },
    'between-tokens': { doc: 'Between neighbouring outputs.', takes: quantity('duration'), defaultText: '30 s' },
    total: { doc: 'From sending to the end.', takes: quantity('duration'), defaultText: '10 min' },
  },
  tls: {
    ca: {
      doc: 'A PEM file with authorities to trust besides the usual ones: your company’s, or the self-signed certificate itself.',
      takes: { kind: 'file', extensions: ['pem', 'crt'] },
    },
    verify: {
      doc: 'Whether the certificate must be valid. `off` takes any certificate; the report then says so.',
      takes: { kind: 'flag' },
      defaultText: 'on',
    },
  },
  price: {
    'gpu-hour': { doc: 'Price of one accelerator for one hour.', takes: quantity('money') },
    input: { doc: 'Price of input tokens.', takes: quantity('price-per-token') },
    output: { doc: 'Price of output tokens.', takes: quantity('price-per-token') },
  },
  launch: {
    command: { doc: 'Command line that starts the server.', takes: { kind: 'text' }, snippet: 'command "$1"' },
    ready: {
      doc: 'When it counts as started: `ready http "/health" within 5 min`.',
      snippet: 'ready http "${1:/health}" within ${2:5 min}',
    },
    stop: { doc: 'How it is stopped: `stop sigterm within 30 s`.', snippet: 'stop sigterm within ${1:30 s}' },
  },
  mix: {},
  budget: {
    requests: { doc: 'At most this many requests.', takes: { kind: 'integer', min: 1 } },
    tokens: { doc: 'At most this many tokens, both directions.', takes: { kind: 'integer', min: 1 } },
    cost: { doc: 'At most this much money.', takes: quantity('money') },
    time: { doc: 'At most this long.', takes: quantity('duration') },
  },
  sweep: {
    vary: {
      doc: 'A thing to vary and its values: a param, a slot (`on`), or a setting (`prompts.input`).',
      snippet: 'vary ${1:what} in [${2:1, 2, 4}]',
    },
    design: {
      doc: 'Which combinations are run.',
      takes: {
        kind: 'choice',
        choices: {
          full: 'All combinations.',
          orthogonal: 'An orthogonal array: every two values of two factors meet, in far fewer runs.',
          'one-at-a-time': 'The first values, then each other value of one factor at a time.',
          progressive:
            'All combinations, first values first; a number is not raised further where the SLAs broke below it.',
        },
      },
      defaultText: 'full',
    },
    choose: { doc: 'What to recommend.', snippet: 'choose max ${1:output-throughput} per gpu meeting ${2:sla}' },
  },
  search: {
    find: {
      doc: 'What to find: `find max rate in 1 rps .. 500 rps meeting interactive within 5 %`.',
      snippet: 'find max rate in ${1:1 rps .. 500 rps} meeting ${2:sla} within ${3:5 %}',
    },
    each: {
      doc: "How long each run of the search lasts; without it as long as the benchmark's first stage of that kind.",
      takes: quantity('duration'),
    },
  },
  compare: {
    baseline: {
      doc: 'The benchmark to compare against.',
      takes: { kind: 'name-of', declaration: 'benchmark' },
      then: ['on'],
    },
    candidate: {
      doc: 'The benchmark that must not be worse.',
      takes: { kind: 'name-of', declaration: 'benchmark' },
      then: ['on'],
    },
    alpha: { doc: 'Level of significance.', takes: { kind: 'number', min: 0, max: 1 }, defaultText: '0.05' },
  },
  profile: {
    phase: {
      doc: 'Which phase of the engine is measured.',
      takes: {
        kind: 'choice',
        choices: {
          prefill: 'Reading the prompt: TTFT over its length, one request at a time.',
          decode: 'Writing the answer: ITL over users and the length of their context.',
        },
      },
    },
    input: { doc: 'Prefill: lengths of prompts, e.g. `[512, 1024, 2048] tokens`.', takes: listOf(quantity('tokens')) },
    users: { doc: 'Decode: users at once, e.g. `[1, 4, 16]`.', takes: listOf({ kind: 'integer', min: 1 }) },
    context: { doc: 'Decode: lengths of prompts, e.g. `[1024, 8192] tokens`.', takes: listOf(quantity('tokens')) },
    output: { doc: 'Decode: length of answers.', takes: quantity('tokens'), defaultText: '128 tokens' },
    each: { doc: 'How long each point is measured.', takes: quantity('duration'), defaultText: '30 s' },
  },
  estimate: {
    parameters: { doc: "Number of the model's weights, e.g. `7.6e9`.", takes: { kind: 'number', min: 1 } },
    layers: { doc: 'Number of layers.', takes: { kind: 'integer', min: 1 } },
    hidden: { doc: 'Width of the hidden state.', takes: { kind: 'integer', min: 1 } },
    heads: { doc: 'Attention heads of one layer.', takes: { kind: 'integer', min: 1 } },
    'kv-heads': {
      doc: 'Heads that have keys and values of their own; without it all.',
      takes: { kind: 'integer', min: 1 },
    },
    'weight-bits': { doc: 'Bits of one weight.', takes: { kind: 'number', min: 1 }, defaultText: '16' },
    'cache-bits': { doc: 'Bits of one number in the KV cache.', takes: { kind: 'number', min: 1 }, defaultText: '16' },
    gpus: { doc: 'GPUs that share the model.', takes: { kind: 'integer', min: 1 }, defaultText: '1' },
    memory: { doc: 'Memory of one GPU, e.g. `80 GB`.', takes: quantity('bytes') },
    'memory-bandwidth': { doc: 'Memory bandwidth of one GPU, e.g. `3350 GB/s`.', takes: quantity('bandwidth') },
    tflops: {
      doc: "Teraflops of one GPU at the weights' width, without sparsity.",
      takes: { kind: 'number', min: 0 },
    },
    'gpu-hour': { doc: 'Price of one GPU for one hour.', takes: quantity('money') },
    input: { doc: 'Length of prompts.', takes: quantity('tokens'), defaultText: '1024 tokens' },
    output: { doc: 'Length of answers.', takes: quantity('tokens'), defaultText: '128 tokens' },
    users: {
      doc: 'Requests in flight for which to estimate, e.g. `[1, 8, 32]`.',
      takes: listOf({ kind: 'integer', min: 1 }),
      defaultText: '1',
    },
    measured: {
      doc: 'A `report.json` to set beside the estimate.',
      takes: { kind: 'file', extensions: ['json'] },
    },
  },
};

/** Distribution functions of the language, for completion, hover and signature help. `%` stands for the unit of the option. */
export const DISTRIBUTIONS: Readonly<
  Record<string, { readonly signature: string; readonly doc: string; readonly snippet: string }>
> = {
  normal: {
    signature: 'normal(mean, stddev)',
    doc: 'Gaussian; values below zero are taken as zero.',
    snippet: 'normal(${1:mean}, ${2:stddev})',
  },
  lognormal: {
    signature: 'lognormal(mean m, p99 q)',
    doc: 'Skewed to the right, as latencies and lengths are; by its mean and 99th percentile, or `mean` and `stddev`.',
    snippet: 'lognormal(mean ${1:m}, p99 ${2:q})',
  },
  uniform: {
    signature: 'uniform(low .. high)',
    doc: 'Every value between the two alike.',
    snippet: 'uniform(${1:low} .. ${2:high})',
  },
  exponential: {
    signature: 'exponential(mean)',
    doc: 'Waiting times of independent events.',
    snippet: 'exponential(${1:mean})',
  },
};
