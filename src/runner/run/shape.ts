/** Checks of data from another process: small pieces that fit together, and say where something is not as it should be. */

/** What is wrong, and where: `load.stages[0].name`. */
export class ShapeError extends Error {
  readonly path: string;
  constructor(path: string, problem: string) {
    super(`${path === '' ? 'it' : path} ${problem}`);
    this.name = 'ShapeError';
    this.path = path;
  }
}

/** @throws ShapeError */
export type Check = (value: unknown, path: string) => void;

export const isText: Check = (value, path) => {
  if (typeof value !== 'string') throw new ShapeError(path, `must be a text, not ${shown(value)}`);
};

export const isFlag: Check = (value, path) => {
  if (typeof value !== 'boolean') throw new ShapeError(path, `must be true or false, not ${shown(value)}`);
};

export function isNumber(range: { min?: number; above?: number; max?: number; whole?: boolean } = {}): Check {
  return (value, path) => {
    const { min, above, max, whole } = range;
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new ShapeError(path, `must be a number, not ${shown(value)}`);
    if (whole === true && !Number.isInteger(value)) throw new ShapeError(path, `must be a whole number, not ${value}`);
    if (min !== undefined && value < min) throw new ShapeError(path, `must be at least ${min}, not ${value}`);
    if (above !== undefined && value <= above) throw new ShapeError(path, `must be above ${above}, not ${value}`);
    if (max !== undefined && value > max) throw new ShapeError(path, `must be at most ${max}, not ${value}`);
  };
}

export function isOneOf(...allowed: readonly string[]): Check {
  return (value, path) => {
    if (typeof value !== 'string' || !allowed.includes(value))
      throw new ShapeError(path, `must be one of ${allowed.join(', ')}, not ${shown(value)}`);
  };
}

export function listOf(check: Check, atLeast = 0): Check {
  return (value, path) => {
    if (!Array.isArray(value)) throw new ShapeError(path, `must be a list, not ${shown(value)}`);
    if (value.length < atLeast) throw new ShapeError(path, `must have at least ${atLeast} entries`);
    value.forEach((each, index) => check(each, `${path}[${index}]`));
  };
}

export function recordOf(check: Check): Check {
  return (value, path) => {
    for (const [key, each] of Object.entries(asObject(value, path))) check(each, at(path, key));
  };
}

/** Fields whose name ends in `?` may be absent. A field it does not know is refused: whoever wrote it meant something by it. */
export function object(fields: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    const present = asObject(value, path);
    for (const key of Object.keys(present))
      if (!(key in fields) && !(`${key}?` in fields)) throw new ShapeError(at(path, key), 'is not known');
    for (const [name, check] of Object.entries(fields)) {
      const key = name.replace(/\?$/, '');
      if (present[key] !== undefined) check(present[key], at(path, key));
      else if (key === name) throw new ShapeError(at(path, key), 'is missing');
    }
  };
}

/** Objects told apart by their `kind`; the fields of each beside it. */
export function byKind(kinds: Readonly<Record<string, Readonly<Record<string, Check>>>>): Check {
  const checks = new Map(Object.entries(kinds).map(([kind, fields]) => [kind, object({ kind: isText, ...fields })]));
  return (value, path) => {
    const { kind } = asObject(value, path);
    isOneOf(...checks.keys())(kind, at(path, 'kind'));
    checks.get(kind as string)?.(value, path);
  };
}

function asObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ShapeError(path, `must be an object, not ${shown(value)}`);
  return value as Record<string, unknown>;
}

function at(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
