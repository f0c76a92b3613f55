/** The simulator's options: from a plan, from texts (`benchwright simulate`), and their defaults, which are the catalog's. */
import type { OptionEntry } from '../../contract/catalog/describe.ts';
import { findSimulatorConflict } from '../../contract/catalog/simulator-conflicts.ts';
import { SIMULATOR_OPTION_GROUPS, SIMULATOR_OPTIONS } from '../../contract/catalog/simulator.ts';
import type { Distribution } from '../../contract/distribution.ts';
import { EXIT_CODES, invariant, RunError } from '../../contract/errors.ts';
import type { OptionValue } from '../../contract/plan.ts';
import type { BatchingOptions } from './batching-model.ts';
import type { FaultOptions } from './faults.ts';
import { parseOption } from './parse-option.ts';

export interface SimulatorOptions {
  readonly firstTokenMs: Distribution;
  readonly interTokenMs: Distribution;
  /** Length of answers to requests that ask for none. */
  readonly outputTokens: Distribution;
  /** Present: the engine works in batches, and `firstTokenMs` and `interTokenMs` have no effect. */
  readonly batching?: BatchingOptions & {
    /** Longest prompt and answer together. */
    readonly maxModelTokens: number;
  };
  readonly faults?: FaultOptions;
  /** Seed of its distributions, where the plan has one for it. */
  readonly seed?: number;
  /** The one model it answers to; absent: any. */
  readonly model?: string;
}

type Values = Readonly<Record<string, OptionValue>>;

/**
 * Options of a plan's simulator backend (catalog `planKey`s), with defaults for what it leaves open.
 * @throws RunError RUN_PLAN_UNREADABLE, exit code 2: options that have no effect, or contradict each other
 */
export function readSimulatorOptions(values: Values, model: string | undefined = undefined): SimulatorOptions {
  const isBatching = values['engine'] === 'batching';
  refuseUseless(values, isBatching ? 'distributions' : 'batching');
  const conflict = findSimulatorConflict((name) => numberOrNone(values, name), isBatching);
  if (conflict !== undefined) throw unusable(conflict.problem, conflict.remedy);
  const seed = values['seed'];
  const faults = readFaults(values);
  return {
    firstTokenMs: distributionAt(values, 'first-token'),
    interTokenMs: distributionAt(values, 'inter-token'),
    outputTokens: distributionAt(values, 'output'),
    ...(isBatching ? { batching: readBatching(values) } : {}),
    ...(faults === undefined ? {} : { faults }),
    ...(typeof seed === 'number' ? { seed } : {}),
    ...(model === undefined ? {} : { model }),
  };
}

/**
 * Options from texts by their name in the language: `{ 'first-token': '120ms', 'inter-token': 'normal(20ms, 3ms)' }`.
 * @throws RunError RUN_PLAN_UNREADABLE, exit code 2
 */
export function parseSimulatorOptions(texts: Readonly<Record<string, string | undefined>>): SimulatorOptions {
  const values: Record<string, OptionValue> = {};
  for (const [name, text] of Object.entries(texts)) {
    if (text === undefined || name === 'model') continue;
    const entry = SIMULATOR_OPTIONS[name];
    if (entry === undefined) throw unusable(`--${name} ${text}: the simulator has no such option.`);
    const parsed = parseOption(entry.type, text);
    if ('problem' in parsed)
      throw unusable(`--${name} ${text}: ${parsed.problem}`, `Write for example ${exampleOf(entry)}.`);
    values[entry.planKey] = parsed.value;
  }
  return readSimulatorOptions(values, texts['model']);
}

function readBatching(values: Values): NonNullable<SimulatorOptions['batching']> {
  return {
    stepMs: numberAt(values, 'step'),
    stepPerSequenceMs: numberAt(values, 'step-per-sequence'),
    stepPerContextTokenMs: numberAt(values, 'step-per-context-token'),
    stepPerPromptTokenMs: numberAt(values, 'step-per-prompt-token'),
    sendMs: numberAt(values, 'send-per-token'),
    maxSequences: wholeAt(values, 'max-num-seqs'),
    maxBatchedTokens: wholeAt(values, 'max-num-batched-tokens'),
    kvCacheTokens: wholeAt(values, 'kv-cache'),
    blockTokens: wholeAt(values, 'block-size'),
    hasPrefixCache: valueAt(values, 'prefix-cache') === true,
    maxModelTokens: wholeAt(values, 'max-model-len'),
  };
}

