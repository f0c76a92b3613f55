/** The language's distribution functions: from computed arguments to plain data. */
import { lognormalFromMeanAndP99, lognormalFromMeanAndStddev, type Distribution } from '../../contract/distribution.ts';

/** Arguments in one common unit, by name; those written without one under their position. */
export interface DistributionArguments {
  readonly positional: readonly number[];
  readonly named: ReadonlyMap<string, number>;
  /** `uniform(32 .. 128)` */
  readonly range: { readonly from: number; readonly to: number } | undefined;
}

/** What is wrong, as a sentence; `impossible` where the form is right and the numbers are not. */
export type DistributionProblem =
  { readonly kind: 'arguments'; readonly problem: string } | { readonly kind: 'impossible'; readonly problem: string };

type Make = (given: DistributionArguments) => Distribution | DistributionProblem;

const malformed = (problem: string): DistributionProblem => ({ kind: 'arguments', problem });
const impossible = (problem: string): DistributionProblem => ({ kind: 'impossible', problem });

/** Takes each argument by its name, or by its position among those without a name. */
function take(given: DistributionArguments, ...names: string[]): number[] | DistributionProblem {
  const stranger = [...given.named.keys()].find((name) => !names.includes(name));
  if (stranger !== undefined) return malformed(`There is no argument \`${stranger}\`.`);
  const unnamed = [...given.positional];
  const taken = names.map((name) => given.named.get(name) ?? unnamed.shift());
  if (given.range !== undefined || unnamed.length > 0) return malformed('There are too many arguments.');
  const missing = names[taken.indexOf(undefined)];
  return missing === undefined
    ? taken.map((value) => value ?? 0)
    : malformed(`The argument \`${missing}\` is missing.`);
}

const MAKERS: Readonly<Record<string, Make>> = {
  normal(given) {
    const taken = take(given, 'mean', 'stddev');
    if (!Array.isArray(taken)) return taken;
    const [mean = 0, stddev = 0] = taken;
    return { kind: 'normal', mean, stddev };
  },
  lognormal(given) {
    const spread = given.named.has('stddev') ? 'stddev' : 'p99';
    const taken = take(given, 'mean', spread);
    if (!Array.isArray(taken)) return taken;
    const [mean = 0, other = 0] = taken;
    if (mean <= 0) return impossible('The mean of a lognormal distribution must be above zero.');
    if (spread === 'stddev') return lognormalFromMeanAndStddev(mean, other);
    return (
      lognormalFromMeanAndP99(mean, other) ??
      impossible(
        'No lognormal distribution has this mean and p99: the p99 must lie above the mean, and below about 15 times of it.',
      )
    );
  },
  uniform(given) {
    const { range } = given;
    const taken =
      range !== undefined && given.positional.length === 0 && given.named.size === 0
        ? [range.from, range.to]
        : take(given, 'min', 'max');
    if (!Array.isArray(taken)) return taken;
    const [min = 0, max = 0] = taken;
    return min > max ? impossible('The lower end lies above the upper end.') : { kind: 'uniform', min, max };
  },
  exponential(given) {
    const taken = take(given, 'mean');
    if (!Array.isArray(taken)) return taken;
    const [mean = 0] = taken;
    return mean > 0
      ? { kind: 'exponential', mean }
      : impossible('The mean of an exponential distribution must be above zero.');
  },
};

export function makeDistribution(
  name: string,
  given: DistributionArguments,
): Distribution | DistributionProblem | undefined {
  return MAKERS[name]?.(given);
}

export function isProblem(result: Distribution | DistributionProblem): result is DistributionProblem {
  return 'problem' in result;
}
