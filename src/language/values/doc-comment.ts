/** The doc comment of a declaration: `///` lines, or a block that begins with two stars, directly above it. */
import { AstUtils, type AstNode } from 'langium';

export function docCommentOf(node: AstNode): string | undefined {
  const offset = node.$cstNode?.offset;
  if (offset === undefined) return undefined;
  const above = AstUtils.getDocument(node).textDocument.getText().slice(0, offset);
  const block = /\/\*\*((?:[^*]|\*(?!\/))*)\*\/\s*$/.exec(above)?.[1];
  const lines = /((?:^|\n)[ \t]*\/\/\/[^\n]*)+\s*$/.exec(above)?.[0];
  const text = (block ?? lines ?? '')
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*(\/\/\/|\*) ?/, '').trimEnd())
    .join('\n')
    .trim();
  return text === '' ? undefined : text;
}
