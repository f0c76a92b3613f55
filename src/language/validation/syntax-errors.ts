/** Where the text does not parse, something is always missing: that alone is worth saying. */
import type { AstNode } from 'langium';

export function hasSyntaxErrorWithin(node: AstNode): boolean {
  return syntaxErrorsWithin(node).length > 0;
}

/** Their offsets, counted from the beginning of the node. */
export function syntaxErrorsWithin(node: AstNode): number[] {
  let root = node;
  while (root.$container !== undefined) root = root.$container;
  const errors = root.$document?.parseResult.parserErrors ?? [];
  if (errors.length === 0) return [];
  const { offset = 0, end = 0 } = node.$cstNode ?? {};
  return errors.flatMap(({ token, previousToken }: { token: Token; previousToken?: Token }) => {
    // The end of the file has no offset.
    const at = token.startOffset >= 0 ? token.startOffset : (previousToken?.endOffset ?? end);
    return at >= offset && at <= end + 1 ? [at - offset] : [];
  });
}

interface Token {
  readonly startOffset: number;
  readonly endOffset?: number;
}
