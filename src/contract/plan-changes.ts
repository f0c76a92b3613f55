/** What one plan has different from another, as a short list: a study of a thousand runs is one plan and a thousand such lists. */

/** One place in a plan. Without a `value` the place is empty in the changed plan. */
export interface PlanChange {
  /** Keys and positions from the plan's root, e.g. `['backend', 'gpus']`. */
  readonly path: readonly (string | number)[];
  readonly value?: unknown;
}

/** Changes that make `from` into `to`, both plain data. Lists of different lengths are replaced whole. */
export function changesBetween(from: unknown, to: unknown, path: readonly (string | number)[] = []): PlanChange[] {
  if (Object.is(from, to)) return [];
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length)
    return from.flatMap((item, index) => changesBetween(item, to[index], [...path, index]));
  if (isRecord(from) && isRecord(to))
    return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key) =>
      key in to ? changesBetween(from[key], to[key], [...path, key]) : [{ path: [...path, key] }],
    );
  return [{ path, value: to }];
}

/** A copy of `plan` with the changes made; what does not change is shared with it. */
export function withChanges<Plan>(plan: Plan, changes: readonly PlanChange[]): Plan {
  return changes.reduce<Plan>((changed, { path, value }) => changeAt(changed, path, value) as Plan, plan);
}

function changeAt(node: unknown, [key, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(node))
    return node.map((item: unknown, index) => (index === key ? changeAt(item, rest, value) : item));
  const { [key]: old, ...others } = isRecord(node) ? node : {};
  if (rest.length === 0 && value === undefined) return others;
  return { ...(isRecord(node) ? node : {}), [key]: changeAt(old, rest, value) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
