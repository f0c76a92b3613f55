/** Words for messages about values. */
import type { AstNode } from 'langium';
import { unitsOf, type Dimension } from '../../contract/units.ts';
import { isBenchFile, isParam } from '../ast.ts';

/** `` `a`, `b` `` */
export function listed(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The units of a dimension. */
export function unitWords(dimension: Dimension): string {
  return unitsOf(dimension)
    .map((unit) => unit.symbol)
    .join(', ');
}

/** Names of params in the same file, to suggest from. */
export function paramNamesNear(node: AstNode): string[] {
  let root = node;
  while (root.$container !== undefined) root = root.$container;
  return isBenchFile(root)
    ? root.declarations.filter(isParam).flatMap(({ name }: { name?: string }) => name ?? [])
    : [];
}
