/** The slots of a benchmark that a sweep may vary, with the kind of declaration each takes. */
export const SLOT_TYPES: Readonly<Record<string, string>> = { on: 'backend', send: 'dataset', load: 'load' };

export const SLOTS: ReadonlySet<string> = new Set(Object.keys(SLOT_TYPES));
