/** What is written in a benchmark's slot, made a declaration, and back. Neither changes what is sent. */
import { AstUtils, CstUtils, GrammarUtils, type AstNode, type LangiumDocument } from 'langium';
import type { LangiumServices } from 'langium/lsp';
import * as ast from '../../ast.ts';
import { benchFileOf } from '../../references/imports.ts';
import { EditedText, spanOf } from './edit-blocks.ts';
import { fix, type Fix } from './problem.ts';

type Slot = ast.On | ast.Send | ast.LoadSlot | ast.Expect | ast.Watch;
type Extractable = ast.Backend | ast.Dataset | ast.Load | ast.Sla | ast.Monitor;

const KINDS: Readonly<Record<Slot['$type'], string>> = {
  On: 'backend',
  Send: 'dataset',
  LoadSlot: 'load',
  Expect: 'sla',
  Watch: 'monitor',
};

/** `on { … }` → `backend nightly-backend { … }` above the benchmark, and `on nightly-backend`. */
export function extractInline(document: LangiumDocument, offset: number): Fix[] {
  const slot = slotAt(document, offset);
  const inline = spanOf(slot?.inline);
  const benchmark = slot?.$container;
  const before = spanOf(benchmark)?.start;
  if (slot === undefined || inline === undefined || before === undefined || benchmark === undefined) return [];
  const text = new EditedText(document);
  if (text.text[inline.end - 1] !== '}') return [];
  const kind = KINDS[slot.$type];
  const name = freeName(document, `${benchmark.name}-${kind}`);
  const body = shifted(text.text.slice(inline.start, inline.end), text.indentAt(inline.start), text.indentAt(before));
  return fix(
    `Extract to the ${kind} \`${name}\``,
    [text.addDeclaration(before, `${kind} ${name} ${body}`), text.replace(inline.start, inline.end, name)],
    false,
  );
}

/** Only what stands alone: paths in another file are relative to that file, and what is inherited is not in the text. */
export function inlineDeclaration(
  document: LangiumDocument,
  offset: number,
  references: LangiumServices['references']['References'],
): Fix[] {
  const slot = slotAt(document, offset);
  const named = slot === undefined ? undefined : namedIn(slot);
  if (slot === undefined || named === undefined) return [];
  const { target, name } = named;
  const body = spanOf(target.body);
  const written = spanOf(slot);
  const isPlain = AstUtils.getDocument(target) === document && target.base === undefined;
  if (body === undefined || written === undefined || !isPlain) return [];
  const text = new EditedText(document);
  const from = text.indentAt(spanOf(target)?.start ?? body.start);
  const block = shifted(text.text.slice(body.start, body.end), from, text.indentAt(written.start));
  const isUsedElsewhere = references.findReferences(target, { includeDeclaration: false }).count() > 1;
  return fix(
    `Write the ${target.$type.toLowerCase()} \`${target.name}\` in place${isUsedElsewhere ? '' : ', and remove it'}`,
    [text.replace(name.offset, name.end, block), ...(isUsedElsewhere ? [] : text.removeDeclaration(target))],
    false,
  );
}

function slotAt(document: LangiumDocument, offset: number): Slot | undefined {
  const root = document.parseResult.value.$cstNode;
  const leaf = root === undefined ? undefined : CstUtils.findLeafNodeAtOffset(root, offset);
  return leaf === undefined ? undefined : AstUtils.getContainerOfType(leaf.astNode, isSlot);
}

function isSlot(node: AstNode): node is Slot {
  return node.$type in KINDS;
}

/** The one declaration a slot names; a list of several has no place for a block. */
function namedIn(slot: Slot): { target: Extractable; name: { offset: number; end: number } } | undefined {
  const list = ast.isExpect(slot) ? slot.slas : ast.isWatch(slot) ? slot.monitors : undefined;
  const single = ast.isOn(slot)
    ? slot.backend
    : ast.isSend(slot)
      ? slot.dataset
      : ast.isLoadSlot(slot)
        ? slot.load
        : list?.[0];
  const target = single?.ref;
  const name = single?.$refNode;
  if (target === undefined || name === undefined || (list !== undefined && list.length !== 1)) return undefined;
  return GrammarUtils.findNodeForKeyword(slot.$cstNode, ',') === undefined ? { target, name } : undefined;
}

/** Lines after the first keep their place below it. */
function shifted(block: string, from: string, to: string): string {
  return block.replaceAll(new RegExp(`\\n${from}`, 'g'), `\n${to}`);
}

function freeName(document: LangiumDocument, wanted: string): string {
  const names = new Set((benchFileOf(document).declarations ?? []).map(({ name }) => name));
  let name = wanted;
  for (let number = 2; names.has(name); number++) name = `${wanted}-${number}`;
  return name;
}
