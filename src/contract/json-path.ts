/**
 * The part of JSONPath that names one place: `$.a.b[0]['c d']`, or just a field name. One grammar for the check in the editor and for
 * the reading in the runner.
 */

export type JsonPath = readonly (string | number)[];

/** `undefined` for what names no single place: wildcards, filters, slices, `..`. */
export function parseJsonPath(text: string): JsonPath | undefined {
  if (!text.startsWith('$')) return text === '' ? undefined : [text];
  const steps: (string | number)[] = [];
  const step = /\.([\p{L}_][\p{L}\p{N}_-]*)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/uy;
  step.lastIndex = 1;
  while (step.lastIndex < text.length) {
    const match = step.exec(text);
    if (match === null) return undefined;
    const [, name, index, single, double] = match;
    steps.push(index === undefined ? (name ?? single ?? double ?? '') : Number(index));
  }
  return steps;
}

/** What is wrong with a path, as the end of a sentence; `undefined` for a good one. */
export function jsonPathProblem(text: string): string | undefined {
  if (text === '') return 'it is empty';
  if (!text.startsWith('$') && /^[.[]|[.\]]\w|\[/.test(text)) return 'a path of several steps begins with `$`';
  if (text.includes('*')) return 'it must name one place, without `*`';
  return parseJsonPath(text) === undefined ? "steps are written `.name`, `[0]` or `['a name']`" : undefined;
}

/** What stands there; `undefined` where the value has no such place. */
export function followJsonPath(value: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>((current, step) => {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    return (current as Record<string | number, unknown>)[step];
  }, value);
}
