/** Which declarations may be incomplete: those that others extend, and those of a library. Their gaps show where a benchmark uses them. */
import type { AstNode } from 'langium';
import { isBenchFile, isBenchmark, type BenchFile } from '../ast.ts';
import { unnoticed } from './file-reads.ts';

export function mayHaveGaps(declaration: AstNode): boolean {
  const file = declaration.$container;
  return isBenchFile(file) && (!runsSomething(file) || isExtended(declaration));
}

/** In a file without a benchmark everything is for others. */
export function runsSomething(file: BenchFile): boolean {
  let known = runningFiles.get(file);
  if (known === undefined) {
    known = unnoticed(() => file.declarations.some((each) => isBenchmark(each)));
    runningFiles.set(file, known);
  }
  return known;
}

/** Asked for many declarations of a file; its declarations never change. */
const runningFiles = new WeakMap<BenchFile, boolean>();

export function isExtended(declaration: AstNode): boolean {
  const file = declaration.$container;
  return isBenchFile(file) && extendedIn(file).has(declaration);
}

function extendedIn(file: BenchFile): ReadonlySet<AstNode> {
  const links = file.$document?.references ?? file.declarations;
  let extended = extendedBy.get(links);
  if (extended === undefined) {
    extended = new Set(
      unnoticed(() => file.declarations.flatMap((each) => ('base' in each ? (each.base?.ref ?? []) : []))),
    );
    extendedBy.set(links, extended);
  }
  return extended;
}

/** By a document's list of references, of which linking makes a new one. */
const extendedBy = new WeakMap<object, ReadonlySet<AstNode>>();
