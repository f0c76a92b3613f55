/** Which declarations may be incomplete: those that others extend, and those of a library. Their gaps show where a benchmark uses them. */
import type { AstNode } from 'langium';
import { isBenchFile, isBenchmark, type BenchFile } from '../ast.ts';

export function mayHaveGaps(declaration: AstNode): boolean {
  const file = declaration.$container;
  return isBenchFile(file) && (!runsSomething(file) || isExtended(declaration));
}

/** In a file without a benchmark everything is for others. */
export function runsSomething(file: BenchFile): boolean {
  const known = runningFiles.get(file) ?? file.declarations.some((each) => isBenchmark(each));
  runningFiles.set(file, known);
  return known;
}

/** Asked for many declarations of a file; its declarations never change. */
const runningFiles = new WeakMap<BenchFile, boolean>();

export function isExtended(declaration: AstNode): boolean {
  const file = declaration.$container;
  return isBenchFile(file) && file.declarations.some((each) => 'base' in each && each.base?.ref === declaration);
}
