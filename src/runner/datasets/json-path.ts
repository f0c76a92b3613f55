/** The part of JSONPath that names one place: `$.a.b[0]['c d']`, or just a field name. */

export type JsonPath = readonly (string | number)[];

/** `undefined` for what this cannot follow: wildcards, filters, slices, `..`. */
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

/** What stands there; `undefined` where the value has no such place. */
export function followJsonPath(value: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>((current, step) => {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    return (current as Record<string | number, unknown>)[step];
  }, value);
}
