/** A value that stands in no text, as a node: what a study gives to a setting is lowered as if it were written there. */
import type { AstNode } from 'langium';
import type { Value } from '../ast.ts';
import type { EvaluatedValue } from './value.ts';

const GIVEN = Symbol('given');

/** `container` is what it was given in; paths are relative to its file. */
export function givenValue(value: EvaluatedValue, container: AstNode): Value {
  return { $type: 'NumberLiteral', $container: container, value: Number.NaN, [GIVEN]: value } as unknown as Value;
}

export function givenOf(node: AstNode): EvaluatedValue | undefined {
  return (node as { [GIVEN]?: EvaluatedValue })[GIVEN];
}
