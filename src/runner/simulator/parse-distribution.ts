/** Distributions on a command line: `120ms`, `normal(20ms, 3ms)`, `lognormal(mean 120ms, p99 400ms)`, `uniform(32 .. 128)`, `exponential(20ms)`. */
import { lognormalFromMeanAndP99, lognormalFromMeanAndStddev, type Distribution } from '../../contract/distribution.ts';
import { findUnit, unitsOf, type Dimension } from '../../contract/units.ts';

export type ParsedDistribution = { readonly distribution: Distribution } | { readonly problem: string };

/** A bare number counts in the dimension's base unit. A unit after the closing bracket holds for every argument without one. */
export function parseDistribution(text: string, dimension: Dimension): ParsedDistribution {
  const call = /^\s*([a-z]+)\s*\(([^()]*)\)\s*(\S*)\s*$/.exec(text);
  if (call === null) {
    const value = parseQuantity(text, dimension, '');
    return typeof value === 'string' ? { problem: value } : { distribution: { kind: 'constant', value } };
  }
  const [, name = '', inside = '', unit = ''] = call;
  const numbers: number[] = [];
  const labels: string[] = [];
  for (const argument of inside.split(/,|\.\./)) {
    const [, label = '', quantity = ''] = /^\s*(mean|stddev|p99|min|max)?\s*(.*)$/.exec(argument) ?? [];
    const value = parseQuantity(quantity, dimension, unit);
    if (typeof value === 'string') return { problem: value };
    numbers.push(value);
    labels.push(label);
  }
  return build(name, numbers, labels);
}

function build(name: string, numbers: readonly number[], labels: readonly string[]): ParsedDistribution {
  const [first = Number.NaN, second = Number.NaN] = numbers;
  const wanted = name === 'exponential' || name === 'constant' ? 1 : 2;
  if (!['constant', 'exponential', 'normal', 'uniform', 'lognormal'].includes(name))
    return { problem: `"${name}" is not a distribution.` };
  if (numbers.length !== wanted) return { problem: `${name}(…) takes ${wanted} values, ${numbers.length} were given.` };
  switch (name) {
    case 'constant':
      return { distribution: { kind: 'constant', value: first } };
    case 'exponential':
      return { distribution: { kind: 'exponential', mean: first } };
    case 'normal':
      return { distribution: { kind: 'normal', mean: first, stddev: second } };
    case 'uniform':
      return first <= second
        ? { distribution: { kind: 'uniform', min: first, max: second } }
        : { problem: 'the lower end is above the upper end.' };
    default: {
      const distribution =
        labels[1] === 'p99'
          ? lognormalFromMeanAndP99(first, second)
          : first > 0
            ? lognormalFromMeanAndStddev(first, second)
            : undefined;
      return distribution === undefined
        ? {
            problem:
              'no lognormal distribution has these values: p99 must lie above the mean, at most 14 times as high.',
          }
        : { distribution };
    }
  }
}

/** The value in the base unit, or what is wrong. A number without unit counts in `defaultUnit`. */
export function parseQuantity(text: string, dimension: Dimension, defaultUnit = ''): number | string {
  const match = /^\s*(\d[\d_]*(?:\.\d+)?)\s*(\S*)\s*$/.exec(text);
  if (match === null) return `"${text.trim()}" is not a quantity.`;
  const [, digits = '', symbol = ''] = match;
  const written = symbol === '' ? defaultUnit : symbol;
  const number = Number(digits.replaceAll('_', ''));
  if (written === '') return number;
  const unit = findUnit(written);
  if (unit === undefined || unit.dimension !== dimension)
    return `"${written}" is not a unit of ${dimension}; write one of ${unitsOf(dimension)
      .map((each) => each.symbol)
      .join(', ')}.`;
  return number * unit.factor;
}
