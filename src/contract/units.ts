/** The only place that knows how many milliseconds a minute has: unit tables, parsing of unit words, and display. */

/**
 * What a quantity measures. Base units: duration ms · rate requests/s · throughput tokens/s · tokens · bytes · ratio (0…1) ·
 * power W · energy J · temperature °C · money usd · price-per-token usd/token · price-per-hour usd/h · requests (a count) ·
 * bandwidth bytes/s · count (a bare number).
 */
export type Dimension =
  | 'duration'
  | 'rate'
  | 'throughput'
  | 'tokens'
  | 'bytes'
  | 'ratio'
  | 'power'
  | 'energy'
  | 'temperature'
  | 'money'
  | 'price-per-token'
  | 'price-per-hour'
  | 'requests'
  | 'bandwidth'
  | 'count';

/** One spelling of a unit in the language. */
export interface Unit {
  /** As written in a `.bench` file, e.g. `ms`, `rps`, `tokens/s`. Case matters only where two units would collide (`MB`, `mb` is not one). */
  readonly symbol: string;
  readonly dimension: Dimension;
  /** Multiply a value in this unit by this to get the base unit. */
  readonly factor: number;
  readonly doc: string;
  /** The spelling to prefer, where this one is an alias. */
  readonly aliasOf?: string;
}

const unit = (dimension: Dimension, symbol: string, factor: number, doc: string, ...aliases: string[]): Unit[] => [
  { symbol, dimension, factor, doc },
  ...aliases.map((alias) => ({ symbol: alias, dimension, factor, doc, aliasOf: symbol })),
];

export const UNITS: readonly Unit[] = [
  ...unit('duration', 'us', 0.001, 'microseconds', 'µs', 'μs'),
  ...unit('duration', 'ms', 1, 'milliseconds'),
  ...unit('duration', 's', 1_000, 'seconds', 'sec', 'second', 'seconds'),
  ...unit('duration', 'min', 60_000, 'minutes', 'm', 'minute', 'minutes'),
  ...unit('duration', 'h', 3_600_000, 'hours', 'hour', 'hours'),
  ...unit('duration', 'd', 86_400_000, 'days', 'day', 'days'),
  ...unit('rate', 'rps', 1, 'requests per second', 'req/s'),
  ...unit('rate', 'rpm', 1 / 60, 'requests per minute', 'req/min'),
  ...unit('throughput', 'tokens/s', 1, 'tokens per second', 'tok/s'),
  ...unit('throughput', 'tokens/min', 1 / 60, 'tokens per minute', 'tok/min'),
  ...unit('tokens', 'tokens', 1, 'tokens', 'token', 'tok'),
  ...unit('tokens', 'ktok', 1_000, 'thousand tokens'),
  ...unit('tokens', 'Mtok', 1_000_000, 'million tokens'),
  ...unit('requests', 'requests', 1, 'requests', 'request', 'req'),
  ...unit('bytes', 'B', 1, 'bytes'),
  ...unit('bytes', 'kB', 1e3, 'kilobytes (10^3 bytes)'),
  ...unit('bytes', 'MB', 1e6, 'megabytes (10^6 bytes)'),
  ...unit('bytes', 'GB', 1e9, 'gigabytes (10^9 bytes)'),
  ...unit('bytes', 'TB', 1e12, 'terabytes (10^12 bytes)'),
  ...unit('bytes', 'KiB', 2 ** 10, 'kibibytes (2^10 bytes)'),
  ...unit('bytes', 'MiB', 2 ** 20, 'mebibytes (2^20 bytes)'),
  ...unit('bytes', 'GiB', 2 ** 30, 'gibibytes (2^30 bytes)'),
  ...unit('bytes', 'TiB', 2 ** 40, 'tebibytes (2^40 bytes)'),
  ...unit('bandwidth', 'B/s', 1, 'bytes per second'),
  ...unit('bandwidth', 'kB/s', 1e3, 'kilobytes per second'),
  ...unit('bandwidth', 'MB/s', 1e6, 'megabytes per second'),
  ...unit('bandwidth', 'GB/s', 1e9, 'gigabytes per second'),
  ...unit('ratio', '%', 0.01, 'per cent', 'percent'),
  ...unit('power', 'W', 1, 'watts'),
  ...unit('power', 'kW', 1_000, 'kilowatts'),
  ...unit('energy', 'J', 1, 'joules'),
  ...unit('energy', 'kJ', 1_000, 'kilojoules'),
  ...unit('energy', 'kWh', 3.6e6, 'kilowatt-hours'),
  ...unit('temperature', '°C', 1, 'degrees Celsius', 'degC', 'celsius'),
  ...unit('money', 'usd', 1, 'US dollars', 'USD'),
  ...unit('price-per-token', 'usd/tok', 1, 'US dollars per token'),
  ...unit('price-per-token', 'usd/ktok', 1e-3, 'US dollars per thousand tokens'),
  ...unit('price-per-token', 'usd/Mtok', 1e-6, 'US dollars per million tokens'),
  ...unit('price-per-hour', 'usd/h', 1, 'US dollars per hour'),
];

