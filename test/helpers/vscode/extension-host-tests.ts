/**
 * The test functions for files under test/extension/. They run inside VS Code's extension host, in code-server's as in a
 * desktop's, where node:test cannot report to anybody; so tests are collected here and each result is one JSON line in a file.
 */
import { appendFileSync } from 'node:fs';

type Body = () => void | Promise<void>;

interface Group {
  readonly name: string;
  readonly parent: Group | undefined;
  readonly before: Body[];
  readonly after: Body[];
  readonly beforeEach: Body[];
  readonly afterEach: Body[];
  readonly entries: (Group | TestCase)[];
}

interface TestCase {
  readonly name: string;
  readonly body: Body;
  readonly timeoutMs: number;
}

export interface TestResult {
  readonly file: string;
  readonly name: string;
  readonly durationMs: number;
  /** Stack of what was thrown; absent when the test passed. */
  readonly error?: string;
  /** What the test measured, to be shown beside its name. */
  readonly note?: string;
}

/** Last line of a results file; a file without it comes from a host that died. */
export interface SuiteEnd {
  readonly isEnd: true;
}

const DEFAULT_TIMEOUT_MS = 30_000;

const files: Group[] = [];
let current = createGroup('(outside any file)', undefined);
let noted: string | undefined;

export function describe(name: string, body: () => void): void {
  const outer = current;
  current = createGroup(name, outer);
  outer.entries.push(current);
  try {
    body();
  } finally {
    current = outer;
  }
}

export function test(name: string, body: Body, options: { readonly timeoutMs?: number } = {}): void {
  current.entries.push({ name, body, timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS });
}

/** Shows a measurement beside the name of the test that runs now. */
export function note(text: string): void {
  noted = text;
}

export const before = (body: Body): void => void current.before.push(body);
export const after = (body: Body): void => void current.after.push(body);
export const beforeEach = (body: Body): void => void current.beforeEach.push(body);
export const afterEach = (body: Body): void => void current.afterEach.push(body);

/** Called by the generated index around the loading of each file. */
export function collectFile(name: string, load: () => void): void {
  current = createGroup(name, undefined);
  files.push(current);
  load();
}

/** VS Code calls this as the suite's `run`. @throws when a test failed, so that VS Code's exit code says so too. */
export async function runCollectedTests(resultsFile: string): Promise<void> {
  let failures = 0;
  const report = (result: TestResult): void => {
    if (result.error !== undefined) failures += 1;
    appendFileSync(resultsFile, `${JSON.stringify(result)}\n`);
  };
  for (const file of files) await runGroup(file, file.name, [], report);
  const end: SuiteEnd = { isEnd: true };
  appendFileSync(resultsFile, `${JSON.stringify(end)}\n`);
  if (failures > 0) throw new Error(`${failures} tests failed`);
}

async function runGroup(
  group: Group,
  file: string,
  names: string[],
  report: (result: TestResult) => void,
): Promise<void> {
  const attempt = async (name: string, timeoutMs: number, bodies: readonly Body[]): Promise<TestResult> => {
    const startedMs = performance.now();
    noted = undefined;
    const error = await firstError(bodies, timeoutMs);
    const durationMs = performance.now() - startedMs;
    return {
      file,
      name: [...names, name].join(' › '),
      durationMs,
      ...(error === undefined ? {} : { error }),
      ...(noted === undefined ? {} : { note: noted }),
    };
  };
  const reportHook = async (name: string, bodies: readonly Body[]): Promise<boolean> => {
    const result = await attempt(name, DEFAULT_TIMEOUT_MS, bodies);
    if (result.error !== undefined) report(result);
    return result.error === undefined;
  };

  if (await reportHook('(before)', group.before)) {
    for (const entry of group.entries) {
      if ('entries' in entry) await runGroup(entry, file, [...names, entry.name], report);
      else report(await attempt(entry.name, entry.timeoutMs, [...outward(group, 'beforeEach').reverse(), entry.body]));
      if (!('entries' in entry)) await reportHook(`${entry.name} (afterEach)`, outward(group, 'afterEach'));
    }
  }
  await reportHook('(after)', group.after);
}

/** Hooks of this group and those around it, innermost first. */
function outward(group: Group, hook: 'beforeEach' | 'afterEach'): Body[] {
  return [...group[hook], ...(group.parent ? outward(group.parent, hook) : [])];
}

async function firstError(bodies: readonly Body[], timeoutMs: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${timeoutMs} ms`)), timeoutMs);
  });
  const all = (async (): Promise<void> => {
    for (const body of bodies) await body();
  })();
  try {
    await Promise.race([all, timeout]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    clearTimeout(timer);
  }
}

function createGroup(name: string, parent: Group | undefined): Group {
  return { name, parent, before: [], after: [], beforeEach: [], afterEach: [], entries: [] };
}
