/** What an expression stands for, once computed. Quantities are in base units and remember the unit they were written in. */
import { meanOf, p99OfLognormal, type Distribution } from '../../contract/distribution.ts';
import { BASE_UNIT_LABEL, formatQuantity, type Dimension, type Unit } from '../../contract/units.ts';
import type { Named } from '../ast.ts';

export interface NumberValue {
  readonly kind: 'number';
  readonly value: number;
}
export interface QuantityValue {
  readonly kind: 'quantity';
  /** In the dimension's base unit. */
  readonly value: number;
  readonly dimension: Dimension;
  /** As written; absent where arithmetic made it. */
  readonly unit?: Unit;
}
export type ScalarValue = NumberValue | QuantityValue;

export type EvaluatedValue =
  | ScalarValue
  | { readonly kind: 'text'; readonly text: string }
  /** A bare word that is not a param: `all`, `on`, `poisson`. */
  | { readonly kind: 'word'; readonly word: string }
  /** `file "./tokenizer.json"` */
  | { readonly kind: 'labelled'; readonly label: string; readonly text: string }
  | { readonly kind: 'secret'; readonly name: string }
  /** Without a dimension where its arguments are bare numbers. */
  | { readonly kind: 'distribution'; readonly distribution: Distribution; readonly dimension?: Dimension }
  | { readonly kind: 'range'; readonly from: ScalarValue; readonly to: ScalarValue }
  | { readonly kind: 'list'; readonly items: readonly EvaluatedValue[] }
  /** A declaration other than a param, where values may be declarations: `vary on in [a, b]`. */
  | { readonly kind: 'declaration'; readonly node: Named };

export function isScalar(value: EvaluatedValue): value is ScalarValue {
  return value.kind === 'number' || value.kind === 'quantity';
}

/** A dimension as people say it, with its article. */
export const DIMENSION_NAMES: Readonly<Record<Dimension, string>> = {
  duration: 'a duration',
  rate: 'a rate',
  throughput: 'a throughput',
  tokens: 'a number of tokens',
  bytes: 'a size',
  ratio: 'a share',
  power: 'a power',
  energy: 'an energy',
  temperature: 'a temperature',
  money: 'an amount of money',
  'price-per-token': 'a price per token',
  'price-per-hour': 'a price per hour',
  requests: 'a number of requests',
  bandwidth: 'a bandwidth',
  count: 'a number',
};

/** The kind of a value, for messages: `a duration`, `the word \`all\``. */
export function describeValue(value: EvaluatedValue): string {
  switch (value.kind) {
    case 'number':
      return `the number ${value.value}`;
    case 'quantity':
      return DIMENSION_NAMES[value.dimension];
    case 'text':
      return 'a text';
    case 'word':
      return `the word \`${value.word}\``;
    case 'labelled':
      return `\`${value.label}\` with a text`;
    case 'secret':
      return 'a secret';
    case 'distribution':
      return value.dimension === undefined
        ? 'a distribution of bare numbers'
        : `a distribution of ${DIMENSION_NAMES[value.dimension].replace(/^an? /, '')}`;
    case 'range':
      return 'a range';
    case 'list':
      return 'a list';
    case 'declaration':
      return `the ${value.node.$type.toLowerCase()} \`${value.node.name}\``;
  }
}

/** A scalar in the unit it was written in, or the one that reads best: `200 rps`, `1.5 s`. */
export function showScalar(value: ScalarValue): string {
  if (value.kind === 'number') return String(value.value);
  if (value.unit === undefined) return formatQuantity(value.value, value.dimension);
  return `${tidy(value.value / value.unit.factor)} ${value.unit.symbol}`;
}

/** A value as text, as templates and the Plan's params show it. `undefined` for what has no text. */
export function showValue(value: EvaluatedValue): string | undefined {
  switch (value.kind) {
    case 'number':
    case 'quantity':
      return showScalar(value);
    case 'text':
      return value.text;
    case 'word':
      return value.word;
    case 'range':
      return `${showScalar(value.from)} .. ${showScalar(value.to)}`;
    case 'list': {
      const items = value.items.map(showValue);
      return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
    }
    case 'declaration':
      return value.node.name;
    case 'distribution':
      return showDistribution(value.distribution, value.dimension);
    case 'labelled':
    case 'secret':
      return undefined;
  }
}

function showDistribution(distribution: Distribution, dimension: Dimension | undefined): string {
  const { kind, ...parameters } = asWritten(distribution);
  const unit = dimension === undefined ? '' : ` ${BASE_UNIT_LABEL[dimension]}`;
  const shown = Object.entries(parameters).map(
    ([name, value]) => `${name} ${typeof value === 'number' ? tidy(value) : value}`,
  );
  return `${kind}(${shown.join(', ')})${unit}`.trim();
}

/** A lognormal distribution is written by its mean and its 99th percentile; what the plan has are the parameters of the logarithm. */
function asWritten(distribution: Distribution): {
  readonly kind: string;
  readonly [parameter: string]: number | string;
} {
  if (distribution.kind !== 'lognormal') return distribution;
  const round = (value: number): number => Number(value.toPrecision(6));
  return { kind: 'lognormal', mean: round(meanOf(distribution)), p99: round(p99OfLognormal(distribution)) };
}

/** Without the noise of binary fractions: `0.30000000000000004` → 0.3. */
export function tidy(value: number): number {
  return Number(value.toPrecision(15));
}
