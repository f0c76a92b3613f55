/** A distribution as plain data; values are in the base unit of the property that holds it. */
export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly stddev: number }
  /** exp(N(mu, sigma²)); `mu` and `sigma` are of the logarithm. */
  | { readonly kind: 'lognormal'; readonly mu: number; readonly sigma: number }
  | { readonly kind: 'exponential'; readonly mean: number };

/** Standard normal quantile of 0.99, used to turn (mean, p99) into (mu, sigma). */
const Z99 = 2.3263478740408408;

/**
 * The lognormal with this mean and 99th percentile.
 * From mean = exp(mu + sigma²/2) and p99 = exp(mu + z·sigma): sigma is the smaller root of sigma²/2 − z·sigma + ln(p99/mean) = 0.
 * `undefined` when there is none: p99 must lie in (mean, mean·exp(z²/2)].
 */
export function lognormalFromMeanAndP99(mean: number, p99: number): Distribution | undefined {
  const ratio = Math.log(p99 / mean);
  const discriminant = Z99 * Z99 - 2 * ratio;
  if (!(mean > 0) || !(ratio > 0) || discriminant < 0) return undefined;
  const sigma = Z99 - Math.sqrt(discriminant);
  return { kind: 'lognormal', mu: Math.log(mean) - (sigma * sigma) / 2, sigma };
}

/** The 99th percentile of a lognormal, by which the language writes it. */
export function p99OfLognormal({ mu, sigma }: Extract<Distribution, { kind: 'lognormal' }>): number {
  return Math.exp(mu + Z99 * sigma);
}

/** The lognormal with this mean and standard deviation. */
export function lognormalFromMeanAndStddev(mean: number, stddev: number): Distribution {
  const variance = Math.log(1 + (stddev / mean) ** 2);
  return { kind: 'lognormal', mu: Math.log(mean) - variance / 2, sigma: Math.sqrt(variance) };
}

export function meanOf(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return (distribution.min + distribution.max) / 2;
    case 'normal':
    case 'exponential':
      return distribution.mean;
    case 'lognormal':
      return Math.exp(distribution.mu + distribution.sigma ** 2 / 2);
  }
}

/** An upper value for planning: the 99.9th percentile, or the maximum where there is one. */
export function highOf(distribution: Distribution): number {
  const z = 3.0902323061678132;
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return distribution.max;
    case 'normal':
      return distribution.mean + z * distribution.stddev;
    case 'lognormal':
      return Math.exp(distribution.mu + z * distribution.sigma);
    case 'exponential':
      return distribution.mean * Math.log(1000);
  }
}
