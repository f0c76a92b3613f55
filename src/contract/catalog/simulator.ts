/**
 * What may be set of the built-in simulator. The batching engine's defaults resemble Llama 3.1 8B Instruct in BF16 on one NVIDIA L4 (24 GB)
 * under vLLM; docs/simulator.md says how each figure was come by.
 */
import type { Dimension } from '../units.ts';
import type { OptionEntry } from './describe.ts';

const distribution = (planKey: string, dimension: Dimension, defaultText: string, doc: string): OptionEntry => ({
  planKey,
  type: { kind: 'distribution', dimension },
  defaultText,
  doc,
});
const duration = (planKey: string, defaultText: string, doc: string): OptionEntry => ({
  planKey,
  type: { kind: 'quantity', dimension: 'duration', min: 0 },
  defaultText,
  doc,
});
const tokens = (planKey: string, defaultText: string, doc: string): OptionEntry => ({
  planKey,
  type: { kind: 'quantity', dimension: 'tokens', min: 1 },
  defaultText,
  doc,
});
const share = (planKey: string, doc: string): OptionEntry => ({
  planKey,
  type: { kind: 'quantity', dimension: 'ratio', min: 0, max: 1 },
  doc,
});
const withAny = (anyOf: readonly string[], entry: OptionEntry): OptionEntry => ({ ...entry, onlyWith: { anyOf } });
const withEngine = (
  value: string,
  entries: Readonly<Record<string, OptionEntry>>,
): Readonly<Record<string, OptionEntry>> =>
  Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [name, { ...entry, onlyWith: { anyOf: ['engine'], value } }]),
  );

/** The latencies of `engine distributions`. */
const DISTRIBUTIONS = withEngine('distributions', {
  'first-token': distribution('firstTokenMs', 'duration', '100 ms', 'Time from the request to the first token.'),
  'inter-token': distribution('interTokenMs', 'duration', '20 ms', 'Time between neighbouring tokens.'),
});

/** The parts of `engine batching`. */
const BATCHING = withEngine('batching', {
  step: duration('stepMs', '60 ms', 'Time of an engine step before anything is added: the weights are read once.'),
  'step-per-sequence': duration('stepPerSequenceMs', '30 us', 'Added to a step for each sequence in it.'),
  'step-per-context-token': duration(
    'stepPerContextTokenMs',
    '0.5 us',
    'Added to a step for each token of context that its sequences read from the KV cache.',
  ),
  'step-per-prompt-token': duration(
    'stepPerPromptTokenMs',
    '220 us',
    'Added to a step for each prompt token computed in it.',
  ),
  'send-per-token': duration('sendMs', '20 us', 'Time the front end takes to send one token; tokens of a step queue.'),
  'max-num-seqs': {
    planKey: 'maxSequences',
    type: { kind: 'integer', min: 1, max: 65_536 },
    defaultText: '256',
    doc: 'Most sequences in a step.',
  },
  'max-num-batched-tokens': tokens(
    'maxBatchedTokens',
    '2048 tokens',
    'Most tokens in a step; longer prompts are computed in pieces.',
  ),
  'kv-cache': tokens('kvCacheTokens', '35200 tokens', 'Size of the KV cache.'),
  'block-size': tokens('blockTokens', '16 tokens', 'Size of a block of the KV cache.'),
  'prefix-cache': {
    planKey: 'hasPrefixCache',
    type: { kind: 'flag' },
    defaultText: 'on',
    doc: 'Find full blocks of a prompt that were computed before.',
  },
  'max-model-len': tokens(
    'maxModelTokens',
    '16384 tokens',
    'Longest prompt and answer together; longer requests are refused with HTTP 400.',
  ),
});

/** At most one fault befalls a request, drawn by its number from the seed. */
const FAULTS: Readonly<Record<string, OptionEntry>> = {
  'fault-429': share('tooManyRatio', 'Share of requests refused with HTTP 429 and `Retry-After`.'),
  'retry-after': withAny(
    ['fault-429', 'fault-503'],
    duration('retryAfterMs', '1 s', 'What `Retry-After` says with 429 and 503, in whole seconds.'),
  ),
  'fault-500': share('brokenRatio', 'Share of requests answered with HTTP 500.'),
  'fault-503': share('unavailableRatio', 'Share of requests answered with HTTP 503 and `Retry-After`.'),
  'fault-reset': share('resetRatio', 'Share of requests whose connection is reset before any header.'),
  'fault-cut': share('cutRatio', 'Share of requests whose connection is reset in the middle of the answer.'),
  'cut-after': withAny(
    ['fault-cut', 'fault-stall', 'fault-malformed', 'fault-stream-error'],
    distribution(
      'cutAfterTokens',
      'tokens',
      'uniform(1 .. 32) tokens',
      'Tokens sent before the connection is cut, the answer stops, or an error or malformed event is sent.',
    ),
  ),
  'fault-stall': share('stallRatio', 'Share of requests whose answer stops for a while after `cut-after` tokens.'),
  'stall-for': withAny(['fault-stall'], duration('stallMs', '5 s', 'How long a stalled answer stops.')),
  'fault-slow-headers': share('slowHeadersRatio', 'Share of requests whose headers come late.'),
  'headers-after': withAny(['fault-slow-headers'], duration('headersAfterMs', '2 s', 'How late slow headers come.')),
  'fault-malformed': share('malformedRatio', 'Share of requests with one event that is not JSON.'),
  'fault-no-done': share('noDoneRatio', 'Share of requests whose stream ends without finish reason and `[DONE]`.'),
  'fault-stream-error': share('streamErrorRatio', 'Share of requests whose stream ends in an error object.'),
};

/** Which group an option belongs to, by its name in the language. */
export const SIMULATOR_OPTION_GROUPS = { distributions: DISTRIBUTIONS, batching: BATCHING, faults: FAULTS } as const;

export const SIMULATOR_OPTIONS: Readonly<Record<string, OptionEntry>> = {
  engine: {
    planKey: 'engine',
    type: {
      kind: 'choice',
      choices: {
        distributions: 'Latencies are drawn from distributions, whatever the load.',
        batching: 'Continuous batching with a KV cache: saturates, queues and preempts as an engine does.',
      },
    },
    defaultText: 'distributions',
    doc: 'What decides when tokens come.',
  },
  ...DISTRIBUTIONS,
  output: distribution(
    'outputTokens',
    'tokens',
    '128 tokens',
    'Length of answers when a request does not ask for one.',
  ),
  seed: {
    planKey: 'seed',
    type: { kind: 'integer', min: 0 },
    doc: "Seed of its distributions; without it the run's seed is used.",
  },
  ...BATCHING,
  ...FAULTS,
};
