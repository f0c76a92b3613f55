/** Names, files and what refers to what. */
import { AstUtils, type AstNode } from 'langium';
import type { BenchFile, Declaration, Import, Param } from '../ast.ts';
import { pathOf } from '../file-system.ts';
import { inheritanceProblem, MAXIMUM_INHERITANCE, type Extensible } from '../references/extends.ts';
import { importTarget, importTargets } from '../references/imports.ts';
import { MAXIMUM_PARAMS_BEHIND, paramsBehind } from '../references/params-behind.ts';
import { STANDARD_LIBRARY_URI } from '../library/standard-library.ts';
import { evaluate } from '../values/evaluate.ts';
import type { Check, CheckContext } from './check.ts';
import { runsSomething } from './gaps.ts';

export function kindOf(declaration: AstNode): string {
  return declaration.$type.toLowerCase();
}

/** Text that is not UTF-8 was read with U+FFFD in its place. */
export const checkEncoding: Check<BenchFile> = (file, { report }) => {
  const document = file.$document?.textDocument;
  const offset = document?.getText().indexOf('\uFFFD') ?? -1;
  if (document === undefined || offset < 0) return;
  const range = { start: document.positionAt(offset), end: document.positionAt(offset + 1) };
  report('BENCH1006', { node: file, range }, {});
};

export const checkDuplicateNames: Check<BenchFile> = (file, { report }) => {
  const seen = new Map<string, Declaration>();
  for (const declaration of file.declarations) {
    if (declaration.name === undefined) continue;
    // What can be run is called by its name alone: `benchwright run FILE NAME`.
    const key = `${RUNNABLE.has(declaration.$type) ? 'run' : declaration.$type} ${declaration.name}`;
    const other = seen.get(key);
    if (other !== undefined)
      report('BENCH2002', { node: declaration, property: 'name' }, { kind: kindOf(other), name: declaration.name });
    else seen.set(key, declaration);
  }
};

const RUNNABLE: ReadonlySet<string> = new Set(['Benchmark', 'Sweep', 'Search', 'Compare', 'Profile', 'Estimate']);

/** The same name in two imported files, or here and in an imported one: which is meant would depend on an order nobody sees. */
export const checkAmbiguousNames: Check<BenchFile> = (file, { report, documents, index }) => {
  const own = AstUtils.getDocument(file).uri.toString();
  const targets = new Set([own, ...file.imports.flatMap((each) => importTarget(each)?.toString() ?? [])]);
  // Its names give way to all others.
  targets.delete(STANDARD_LIBRARY_URI.toString());
  const places = new Map<string, Set<string>>();
  for (const { type, name, documentUri } of index.allElements(undefined, targets)) {
    const key = `${type} ${name}`;
    places.set(key, (places.get(key) ?? new Set()).add(documentUri.toString()));
  }
  for (const [key, uris] of places) {
    if (uris.size < 2) continue;
    const [type = '', name = ''] = key.split(' ');
    const declaration = file.declarations.find((each) => each.$type === type && each.name === name);
    const place =
      declaration === undefined
        ? {
            node: file.imports.find((each) => uris.has(importTarget(each)?.toString() ?? '')) ?? file,
            property: 'path',
          }
        : { node: declaration, property: 'name' };
    const files = documents.all
      .filter((each) => uris.has(each.uri.toString()))
      .map((each) => shortName(pathOf(each.uri)));
    report('BENCH2006', place, { kind: type.toLowerCase(), name, files: files.toArray().sort().join(', ') });
  }
};

export const checkImportedOnce: Check<BenchFile> = (file, { report }) => {
  const seen = new Set<string>();
  for (const node of file.imports) {
    const target = importTarget(node)?.toString();
    if (target === undefined) continue;
    if (seen.has(target)) report('BENCH2013', { node }, { path: node.path ?? '' });
    seen.add(target);
  }
};

