/** The simulator's options: from a plan, from texts (`benchwright simulate`), and their defaults, which are the catalog's. */
import { findBackend } from '../../contract/catalog/backends.ts';
import type { OptionEntry } from '../../contract/catalog/describe.ts';
import type { Distribution } from '../../contract/distribution.ts';
import { EXIT_CODES, invariant, RunError } from '../../contract/errors.ts';
import type { OptionValue } from '../../contract/plan.ts';
import { parseDistribution } from './parse-distribution.ts';

export interface SimulatorOptions {
  readonly firstTokenMs: Distribution;
  readonly interTokenMs: Distribution;
  /** Length of answers to requests that ask for none. */
  readonly outputTokens: Distribution;
  /** Seed of its distributions, where the plan has one for it. */
  readonly seed?: number;
  /** The one model it answers to; absent: any. */
  readonly model?: string;
}

const EXAMPLES =
  '120ms, "normal(20ms, 3ms)", "lognormal(mean 120ms, p99 400ms)", "uniform(32 .. 128)" or "exponential(20ms)"';

type DistributionKey = 'firstTokenMs' | 'interTokenMs' | 'outputTokens';
const DISTRIBUTION_KEYS: readonly DistributionKey[] = ['firstTokenMs', 'interTokenMs', 'outputTokens'];

/** Options of a plan's simulator backend (catalog `planKey`s), with defaults for what it leaves open. */
export function readSimulatorOptions(
  values: Readonly<Record<string, OptionValue>>,
  model: string | undefined = undefined,
): SimulatorOptions {
  const seed = values['seed'];
  const chosen = DISTRIBUTION_KEYS.map((key) => [key, asDistribution(values[key]) ?? defaultOf(key)] as const);
  return {
    ...(Object.fromEntries(chosen) as Record<DistributionKey, Distribution>),
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
    const entry = catalogOptions()[name];
    const parsed = entry === undefined ? { problem: 'the simulator has no such option.' } : parseOption(entry, text);
    if ('problem' in parsed || entry === undefined)
      throw new RunError('RUN_PLAN_UNREADABLE', `--${name} ${text}: ${'problem' in parsed ? parsed.problem : ''}`, {
        exitCode: EXIT_CODES.scenario,
        hint: `Write for example ${entry?.type.kind === 'integer' ? '42' : EXAMPLES}.`,
      });
    values[entry.planKey] = parsed.value;
  }
  return readSimulatorOptions(values, texts['model']);
}

function catalogOptions(): Readonly<Record<string, OptionEntry>> {
  return findBackend('simulator')?.options ?? {};
}

function defaultOf(key: DistributionKey): Distribution {
  const entry = Object.values(catalogOptions()).find((each) => each.planKey === key);
  invariant(entry?.defaultText, `the catalog has a default for the simulator's ${key}`);
  const parsed = parseOption(entry, entry.defaultText);
  const value = 'value' in parsed ? asDistribution(parsed.value) : undefined;
  invariant(value, `the catalog's default for ${key} can be read`);
  return value;
}

function parseOption(entry: OptionEntry, text: string): { readonly value: OptionValue } | { readonly problem: string } {
  if (entry.type.kind === 'distribution') {
    const parsed = parseDistribution(text, entry.type.dimension);
    return 'problem' in parsed ? parsed : { value: parsed.distribution };
  }
  const value = Number(text);
  const isWhole = Number.isSafeInteger(value) && value >= 0 && text.trim() !== '';
  return isWhole ? { value } : { problem: `"${text}" is not a whole number from 0.` };
}

/** A plan may hold a plain number where a distribution may stand. */
function asDistribution(value: OptionValue | undefined): Distribution | undefined {
  if (typeof value === 'number') return { kind: 'constant', value };
  return typeof value === 'object' && 'kind' in value && value['kind'] !== 'secret'
    ? (value as Distribution)
    : undefined;
}
