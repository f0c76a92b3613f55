/**
 * Paths into JSON as the language has them: a plain field name, or `$` with steps `.a`, `.*`, `[0]`, `[-1]`, `[*]`, `['a b']`.
 * One grammar for the check in the editor and the reading in the runner.
 */

const STEP = /^(?:\.([A-Za-z_][\w-]*|\*)|\[(-?\d+|\*)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\])/;

/** What is wrong with a path, as the end of a sentence; `undefined` for a good one. */
export function jsonPathProblem(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (!path.startsWith('$')) return /[.[\]$*\s]/.test(path) ? 'a path with several steps begins with `$`' : undefined;
  let rest = path.slice(1);
  while (rest !== '') {
    const step = STEP.exec(rest);
    if (step === null) return `\`${rest}\` is not a step; write \`.name\`, \`[0]\`, \`[*]\` or \`['name']\``;
    rest = rest.slice(step[0].length);
  }
  return undefined;
}

/** The values a path reaches in one JSON value; none where it matches nothing or is no path. */
export function valuesAt(path: string, json: unknown): unknown[] {
  if (!path.startsWith('$')) return stepInto([json], path);
  let found: unknown[] = [json];
  let rest = path.slice(1);
  while (rest !== '') {
    const step = STEP.exec(rest);
    if (step === null) return [];
    found = stepInto(found, step[1] ?? step[2] ?? step[3] ?? step[4] ?? '');
    rest = rest.slice(step[0].length);
  }
  return found;
}

function stepInto(values: readonly unknown[], name: string): unknown[] {
  return values.flatMap((value) => {
    if (typeof value !== 'object' || value === null) return [];
    if (name === '*') return Object.values(value);
    const key = Array.isArray(value) && name.startsWith('-') ? String(value.length + Number(name)) : name;
    return Object.hasOwn(value, key) ? [(value as Record<string, unknown>)[key]] : [];
  });
}
