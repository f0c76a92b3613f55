/** Texts with `<| |>` around what must be underlined, and what must be said of it. The only place of the language's tests that touches its API. */
import assert from 'node:assert/strict';
import type { CompileDiagnostic } from '../../src/contract/protocol/language.ts';
import type { RunPlan } from '../../src/contract/plan.ts';
import { compileText, type Compilation } from '../../src/language/compile.ts';
import { isDiagnosticCode, type DiagnosticCode } from '../../src/language/validation/diagnostics.ts';
import { memoryFiles } from './memory-files.ts';

export const MAIN_FILE = '/scenario/main.bench';

export interface CheckOptions {
  readonly set?: Readonly<Record<string, string>>;
  /** Further files, relative to the scenario's folder. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly directories?: readonly string[];
}

export function compileBench(text: string, options: CheckOptions = {}): Promise<Compilation> {
  const inFolder = (name: string): string => `/scenario/${name}`;
  const files = Object.entries(options.files ?? {}).map(([name, content]) => [inFolder(name), content] as const);
  return compileText(text, MAIN_FILE, {
    fileSystem: memoryFiles(Object.fromEntries([...files, [MAIN_FILE, text]]), options.directories?.map(inFolder)),
    ...(options.set === undefined ? {} : { set: options.set }),
  });
}

/**
 * Compiles the text without its markers and expects exactly the given codes at the marked places, in their order, beside hints and infos that
 * are not named. A text without markers is expected to have no errors or warnings.
 */
export async function checkDiagnostics(
  marked: string,
  codes: readonly DiagnosticCode[],
  options: CheckOptions = {},
): Promise<void> {
  const { text, ranges } = readMarkers(marked);
  const { diagnostics } = await compileBench(text, options);
  const relevant = diagnostics.filter(
    ({ code, severity }) => severity === 'error' || severity === 'warning' || codes.includes(code as DiagnosticCode),
  );
  const actual = relevant.map((each) => `${each.code} at ${rangeOf(each)}`);
  const expected = codes.map((code, index) => `${code} at ${ranges[index] ?? 'nowhere'}`);
  assert.deepEqual(actual.sort(), expected.sort(), relevant.map(({ message }) => message).join('\n'));
}

/** The plan of the text's first benchmark, which must compile without errors. */
export async function planOf(text: string, options: CheckOptions = {}): Promise<RunPlan> {
  const compilation = await compileBench(text, options);
  const compiled = compilation.plan();
  assert.ok(
    compiled,
    `no plan: ${compilation.diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n')}`,
  );
  return compiled.plan;
}

export function codesOf(diagnostics: readonly CompileDiagnostic[]): DiagnosticCode[] {
  return diagnostics.map(({ code }) => code).filter(isDiagnosticCode);
}

/** Places as `line:column-line:column`, in the text without the markers. */
function readMarkers(marked: string): { text: string; ranges: string[] } {
  let text = '';
  const open: number[] = [];
  const spans: [number, number][] = [];
  for (const part of marked.split(/(<\||\|>)/)) {
    if (part === '<|') open.push(text.length);
    else if (part === '|>') spans.push([open.pop() ?? 0, text.length]);
    else text += part;
  }
  const position = (offset: number): string => {
    const before = text.slice(0, offset).split('\n');
    return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  };
  spans.sort(([left], [right]) => left - right);
  return { text, ranges: spans.map(([from, to]) => `${position(from)}-${position(to)}`) };
}

function rangeOf({ line, column, endLine, endColumn }: CompileDiagnostic): string {
  return `${line}:${column}-${endLine}:${endColumn}`;
}
