/**
 * What is in a declaration: its nodes and its references, found once for as long as the declaration lives. Langium walks the whole tree of a file in
 * each phase of each build, which costs more than what it does with what it finds.
 */
import { isAstNode, isReference, type AstNode, type ReferenceInfo } from 'langium';
import type { BenchFile, Declaration, Import } from '../ast.ts';

export type Part = Import | Declaration;

export interface Contents {
  /** Every node before those in it, the part itself first. */
  readonly nodes: readonly AstNode[];
  readonly references: readonly ReferenceInfo[];
}

/** What a file is made of: its imports, then its declarations. */
export function partsOf(file: BenchFile): readonly Part[] {
  return [...(file.imports ?? []), ...(file.declarations ?? [])];
}

export function contentsOf(part: Part): Contents {
  let contents = known.get(part);
  if (contents === undefined) known.set(part, (contents = collect(part)));
  return contents;
}

/** A tree never changes; a change of the text makes new ones. */
const known = new WeakMap<Part, Contents>();

function collect(part: Part): Contents {
  const nodes: AstNode[] = [];
  const references: ReferenceInfo[] = [];
  const visit = (node: AstNode): void => {
    nodes.push(node);
    for (const [property, value] of Object.entries(node)) {
      if (property.startsWith('$')) continue;
      if (!Array.isArray(value)) look(value, node, property);
      else for (const [index, each] of value.entries()) look(each, node, property, index);
    }
  };
  const look = (value: unknown, container: AstNode, property: string, index?: number): void => {
    if (isAstNode(value)) visit(value);
    else if (isReference(value))
      references.push({ reference: value, container, property, ...(index === undefined ? {} : { index }) });
  };
  visit(part);
  return { nodes, references };
}
