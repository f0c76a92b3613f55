/** Where the text does not parse, something is always missing: that alone is worth saying. */
import type { AstNode } from 'langium';

export function hasSyntaxErrorWithin(node: AstNode): boolean {
  let root = node;
  while (root.$container !== undefined) root = root.$container;
  const errors = root.$document?.parseResult.parserErrors ?? [];
  const { offset = 0, end = 0 } = node.$cstNode ?? {};
  return errors.some(({ token, previousToken }: { token: Token; previousToken?: Token }) => {
    const at = Number.isNaN(token.startOffset) ? (previousToken?.endOffset ?? end) : token.startOffset;
    return at >= offset && at <= end + 1;
  });
}

interface Token {
  readonly startOffset: number;
  readonly endOffset?: number;
}
