/** The shape of a Plan (contract/plan.ts), to be checked when one arrives. */
import { PLAN_SCHEMA } from '../../contract/plan.ts';
import { byKind, isFlag, isNumber, isOneOf, isText, listOf, object, recordOf, type Check } from './shape.ts';

const isDuration = isNumber({ min: 0 });
const isRatio = isNumber({ min: 0, max: 1 });
const isRate = isNumber({ above: 0 });
const isWhole = isNumber({ min: 0, whole: true });
const isCount = isNumber({ min: 1, whole: true });

const location = object({ file: isText, line: isCount, column: isCount, endLine: isCount, endColumn: isCount });
const secret = byKind({ secret: { name: isText } });
const textOrSecret: Check = (value, path) => (typeof value === 'string' ? undefined : secret(value, path));
/** Plug-ins check their own options. */
const options = recordOf(() => {});

const distribution = byKind({
  constant: { value: isNumber() },
  uniform: { min: isNumber(), max: isNumber() },
  normal: { mean: isNumber(), stddev: isNumber({ min: 0 }) },
  lognormal: { mu: isNumber(), sigma: isNumber({ min: 0 }) },
  exponential: { mean: isNumber({ min: 0 }) },
});

const backend = object({
  name: isText,
  'doc?': isText,
  location,
  protocol: isText,
  'url?': isText,
  'model?': isText,
  'key?': secret,
  'tls?': object({ verify: isFlag, 'caFile?': isText }),
  headers: recordOf(textOrSecret),
  sampling: object({
    'temperature?': isNumber(),
    'topP?': isNumber(),
    'topK?': isNumber(),
    'seed?': isNumber({ whole: true }),
    'ignoreEos?': isFlag,
  }),
  timeouts: object({
    connectMs: isRate,
    firstTokenMs: isRate,
    betweenTokensMs: isRate,
    totalMs: isRate,
  }),
  tokenizer: byKind({ server: {}, file: { path: isText }, tiktoken: { encoding: isText }, none: {} }),
  'gpus?': isRate,
  'price?': object({ 'usdPerGpuHour?': isNumber(), 'usdPerInputToken?': isNumber(), 'usdPerOutputToken?': isNumber() }),
  'launch?': object({
    command: isText,
    'ready?': object({ httpPath: isText, withinMs: isDuration }),
    stop: object({ signal: isText, withinMs: isDuration }),
  }),
  'profile?': isText,
  'contextTokens?': isCount,
  options,
});

const tokenRange = object({ min: isNumber(), max: isNumber() });

const dataset: Check = (value, path) =>
  object({
    name: isText,
    'doc?': isText,
    location,
    source: isText,
    'seed?': isNumber({ whole: true }),
    'keep?': object({ 'inputTokens?': tokenRange, 'outputTokens?': tokenRange }),
    'outputTokens?': distribution,
    freshPrefix: isFlag,
    options,
    'mix?': listOf(object({ weightRatio: isRatio, dataset }), 1),
  })(value, path);

const until = byKind({ time: { durationMs: isRate }, requests: { requests: isCount }, dataset: {} });

const shape = byKind({
  open: {
    arrivals: byKind({ constant: {}, poisson: {}, gamma: { burstiness: isRate } }),
    rate: byKind({
      flat: { ratePerSecond: isRate },
      ramp: { fromPerSecond: isNumber({ min: 0 }), toPerSecond: isNumber({ min: 0 }) },
      spikes: {
        basePerSecond: isNumber({ min: 0 }),
        spikePerSecond: isNumber({ min: 0 }),
        spikeMs: isRate,
        everyMs: isRate,
      },
      sine: { minPerSecond: isNumber({ min: 0 }), maxPerSecond: isNumber({ min: 0 }), periodMs: isRate },
    }),
  },
  closed: { users: isCount, 'thinkMs?': distribution },
  replay: { speed: isRate },
});

const load = object({
  'name?': isText,
  'warmup?': object({ until, 'ratePerSecond?': isRate, location }),
  stages: listOf(object({ name: isText, 'group?': isText, shape, until, location }), 1),
  'inFlightLimit?': isCount,
  overload: isOneOf('queue', 'drop'),
  'abandon?': object({ shareRatio: isRatio, afterMs: isDuration }),
  drainMs: isDuration,
});

const comparison = isOneOf('<', '<=', '>', '>=');
const limit = { metric: isText, comparison, limit: isNumber(), dimension: isText };

const sla = object({
  set: isText,
  text: isText,
  location,
  check: byKind({
    statistic: { ...limit, statistic: isText },
    window: { ...limit, 'perGpu?': isFlag },
    goodput: { ...limit, where: listOf(object(limit)) },
    monitor: { ...limit, monitor: isText, statistic: isText },
    regression: { ...limit, 'statistic?': isText, baseline: isText },
  }),
});

const monitor = object({
  name: isText,
  location,
  source: isText,
  everyMs: isRate,
  'via?': object({ kind: isText, target: isText }),
  alerts: listOf(object({ series: isText, comparison, limit: isNumber(), forMs: isDuration, text: isText })),
  options,
});

export const planShape: Check = object({
  schema: isOneOf(PLAN_SCHEMA),
  benchmark: isText,
  'doc?': isText,
  source: object({ file: isText, textSha256: isText, location }),
  params: recordOf(isText),
  seed: isWhole,
  backend,
  dataset,
  load,
  slas: listOf(sla),
  monitors: listOf(monitor),
  report: object({ formats: listOf(isText), 'directory?': isText }),
  'budget?': object({ 'requests?': isCount, 'tokens?': isCount, 'costUsd?': isRate, 'timeMs?': isRate }),
  repeat: isCount,
  uses: listOf(isText),
});
