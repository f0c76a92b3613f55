/** The slots of a benchmark that a sweep may vary. */
export const SLOTS: ReadonlySet<string> = new Set(['on', 'send', 'load']);
