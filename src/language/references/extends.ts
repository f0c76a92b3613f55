/** What a declaration inherits. */
import type { Backend, Benchmark, Dataset, Load, Monitor, Sla } from '../ast.ts';

export type Extensible = Backend | Dataset | Load | Sla | Monitor | Benchmark;

/** The declaration and those it extends, the most distant first. A cycle is cut where it closes; a check reports it. */
export function inheritanceOf<Declaration extends Extensible>(declaration: Declaration): Declaration[] {
  const chain: Declaration[] = [];
  let current: Declaration | undefined = declaration;
  while (current !== undefined && !chain.includes(current)) {
    chain.unshift(current);
    current = current.base?.ref as Declaration | undefined;
  }
  return chain;
}

export function isCyclic(declaration: Extensible): boolean {
  const seen = new Set<Extensible>();
  let current: Extensible | undefined = declaration;
  while (current !== undefined && !seen.has(current)) {
    seen.add(current);
    current = current.base?.ref;
  }
  return current === declaration;
}