const bySymbol: ReadonlyMap<string, Unit> = new Map(UNITS.map((each) => [each.symbol, each]));

/** The unit of this spelling, or `undefined`. */
export function findUnit(symbol: string): Unit | undefined {
  return bySymbol.get(symbol);
}

/** Canonical spellings (no aliases) of a dimension, smallest first. */
export function unitsOf(dimension: Dimension): readonly Unit[] {
  return UNITS.filter((each) => each.dimension === dimension && each.aliasOf === undefined);
}

/** The base unit as shown to people (`ms`, `rps`, `tokens/s`, `%` for ratios …); empty for a bare count. */
export const BASE_UNIT_LABEL: Readonly<Record<Dimension, string>> = {
  duration: 'ms',
  rate: 'rps',
  throughput: 'tokens/s',
  tokens: 'tokens',
  bytes: 'B',
  ratio: '%',
  power: 'W',
  energy: 'J',
  temperature: '°C',
  money: 'usd',
  'price-per-token': 'usd/tok',
  'price-per-hour': 'usd/h',
  requests: 'requests',
  bandwidth: 'B/s',
  count: '',
};

/**
 * A base-unit value for people: at most `digits` significant digits and the unit that reads best
 * (`1500` duration → `1.5 s`, `0.0123` ratio → `1.23 %`). Not for machines.
 */
export function formatQuantity(value: number, dimension: Dimension, digits = 4): string {
  if (!Number.isFinite(value)) return '–';
  const chosen = displayUnit(value, dimension);
  const text = formatNumber(value / chosen.factor, digits);
  return chosen.symbol === '' ? text : `${text} ${chosen.symbol}`;
}

/** At most `digits` significant digits, thousands grouped by a narrow space, no exponent for everyday sizes. */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  if (magnitude < -6 || magnitude > 14) return value.toExponential(Math.max(0, digits - 1));
  const decimals = Math.min(12, Math.max(0, digits - 1 - magnitude));
  const rounded = value.toFixed(decimals);
  const trimmed = rounded.includes('.') ? rounded.replace(/\.?0+$/, '') : rounded;
  const [whole = '', fraction] = trimmed.split('.');
  const grouped = whole.replace(
    /^(-?)(\d{5,})$/,
    (_, sign: string, number: string) => sign + number.replace(/\B(?=(\d{3})+$)/g, '\u202f'),
  );
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function displayUnit(value: number, dimension: Dimension): { symbol: string; factor: number } {
  const size = Math.abs(value);
  switch (dimension) {
    case 'duration':
      return pick(
        size,
        [
          [86_400_000 * 2, 'd', 86_400_000],
          [3_600_000 * 2, 'h', 3_600_000],
          [120_000, 'min', 60_000],
          [1_000, 's', 1_000],
          [1, 'ms', 1],
          [0, 'µs', 0.001],
        ],
        'ms',
      );
    case 'bytes':
      return pick(
        size,
        [
          [2 ** 40, 'TiB', 2 ** 40],
          [2 ** 30, 'GiB', 2 ** 30],
          [2 ** 20, 'MiB', 2 ** 20],
          [2 ** 10, 'KiB', 2 ** 10],
          [0, 'B', 1],
        ],
        'B',
      );
    case 'bandwidth':
      return pick(
        size,
        [
          [1e9, 'GB/s', 1e9],
          [1e6, 'MB/s', 1e6],
          [1e3, 'kB/s', 1e3],
          [0, 'B/s', 1],
        ],
        'B/s',
      );
    case 'ratio':
      return { symbol: '%', factor: 0.01 };
    case 'price-per-token':
      return { symbol: 'usd/Mtok', factor: 1e-6 };
    default:
      return { symbol: BASE_UNIT_LABEL[dimension], factor: 1 };
  }
}

function pick(
  size: number,
  steps: readonly (readonly [number, string, number])[],
  zero: string,
): { symbol: string; factor: number } {
  if (size === 0) return { symbol: zero, factor: 1 };
  const step = steps.find(([from]) => size >= from) ?? steps[steps.length - 1];
  return { symbol: step?.[1] ?? zero, factor: step?.[2] ?? 1 };
}
