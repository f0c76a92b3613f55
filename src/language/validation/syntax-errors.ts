/** Where the text does not parse, something is always missing: that alone is worth saying. */
import type { AstNode, ParseResult } from 'langium';

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
  const offsets = offsetsOf(errors);
  const first = firstFrom(offsets, offset);
  return offsets.slice(first, firstFrom(offsets, end + 2)).map((at) => at - offset);
}

type Errors = ParseResult['parserErrors'];

/** In order: a text of nothing but mistakes is asked as often as it has any. */
function offsetsOf(errors: Errors): readonly number[] {
  let offsets = known.get(errors);
  if (offsets === undefined) {
    offsets = errors.map(({ token, previousToken }: { token: Token; previousToken?: Token }) =>
      // The end of the file has no offset.
      token.startOffset >= 0 ? token.startOffset : (previousToken?.endOffset ?? 0),
    );
    known.set(
      errors,
      offsets.sort((left, right) => left - right),
    );
  }
  return offsets;
}

const known = new WeakMap<Errors, number[]>();

interface Token {
  readonly startOffset: number;
  readonly endOffset?: number;
}

/** Index of the first that is not smaller. */
function firstFrom(sorted: readonly number[], least: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
