/** The smallest declaration of each kind that makes sense, to be filled in. */
import { BLOCKS } from '../../../contract/catalog/blocks.ts';
import type { Dimension } from '../../../contract/units.ts';
import { DIMENSION_NAMES } from '../../values/value.ts';
import { withoutPlaceholders } from './edit-blocks.ts';

/** `undefined` for kinds of which none can be made up. `known` gives names to refer to. */
export function skeletonOf(
  kind: string,
  name: string,
  known: (type: string) => readonly string[] = () => [],
): string | undefined {
  if (kind === 'benchmark') {
    const slot = (word: string, type: string, inline: string): string => `  ${word} ${known(type)[0] ?? inline}`;
    return [
      `benchmark ${name} {`,
      slot('on  ', 'Backend', '{ protocol simulator }'),
      slot('send', 'Dataset', '{ from random  input 512 tokens  output 128 tokens }'),
      slot('load', 'Load', '{ warmup 10 requests  stage steady { rate 10 rps poisson for 1 min } }'),
      '}',
    ].join('\n');
  }
  const snippet = Object.hasOwn(BLOCKS.file, kind) ? BLOCKS.file[kind]?.snippet : undefined;
  if (snippet === undefined || !EXTENDABLE.has(kind)) return undefined;
  return withoutPlaceholders(snippet).replace(/^(\w+) \S+/, (_, word: string) => `${word} ${name}`);
}

const EXTENDABLE: ReadonlySet<string> = new Set(['backend', 'dataset', 'load', 'sla', 'monitor']);

/** A value of the kind a diagnostic says it expected. */
export function exampleValue(expected: string): string {
  const dimension = (Object.entries(DIMENSION_NAMES) as [Dimension, string][]).find(([, name]) =>
    expected.startsWith(name),
  )?.[0];
  if (dimension !== undefined && dimension !== 'count') return EXAMPLES[dimension];
  if (/text|address|file|field/.test(expected)) return '"…"';
  return '1';
}

const EXAMPLES: Readonly<Record<Exclude<Dimension, 'count'>, string>> = {
  duration: '1 s',
  rate: '10 rps',
  throughput: '1000 tokens/s',
  tokens: '128 tokens',
  bytes: '1 GiB',
  ratio: '5 %',
  power: '300 W',
  energy: '1 kJ',
  temperature: '80 °C',
  money: '1 usd',
  'price-per-token': '1 usd/Mtok',
  'price-per-hour': '2 usd/h',
  requests: '100 requests',
  bandwidth: '1 GB/s',
};
