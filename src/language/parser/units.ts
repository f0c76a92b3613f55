/** The declarations and imports of a parsed file as pieces of its text. */
import type { AstNode, CompositeCstNode, CstNode, LeafCstNode } from 'langium';
import type { BenchFile, Declaration, Import } from '../ast.ts';

export interface Unit {
  readonly part: Import | Declaration;
  readonly cst: CstNode;
  /** Its place among the nodes of the file, where comments and blanks are nodes too. */
  readonly index: number;
}

/** In the order of the text; `undefined` where a mistake left a part without text of its own. */
export function unitsOf(file: BenchFile): Unit[] | undefined {
  const root = file.$cstNode as CompositeCstNode | undefined;
  const parts = new Set<AstNode>([...file.imports, ...file.declarations]);
  const units: Unit[] = [];
  let end = 0;
  for (const [index, cst] of (root?.content ?? []).entries()) {
    if (!('content' in cst)) {
      if (!cst.hidden) return undefined;
      continue;
    }
    const part = cst.astNode as Unit['part'];
    if (!parts.delete(part) || part.$cstNode !== cst || cst.offset < end) return undefined;
    end = cst.end;
    units.push({ part, cst, index });
  }
  return parts.size === 0 ? units : undefined;
}

/** These words stand nowhere but at the beginning of a declaration, and here they stand at the beginning of a line. */
export function isCertainStart({ cst }: Unit): boolean {
  let first = cst;
  while ('content' in first) {
    const next = (first as CompositeCstNode).content[0];
    if (next === undefined) return false;
    first = next;
  }
  return first.range.start.character === 0 && CERTAIN_WORDS.has((first as LeafCstNode).tokenType.name);
}

/** The piece of the file's text that is enough to know what an offset stands in: from a certain start before it to one behind it. */
export function pieceAround(file: BenchFile, offset: number): { readonly start: number; readonly end: number } {
  const length = file.$cstNode?.root.fullText.length ?? 0;
  const starts = (unitsOf(file) ?? []).filter(isCertainStart).map(({ cst }) => cst.offset);
  return {
    start: starts.findLast((each) => each < offset) ?? 0,
    end: starts.find((each) => each > offset) ?? length,
  };
}

export const CERTAIN_WORDS: ReadonlySet<string> = new Set([
  'import',
  'param',
  'backend',
  'dataset',
  'sla',
  'monitor',
  'benchmark',
  'sweep',
  'search',
  'compare',
]);
