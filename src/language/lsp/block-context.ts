/**
 * Where in a file a position is, told from the tokens before it. It works on half-typed text, where the syntax tree has no node yet,
 * and serves completion and hover alike.
 */
import type { LexerResult } from 'langium';
import { findBackend } from '../../contract/catalog/backends.ts';
import { BLOCKS, type BlockItem, type BlockKind } from '../../contract/catalog/blocks.ts';
import { findDataset } from '../../contract/catalog/datasets.ts';
import type { CatalogEntry } from '../../contract/catalog/describe.ts';
import { findMonitor } from '../../contract/catalog/monitors.ts';

export type Token = LexerResult['tokens'][number];

/** One open block. */
export interface Frame {
  /** `undefined`: a block of unknown meaning. */
  readonly block: BlockKind | undefined;
  /** Protocol or source named in it, from the whole block where it is closed, else from what stands before the position. */
  entry: CatalogEntry | undefined;
  /** The item whose value is being written or was written last. */
  word: string | undefined;
  /** Every item begun in it so far. */
  readonly words: Set<string>;
  /** Tokens since that word; in `sla` and `file` since the statement began. */
  since: Token[];
}

export interface BlockContext {
  readonly frames: readonly Frame[];
  readonly frame: Frame;
  readonly call: OpenCall | undefined;
  /** The word being typed, which ends at the position. */
  readonly partial: Token | undefined;
}

/** A function whose parentheses are open. */
export interface OpenCall {
  readonly name: string;
  /** The number of the argument being written, from 0. */
  argument: number;
  /** Tokens of that argument so far. */
  since: Token[];
}

/** What `on { … }`, `stage s { … }` and the like open. */
const OPENED_BY: Readonly<Record<string, BlockKind>> = {
  on: 'backend',
  send: 'dataset',
  expect: 'sla',
  watch: 'monitor',
  load: 'load',
};
const DECLARATIONS: ReadonlySet<string> = new Set(Object.keys(BLOCKS.file));

/** Items and options that may stand in this frame, by name. */
export function itemsOf(frame: Frame): Readonly<Record<string, BlockItem>> {
  const own = frame.block === undefined ? {} : BLOCKS[frame.block];
  const options = Object.fromEntries(
    Object.entries(frame.entry?.options ?? {}).map(([name, option]): [string, BlockItem] => [
      name,
      {
        doc: option.doc,
        takes: option.type,
        ...(option.defaultText === undefined ? {} : { defaultText: option.defaultText }),
      },
    ]),
  );
  return { ...own, ...options };
}

/** `position` is an offset; a word that ends right there is `partial` unless `includeLast`. */
export function contextAt(tokens: readonly Token[], position: number, includeLast = false): BlockContext {
  const before = tokens.filter((token) => token.startOffset < position);
  const last = before[before.length - 1];
  const touches =
    last !== undefined &&
    last.startOffset + last.image.length >= position &&
    /[\w%°µ.-]$/.test(last.image) &&
    !/^\.+$/.test(last.image);
  const partial = touches && !includeLast ? last : undefined;
  const done = partial === undefined ? before : before.slice(0, -1);

  const frames: Frame[] = [{ block: 'file', entry: undefined, word: undefined, words: new Set(), since: [] }];
  const calls: OpenCall[] = [];
  for (const [index, token] of done.entries()) {
    const frame = frames[frames.length - 1];
    if (frame === undefined) break;
    switch (token.image) {
      case '{':
        frames.push({
          block: blockOpenedBy(frame),
          entry: entryIn(tokens, tokens.indexOf(token)),
          word: undefined,
          words: new Set(),
          since: [],
        });
        break;
      case '}':
        if (frames.length > 1) frames.pop();
        frames[frames.length - 1]?.since.push(token);
        break;
      case '(':
        calls.push({ name: done[index - 1]?.image ?? '', argument: 0, since: [] });
        break;
      case ')':
        calls.pop();
        frame.since.push(token);
        break;
      default: {
        const call = calls[calls.length - 1];
        if (call !== undefined) {
          if (token.image === ',') {
            call.argument += 1;
            call.since = [];
          } else call.since.push(token);
        } else if (beginsItem(frame, token)) {
          frame.word = token.image;
          frame.words.add(token.image);
          frame.since = [];
        } else frame.since.push(token);
      }
    }
  }
  const frame = frames[frames.length - 1];
  if (frame === undefined) throw new Error('Broken invariant: the file is always open');
  return { frames, frame, call: calls[calls.length - 1], partial };
}

/** True while the frame's item still lacks its value. */
export function awaitsValue(frame: Frame): boolean {
  return frame.word !== undefined && frame.since.length === 0 && itemsOf(frame)[frame.word]?.takes !== undefined;
}

function beginsItem(frame: Frame, token: Token): boolean {
  if (frame.block === 'file') return DECLARATIONS.has(token.image) && !endsWithDeclaration(frame);
  if (frame.block === 'sla') return false;
  return !awaitsValue(frame) && Object.hasOwn(itemsOf(frame), token.image);
}

/** `benchmark load {` : the second word is a name. */
function endsWithDeclaration(frame: Frame): boolean {
  return frame.word !== undefined && frame.since.length === 0;
}

function blockOpenedBy(frame: Frame): BlockKind | undefined {
  if (frame.word === undefined) return undefined;
  if (frame.block === 'file') return frame.word in BLOCKS ? (frame.word as BlockKind) : undefined;
  if (frame.block === 'benchmark' && OPENED_BY[frame.word] !== undefined) return OPENED_BY[frame.word];
  const takes = itemsOf(frame)[frame.word]?.takes;
  return takes?.kind === 'block' ? takes.block : undefined;
}

/** The catalog entry named by `protocol x` or `from x` directly inside the block that opens at this token. */
function entryIn(tokens: readonly Token[], open: number): CatalogEntry | undefined {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    const image = tokens[index]?.image;
    if (image === '{') depth++;
    else if (image === '}' && --depth === 0) return undefined;
    else if (depth === 1 && (image === 'protocol' || image === 'from')) {
      const id = dottedNameAt(tokens, index + 1);
      return image === 'protocol' ? findBackend(id) : (findDataset(id) ?? findMonitor(id));
    }
  }
  return undefined;
}

/** `openai.chat` is three tokens. */
export function dottedNameAt(tokens: readonly Token[], index: number): string {
  let name = tokens[index]?.image ?? '';
  for (let next = index + 1; tokens[next]?.image === '.'; next += 2) name += `.${tokens[next + 1]?.image ?? ''}`;
  return name;
}
