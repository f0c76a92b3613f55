/** Fixes of names: imported, declared, removed. */
import { nearest } from '../../../contract/nearest.ts';
import { isImport } from '../../ast.ts';
import { importEdit } from '../import-edit.ts';
import { fix, type Fix, type Problem } from './problem.ts';
import { exampleValue, skeletonOf } from './skeletons.ts';

export function importOrDeclare(problem: Problem): Fix[] {
  const name = problem.fact('name');
  const kind = problem.fact('kind');
  const type = kind.charAt(0).toUpperCase() + kind.slice(1);
  const imports = problem.around
    .importsOffering(type, name)
    .flatMap((path) => fix(`Import \`${name}\` from "${path}"`, [importEdit(problem.document, path)]));
  const skeleton = skeletonOf(kind, name, (each) => problem.around.namesHere(each));
  const declare =
    skeleton === undefined ? [] : fix(`Declare the ${kind} \`${name}\``, problem.addDeclaration(skeleton), false);
  return [...imports, ...declare];
}

/** A word where a value was expected, or a `${…}` that nobody fills in. */
export function declareParam(problem: Problem): Fix[] {
  const name = problem.fact('name');
  if (!/^[A-Za-z_][\w-]*$/.test(name)) return [];
  const value = problem.code === 'BENCH3016' ? '"…"' : exampleValue(problem.fact('expected'));
  const imports = problem.around
    .importsOffering('Param', name)
    .flatMap((path) => fix(`Import \`${name}\` from "${path}"`, [importEdit(problem.document, path)]));
  const declaration = `param ${name} = ${value}`;
  return [...imports, ...fix(`Declare the param: \`${declaration}\``, problem.addDeclaration(declaration), false)];
}

/** Only the declaration underlined: what refers to the name goes on meaning the other. */
export function renameSecond(problem: Problem): Fix[] {
  const name = problem.fact('name');
  if (problem.written !== name) return [];
  const words = new Set(problem.text.text.match(/[A-Za-z_][\w-]*/g));
  let number = 2;
  while (words.has(`${name}-${number}`)) number += 1;
  return fix(`Rename this one to \`${name}-${number}\``, [problem.replace(`${name}-${number}`)], false);
}

export function nearestImport(problem: Problem): Fix[] {
  const path = problem.fact('path');
  const bare = (each: string): string => each.replace(/^\.\//, '').replace(/\.bench$/, '');
  const paths = problem.around.importablePaths();
  const meant = nearest(bare(path), paths.map(bare));
  const found = paths.find((each) => bare(each) === meant);
  const change = found === undefined ? [] : fix(`Change to "${found}"`, [problem.replace(`"${found}"`)]);
  return [...change, ...removeImport(problem, change.length === 0)];
}

export function removeImport(problem: Problem, isPreferred = true): Fix[] {
  const node = problem.closest(isImport);
  return fix('Remove this import', problem.remove(node), isPreferred);
}

export function removeDeclaration(problem: Problem): Fix[] {
  const { declaration } = problem;
  return declaration === undefined
    ? []
    : fix(
        `Remove the unused ${problem.fact('kind')} \`${problem.fact('name')}\``,
        problem.text.removeDeclaration(declaration),
      );
}

export function removeExtends(problem: Problem): Fix[] {
  const before = /\bextends\s+$/.exec(problem.text.text.slice(0, problem.start))?.[0].length;
  if (before === undefined) return [];
  return fix('Remove `extends`', [problem.text.remove(problem.start - before, problem.end)], false);
}
