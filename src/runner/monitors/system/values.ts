/** The series of the system monitor, as the catalog has them. */
export type SystemSeries =
  'cpu' | 'io-wait' | 'memory' | 'memory-used' | 'load' | 'network-in' | 'network-out' | 'disk-read' | 'disk-write';
export type SystemValues = Readonly<Partial<Record<SystemSeries, number>>>;

/** What is not known is left out, never 0. */
export function known(values: { readonly [Series in SystemSeries]?: number | null | undefined }): SystemValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
}

/** Shares are never above 1, though clocks of different resolution can make them so by a hair. */
export function toSystemValues(values: SystemValues): Readonly<Record<string, number>> {
  const shares = ['cpu', 'io-wait', 'memory'];
  return Object.fromEntries(
    Object.entries(values).map(([series, value]) => [series, shares.includes(series) ? Math.min(1, value) : value]),
  );
}