function readFaults(values: Values): FaultOptions | undefined {
  const shares: FaultOptions['shares'] = {
    'too-many': shareAt(values, 'fault-429'),
    broken: shareAt(values, 'fault-500'),
    unavailable: shareAt(values, 'fault-503'),
    reset: shareAt(values, 'fault-reset'),
    cut: shareAt(values, 'fault-cut'),
    stall: shareAt(values, 'fault-stall'),
    'slow-headers': shareAt(values, 'fault-slow-headers'),
    malformed: shareAt(values, 'fault-malformed'),
    'no-done': shareAt(values, 'fault-no-done'),
    'stream-error': shareAt(values, 'fault-stream-error'),
  };
  const sum = Object.values(shares).reduce((total, share) => total + share, 0);
  if (sum === 0) return undefined;
  return {
    shares,
    retryAfterMs: numberAt(values, 'retry-after'),
    cutAfterTokens: distributionAt(values, 'cut-after'),
    stallMs: numberAt(values, 'stall-for'),
    headersAfterMs: numberAt(values, 'headers-after'),
  };
}

function refuseUseless(values: Values, group: 'distributions' | 'batching'): void {
  const engine = group === 'batching' ? 'distributions' : 'batching';
  for (const [name, { planKey }] of Object.entries(SIMULATOR_OPTION_GROUPS[group]))
    if (values[planKey] !== undefined)
      throw unusable(
        `The simulator's option ${name} has no effect with \`engine ${engine}\`.`,
        `Leave it out, or choose \`engine ${group}\`.`,
      );
}

/** Of requests that a fault befalls; none where it is not set. */
function shareAt(values: Values, name: string): number {
  const share = values[SIMULATOR_OPTIONS[name]?.planKey ?? ''];
  return typeof share === 'number' ? share : 0;
}

/** As it is used: counts are whole, and at least one. */
function numberOrNone(values: Values, name: string): number | undefined {
  const entry = SIMULATOR_OPTIONS[name];
  invariant(entry, `the simulator has an option ${name}`);
  if (values[entry.planKey] === undefined && entry.defaultText === undefined) return undefined;
  const { type } = entry;
  const isCount = type.kind === 'integer' || (type.kind === 'quantity' && type.dimension === 'tokens');
  return isCount ? wholeAt(values, name) : numberAt(values, name);
}

function valueAt(values: Values, name: string): OptionValue {
  const entry = SIMULATOR_OPTIONS[name];
  invariant(entry, `the simulator has an option ${name}`);
  return values[entry.planKey] ?? defaultOf(entry);
}

function numberAt(values: Values, name: string): number {
  const value = valueAt(values, name);
  invariant(typeof value === 'number', `${name} is a number`);
  return value;
}

function wholeAt(values: Values, name: string): number {
  return Math.max(1, Math.round(numberAt(values, name)));
}

/** A plan may hold a plain number where a distribution may stand. */
function distributionAt(values: Values, name: string): Distribution {
  const value = valueAt(values, name);
  if (typeof value === 'number') return { kind: 'constant', value };
  invariant(typeof value === 'object' && 'kind' in value && value['kind'] !== 'secret', `${name} is a distribution`);
  return value as Distribution;
}

function defaultOf(entry: OptionEntry): OptionValue {
  invariant(entry.defaultText, `the catalog has a default for the simulator's ${entry.planKey}`);
  const parsed = parseOption(entry.type, entry.defaultText);
  invariant('value' in parsed, `the catalog's default for ${entry.planKey} can be read`);
  return parsed.value;
}

function exampleOf({ type, defaultText }: OptionEntry): string {
  if (type.kind === 'choice') return Object.keys(type.choices).join(' or ');
  if (type.kind === 'flag') return 'on or off';
  if (type.kind !== 'distribution' || type.dimension !== 'duration') return defaultText ?? '42';
  return '120ms, "normal(20ms, 3ms)", "lognormal(mean 120ms, p99 400ms)", "uniform(32 .. 128)" or "exponential(20ms)"';
}

function unusable(message: string, hint?: string): RunError {
  return new RunError('RUN_PLAN_UNREADABLE', message, { exitCode: EXIT_CODES.scenario, hint });
}
