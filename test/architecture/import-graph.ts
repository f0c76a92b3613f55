/** Who imports whom in the sources, read from their text: enough for rules about layers, and without a compiler. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface ImportEdge {
  /** Paths from the project's root, with forward slashes. */
  readonly from: string;
  /** A file of the project, or the specifier of a package or Node module as written. */
  readonly to: string;
  readonly isProjectFile: boolean;
  /** Gone at run time, so it can neither load anything nor close a cycle. */
  readonly isTypeOnly: boolean;
}

// A declaration starts a line; what stands between keyword and specifier holds no quote and no semicolon.
const declaration =
  /^[ \t]*(?:import|export)\b(?<type>[ \t]+type\b(?!\s*,))?[^'";]*?(?:\bfrom\s*|(?<=import\s*))['"](?<to>[^'"\n]+)['"]/gm;
const dynamic = /\bimport\(\s*['"](?<to>[^'"\n]+)['"]/g;

export function readImportGraph(root: string, patterns: readonly string[]): ImportEdge[] {
  const files = globSync([...patterns], { cwd: root }).map((file) => file.replaceAll('\\', '/'));
  return files.sort().flatMap((file) => importsOf(file, readFileSync(path.join(root, file), 'utf8')));
}

export function importsOf(file: string, text: string): ImportEdge[] {
  const code = withoutComments(text);
  const edge = (to: string, isTypeOnly: boolean): ImportEdge => {
    const isProjectFile = to.startsWith('.');
    return {
      from: file,
      to: isProjectFile ? path.posix.join(path.posix.dirname(file), to) : to,
      isProjectFile,
      isTypeOnly,
    };
  };
  return [
    ...[...code.matchAll(declaration)].map(({ groups }) => edge(groups!['to']!, groups!['type'] !== undefined)),
    ...[...code.matchAll(dynamic)].map(({ groups }) => edge(groups!['to']!, false)),
  ];
}

/** Good enough for import lines: comments that stand alone or after code, not look-alikes inside strings of other lines. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^[ \t]*\/\/.*$/gm, '');
}

/** Groups of files that load each other in a circle. */
export function findCycles(edges: readonly ImportEdge[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to, isProjectFile, isTypeOnly } of edges) {
    if (isProjectFile && !isTypeOnly) next.set(from, [...(next.get(from) ?? []), to]);
  }
  const cycles: string[][] = [];
  const finished = new Set<string>();
  const visit = (file: string, path: string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) return void cycles.push([...path.slice(start), file]);
    if (finished.has(file)) return;
    for (const target of next.get(file) ?? []) visit(target, [...path, file]);
    finished.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return cycles;
}
