/** Doc comments: lines that begin with three slashes, or one block that begins with two stars, right above a declaration. */
import { CstUtils, type AstNode, type CstNode, type DocumentationProvider } from 'langium';

export class BenchDocumentationProvider implements DocumentationProvider {
  getDocumentation(node: AstNode): string | undefined {
    return docOf(node);
  }
}

export function docOf(node: AstNode): string | undefined {
  const comments = commentsAbove(node.$cstNode);
  const last = comments.at(-1);
  if (last === undefined) return undefined;
  if (last.text.startsWith('/**')) return textOfBlock(last.text);
  const lines: string[] = [];
  for (const comment of comments.reverse()) {
    const text = /^\/\/\/(?!\/) ?(.*)$/.exec(comment.text)?.[1];
    if (text === undefined) break;
    lines.unshift(text.trimEnd());
  }
  return lines.length === 0 ? undefined : lines.join('\n');
}

/** Comments directly above, without an empty line between, in the order written. */
function commentsAbove(start: CstNode | undefined): CstNode[] {
  const found: CstNode[] = [];
  let below = start;
  while (below !== undefined) {
    const above: CstNode | undefined = CstUtils.getPreviousNode(below, true);
    if (above?.hidden !== true || below.range.start.line - above.range.end.line > 1) break;
    // A comment behind something belongs to that, not to what follows.
    const before = CstUtils.getPreviousNode(above, true);
    if (before !== undefined && !before.hidden && before.range.end.line === above.range.start.line) break;
    found.unshift(above);
    below = above;
  }
  return found;
}

function textOfBlock(comment: string): string | undefined {
  const lines = comment
    .slice(3, -2)
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd());
  const text = lines.join('\n').trim();
  return text === '' ? undefined : text;
}
