/**
 * What the checks said of a declaration, for as long as nothing changes that they may have looked at: the declaration, all it refers to, directly or
 * not, and what is known of those in their files. A check that looks further is noticed (file-reads.ts), and its verdict is not kept.
 */
import type { AstNode } from 'langium';
import { isBenchFile } from '../ast.ts';
import { contentsOf, type Part } from '../references/contents.ts';
import { isExtended, runsSomething } from './gaps.ts';
import { syntaxErrorsWithin } from './syntax-errors.ts';

/** Everything a verdict rests on, in a fixed order; equal lists mean an equal verdict. */
export type Grounds = readonly unknown[];

/** With more than this behind it, a declaration is judged anew each time. */
const MOST_GROUNDS = 2000;

/** `undefined`: too much to compare. */
export function groundsOf(part: Part): Grounds | undefined {
  const grounds: unknown[] = [];
  const seen = new Set<AstNode>([part]);
  for (const each of seen) {
    const file = each.$container;
    if (!isBenchFile(file)) continue;
    grounds.push(each, isExtended(each), runsSomething(file), ...syntaxErrorsWithin(each));
    for (const { reference } of contentsOf(each as Part).references) {
      const target = 'ref' in reference ? reference.ref : undefined;
      grounds.push(target);
      if (target !== undefined) seen.add(target);
    }
    if (grounds.length > MOST_GROUNDS) return undefined;
  }
  return grounds;
}

export function areEqual(left: Grounds, right: Grounds): boolean {
  return left.length === right.length && left.every((each, index) => each === right[index]);
}

/** The declaration or import a node stands in; `undefined` for the file itself. */
export function partAround(node: AstNode): Part | undefined {
  let part = node;
  while (part.$container !== undefined && !isBenchFile(part.$container)) part = part.$container;
  return part.$container === undefined ? undefined : (part as Part);
}

export function lineOf(part: Part): number {
  return part.$cstNode?.range.start.line ?? 0;
}