export const checkImport: Check<Import> = async (node, { report, documents, files }) => {
  const target = importTarget(node);
  const path = node.path ?? '';
  if (target === undefined) {
    report('BENCH2003', { node, property: 'path' }, { path, why: 'it names no file' });
    return;
  }
  if (documents.hasDocument(target)) return;
  const status = await files.stat(pathOf(target));
  const why =
    status === undefined
      ? 'there is no such file'
      : status.kind === 'directory'
        ? 'it is a directory'
        : 'it cannot be read';
  report('BENCH2003', { node, property: 'path' }, { path, why });
};

/** Reported at each import that closes a cycle through this file. */
export const checkImportCycle: Check<Import> = (node, { report, documents }) => {
  const start = AstUtils.getDocument(node).uri.toString();
  const target = importTarget(node);
  const trail = target === undefined ? undefined : findTrail(target.toString(), start, documents, new Set());
  if (trail === undefined) return;
  const cycle = [start, ...trail].map((uri) => shortName(decodeURIComponent(uri))).join(' → ');
  report('BENCH2004', { node, property: 'path' }, { cycle });
};

function findTrail(
  from: string,
  goal: string,
  documents: CheckContext['documents'],
  seen: Set<string>,
): string[] | undefined {
  if (from === goal) return [from];
  if (seen.has(from)) return undefined;
  seen.add(from);
  const document = documents.all.find((each) => each.uri.toString() === from);
  for (const target of document === undefined ? [] : importTargets(document)) {
    const rest = findTrail(target.toString(), goal, documents, seen);
    if (rest !== undefined) return [from, ...rest];
  }
  return undefined;
}

export const checkInheritance: Check<Extensible> = (declaration, { report }) => {
  const problem = inheritanceProblem(declaration);
  if (problem === 'too-deep')
    report('BENCH2014', { node: declaration, property: 'base' }, { maximum: MAXIMUM_INHERITANCE });
  if (problem !== 'cyclic') return;
  const names = [declaration.name];
  for (let base = declaration.base?.ref; base !== undefined && base !== declaration; base = base.base?.ref)
    names.push(base.name);
  report('BENCH2005', { node: declaration, property: 'base' }, { cycle: [...names, declaration.name].join(' → ') });
};

/** A value is judged where its param is declared, not where it is used. */
export const checkParam: Check<Param> = (param, { report, environment }) => {
  if (param.value === undefined) return;
  const behind = paramsBehind(param);
  const place = { node: param, property: 'name' };
  if (behind === 'too-many') report('BENCH2015', place, { name: param.name, maximum: MAXIMUM_PARAMS_BEHIND });
  else if (behind.has(param)) report('BENCH2009', place, { name: param.name });
  else evaluate(param.value, environment, report);
};

/** Only in files that run something: everything in a library is for others. */
export const checkUnused: Check<BenchFile> = (file, context) => {
  if (!runsSomething(file)) return;
  const used = usedHere(file);
  for (const declaration of file.declarations) {
    if (!UNUSED_KINDS.has(declaration.$type) || declaration.name === undefined || used.nodes.has(declaration)) continue;
    if (context.index.findAllReferences(declaration, context.pathOf(declaration)).isEmpty())
      context.report(
        'BENCH2007',
        { node: declaration, property: 'name' },
        { kind: kindOf(declaration), name: declaration.name },
      );
  }
  for (const node of file.imports) {
    const target = importTarget(node);
    if (target !== undefined && !used.files.has(target.toString()))
      context.report('BENCH2008', { node }, { path: node.path ?? '' });
  }
};

/** What this file's references lead to: asking the index for each declaration would go through all references each time. */
function usedHere(file: BenchFile): { readonly nodes: ReadonlySet<AstNode>; readonly files: ReadonlySet<string> } {
  const nodes = new Set<AstNode>();
  const files = new Set<string>();
  for (const reference of AstUtils.getDocument(file).references) {
    if (!('$nodeDescription' in reference)) continue;
    if (reference.ref !== undefined) nodes.add(reference.ref);
    const uri = reference.$nodeDescription?.documentUri;
    if (uri !== undefined) files.add(uri.toString());
  }
  return { nodes, files };
}

const UNUSED_KINDS: ReadonlySet<string> = new Set(['Param', 'Backend', 'Dataset', 'Load', 'Sla', 'Monitor']);

function shortName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
