/** A long scenario of every kind of declaration, as a team's shared file might grow: the same text for the same seed. */
import fc from 'fast-check';

export interface LargeScenario {
  readonly lines: number;
  readonly seed: number;
  /** Written before all names, so that many files of one workspace do not collide. */
  readonly prefix?: string;
  readonly imports?: readonly string[];
  /** Names of other files' SLAs, one of which each benchmark expects. */
  readonly slas?: readonly string[];
}

/** At least that many lines of text without mistakes. */
export function largeScenario({ lines, seed, prefix = '', imports = [], slas = [] }: LargeScenario): string {
  const pick = seededPick(seed);
  const parts = imports.map((each) => `import "${each}"\n`);
  let written = imports.length;
  for (let index = 0; written < lines; index++) {
    const part = section(`${prefix}${index}`, pick, slas);
    parts.push(part);
    written += part.split('\n').length - 1;
  }
  return parts.join('');
}

type Pick = <Item>(items: readonly Item[]) => Item;

/** fast-check's own generator, so that there is no second one in the tests. */
function seededPick(seed: number): Pick {
  const draws = fc.sample(fc.nat(), { seed, numRuns: 10_000 });
  let next = 0;
  return (items) => {
    const item = items[(draws[next++ % draws.length] ?? 0) % items.length];
    if (item === undefined) throw new Error('there is nothing to pick from');
    return item;
  };
}

function section(id: string, pick: Pick, foreignSlas: readonly string[]): string {
  const slas = [`chat-${id}`, ...(foreignSlas.length === 0 ? [] : [pick(foreignSlas)])].join(', ');
  const rate = pick([40, 60, 80, 100]);
  return `// ── ${id} ${'─'.repeat(60)}

param peak-${id} = ${rate} rps
param size-${id} = ${pick([256, 512, 1024])} tokens
param model-${id} = "team/model-${id}"

/// The server of section ${id}: one box, ${pick(['one GPU', 'two GPUs'])}.
backend server-${id} {
  protocol openai.chat
  url      "http://127.0.0.1:${pick([8000, 8080, 9000])}"
  model    model-${id}
  key      secret("KEY_${id.toUpperCase().replaceAll('-', '_')}")
  headers  { "X-Team": "perf-${id}"  "X-Purpose": "load test" }
  sampling { temperature ${pick([0, 0.7, 1])}  top-p 1  seed ${pick([1, 7, 42])}  ignore-eos on }
  timeout  { connect 5 s  first-token 30 s  between-tokens 30 s  total 10 min }
  gpus     ${pick([1, 2, 4])}
  price    { gpu-hour ${pick(['2.10', '3.50'])} usd }
}

backend tuned-${id} extends server-${id} {
  model "team/model-${id}-awq"
  sampling { temperature 0.2 }
}

dataset prompts-${id} {
  from random  input normal(size-${id}, 128 tokens)  output uniform(64 .. ${pick([128, 256])}) tokens
  shared-prefix ${pick([25, 50])} %  groups 8
}

dataset short-${id} extends prompts-${id} {
  output ${pick([32, 64])} tokens
}

load day-${id} {
  warmup 30 s at 5 rps
  stage morning  { rate ${pick([10, 20])} rps for 5 min }
  stage climb    { rate 10 rps -> peak-${id} over 10 min }
  stage noon     { rate peak-${id} poisson for 10 min }
  stage bursts   { rate peak-${id} / 2 gamma 0.5 for 5 min }
  stage spikes   { rate 20 rps  spike 200 rps for 10 s every 1 min  for 10 min }
  stage wave     { rate 10 rps .. 100 rps sine period 2 min for 20 min }
  stage ladder   { rate [10, 50, ${pick([100, 200])}] rps every 5 min }
  stage users    { users ${pick([16, 32])} think exponential(2 s) for 5 min }
  stage evening  { rate 10 rps for 2 min }
  in-flight at most 4096
  overload  ${pick(['queue', 'drop'])}
  abandon   2 % after 3 s
  drain     30 s
}

sla chat-${id} {
  ttft p95 < ${pick([300, 400])} ms
  ttft p99 < ${pick([500, 800])} ms
  itl  p95 < 50 ms
  e2e  p99 < 10 s
  error-rate < 0.1 %
  output-throughput > ${pick([500, 1000])} tokens/s
  goodput > 95 % where ttft < 200 ms and tpot < 50 ms and e2e < 5 s
  host-${id}.memory max < 95 %
}

monitor host-${id} {
  from system
  every ${pick([1, 2])} s
}

/* What runs every night:
   the day's curve against both servers. */
benchmark nightly-${id} {
  on      server-${id}
  send    prompts-${id}
  load    day-${id}
  expect  ${slas}
  watch   host-${id}
  report  html, json
  repeat  3
}

benchmark smoke-${id} {
  on    tuned-${id}
  send  short-${id}
  watch host-${id}
  load {
    warmup 10 requests
    stage steady { rate ${pick([5, 10])} rps for ${pick([5, 10])} min }
  }
  expect { ttft p95 < 2 s  error-rate < 1 % }
}

sweep sizes-${id} of smoke-${id} {
  vary   on in [server-${id}, tuned-${id}]
  vary   size-${id} in [256, 512] tokens
  design full
  choose max output-throughput per gpu meeting chat-${id}
}

search limit-${id} of smoke-${id} {
  find max rate in 1 rps .. ${rate} rps meeting chat-${id} within 5 %
}

compare tuning-${id} {
  baseline  smoke-${id} on server-${id}
  candidate smoke-${id} on tuned-${id}
  alpha 0.01
}

`;
}
