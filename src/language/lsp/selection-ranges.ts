/** "Expand selection": the word, its value, the statement, the inside of the block, the block, the declaration, the file. */
import { CstUtils, DocumentState, GrammarUtils, URI, type CstNode, type LangiumDocument } from 'langium';
import type { LangiumSharedServices } from 'langium/lsp';
import type { Position, Range, SelectionRange } from 'vscode-languageserver-protocol';

/** Langium has no service for it, so the request is answered here. */
export function registerSelectionRanges(shared: LangiumSharedServices): void {
  shared.lsp.Connection?.onSelectionRanges(async ({ textDocument, positions }) => {
    const uri = URI.parse(textDocument.uri);
    await shared.workspace.WorkspaceManager.ready;
    if (!shared.workspace.LangiumDocuments.hasDocument(uri)) return null;
    await shared.workspace.DocumentBuilder.waitUntil(DocumentState.Parsed, uri);
    const document = shared.workspace.LangiumDocuments.getDocument(uri);
    return document === undefined ? null : positions.map((position) => selectionRangeAt(document, position));
  });
}

export function selectionRangeAt(document: LangiumDocument, position: Position): SelectionRange {
  const { textDocument } = document;
  const offset = textDocument.offsetAt(position);
  const spans = [...spansAt(document, offset), { start: 0, end: textDocument.getText().length }];
  const growing = spans.reduce<Span[]>((kept, span) => (isLarger(span, kept.at(-1)) ? [...kept, span] : kept), []);
  const toRange = ({ start, end }: Span): Range => ({
    start: textDocument.positionAt(start),
    end: textDocument.positionAt(end),
  });
  const [first, ...rest] = growing.reverse();
  const outermost: SelectionRange = { range: toRange(first ?? { start: offset, end: offset }) };
  return rest.reduce<SelectionRange>((parent, span) => ({ range: toRange(span), parent }), outermost);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function isLarger(span: Span, inner: Span | undefined): boolean {
  if (inner === undefined) return true;
  return span.start <= inner.start && span.end >= inner.end && (span.start < inner.start || span.end > inner.end);
}

/** From the inside out. */
function spansAt(document: LangiumDocument, offset: number): Span[] {
  const root = document.parseResult.value.$cstNode;
  if (root === undefined) return [];
  const text = document.textDocument.getText();
  const isInside = (node: CstNode): boolean => node.offset <= offset && offset <= node.end && node.length > 0;
  // At the end of a word the cursor still belongs to it.
  const leaf = CstUtils.findLeafNodeAtOffset(root, offset) ?? CstUtils.findLeafNodeBeforeOffset(root, offset);
  const spans: Span[] = [];
  if (leaf !== undefined && isInside(leaf)) spans.push(...insideText(leaf, text, offset));
  for (let node: CstNode | undefined = leaf; node !== undefined; node = node.container) {
    if (!isInside(node)) continue;
    spans.push(...insideBraces(node, offset), { start: node.offset, end: node.end });
  }
  return spans.filter(({ start, end }) => end > start);
}

/** The word under the cursor in a text, and the text without its quotes. */
function insideText({ offset: start, end, text: image }: CstNode, text: string, offset: number): Span[] {
  const quotes = /^("""|"|\})/.exec(image)?.[0];
  if (quotes === undefined) return [];
  const closing = /("""|"|\$\{)$/.exec(image)?.[0] ?? '';
  const inner = { start: start + quotes.length, end: Math.max(start + quotes.length, end - closing.length) };
  if (offset < inner.start || offset > inner.end) return [];
  const before = /[\w-]*$/.exec(text.slice(inner.start, offset))?.[0].length ?? 0;
  const after = /^[\w-]*/.exec(text.slice(offset, inner.end))?.[0].length ?? 0;
  return [{ start: offset - before, end: offset + after }, inner];
}

/** What stands between the braces or brackets of a block. */
function insideBraces(node: CstNode, offset: number): Span[] {
  const [open] = GrammarUtils.findNodesForKeyword(node, '{');
  const close = GrammarUtils.findNodesForKeyword(node, '}').at(-1);
  if (open === undefined || close === undefined || offset < open.end || offset > close.offset) return [];
  const inside = node.root.fullText.slice(open.end, close.offset);
  const start = open.end + (inside.length - inside.trimStart().length);
  const end = close.offset - (inside.length - inside.trimEnd().length);
  return [
    { start, end },
    { start: open.offset, end: close.end },
  ];
}
