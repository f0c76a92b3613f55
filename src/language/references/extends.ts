/** What a declaration inherits. */
import type { AstNode } from 'langium';
import {
  isBackend,
  isBenchmark,
  isDataset,
  isLoad,
  isMonitor,
  isSla,
  type Backend,
  type Benchmark,
  type Dataset,
  type Load,
  type Monitor,
  type Sla,
} from '../ast.ts';

/** Deeper than anybody builds on purpose. */
export const MAXIMUM_INHERITANCE = 50;

export type Extensible = Backend | Dataset | Load | Sla | Monitor | Benchmark;

export function isExtensible(node: AstNode): node is Extensible {
  return isBackend(node) || isDataset(node) || isLoad(node) || isMonitor(node) || isSla(node) || isBenchmark(node);
}

/** The declaration and those it extends, the most distant first. A cycle is cut where it closes, and what is too deep is cut too; a check reports both. */
export function inheritanceOf<Declaration extends Extensible>(declaration: Declaration): Declaration[] {
  const chain = new Set<Declaration>();
  let current: Declaration | undefined = declaration;
  while (current !== undefined && !chain.has(current) && chain.size <= MAXIMUM_INHERITANCE) {
    chain.add(current);
    current = current.base?.ref as Declaration | undefined;
  }
  return [...chain].reverse();
}

/** What is wrong with a chain of `extends`: it comes back to where it began, or has no end in sight. */
export function inheritanceProblem(declaration: Extensible): 'cyclic' | 'too-deep' | undefined {
  let current = declaration.base?.ref;
  for (let depth = 1; current !== undefined; depth++) {
    if (current === declaration) return 'cyclic';
    if (depth > MAXIMUM_INHERITANCE) return 'too-deep';
    current = current.base?.ref;
  }
  return undefined;
}
