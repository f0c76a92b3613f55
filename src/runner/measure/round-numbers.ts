/** Rids numbers of what binary arithmetic leaves behind: 312.4190000000003 becomes 312.419. */
const DIGITS = 12;

/** A copy of plain data with every number rounded to twelve significant digits. */
export function roundNumbers<T>(value: T): T {
  return round(value) as T;
}

function round(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
  if (Array.isArray(value)) return value.map(round);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, round(each)]));
}
