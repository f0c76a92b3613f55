/** Edits that keep a file looking as a person would leave it: what is removed leaves no hole, what is added stands where its neighbours do. */
import type { AstNode, LangiumDocument } from 'langium';
import type { Range, TextEdit } from 'vscode-languageserver-protocol';

/** One file's text, addressed by offsets. */
export class EditedText {
  readonly text: string;
  readonly #document: LangiumDocument['textDocument'];

  constructor(document: LangiumDocument) {
    this.#document = document.textDocument;
    this.text = document.textDocument.getText();
  }

  replace(start: number, end: number, newText: string): TextEdit {
    return { range: { start: this.#document.positionAt(start), end: this.#document.positionAt(end) }, newText };
  }

  insert(offset: number, newText: string): TextEdit {
    return this.replace(offset, offset, newText);
  }

  offsetsOf({ start, end }: Range): readonly [number, number] {
    return [this.#document.offsetAt(start), this.#document.offsetAt(end)];
  }

  /** The blanks its line begins with. */
  indentAt(offset: number): string {
    return /^[ \t]*/.exec(this.text.slice(this.lineStart(offset)))?.[0] ?? '';
  }

  lineStart(offset: number): number {
    return this.text.lastIndexOf('\n', offset - 1) + 1;
  }

  /** Behind the line break. */
  lineEnd(offset: number): number {
    const at = this.text.indexOf('\n', offset);
    return at < 0 ? this.text.length : at + 1;
  }

  /** Whole lines where nothing else stands on them, else the words with the blanks that parted them from their neighbours. */
  remove(start: number, end: number): TextEdit {
    const lineStart = this.lineStart(start);
    const lineEnd = this.lineEnd(end);
    const isAlone = /^\s*$/.test(this.text.slice(lineStart, start)) && /^\s*$/.test(this.text.slice(end, lineEnd));
    if (isAlone) return this.replace(lineStart, lineEnd, '');
    const before = /[ \t]*$/.exec(this.text.slice(0, start))?.[0].length ?? 0;
    return this.replace(start - before, end, '');
  }

  /** A declaration with the comments right above it and one of the blank lines around it. */
  removeDeclaration(node: AstNode): TextEdit[] {
    const span = spanOf(node);
    if (span === undefined) return [];
    const start = this.startWithComments(span.start);
    const edit = this.remove(start, span.end);
    const [from, to] = this.offsetsOf(edit.range);
    const hasBlankBefore = from === 0 || /\n[ \t]*\r?\n$/.test(this.text.slice(0, from));
    const blankAfter = /^[ \t]*\r?\n/.exec(this.text.slice(to))?.[0].length ?? 0;
    return [hasBlankBefore ? this.replace(from, to + blankAfter, '') : edit];
  }

  /** Where the comments begin that stand on the lines right above. */
  startWithComments(offset: number): number {
    let start = this.lineStart(offset);
    if (/\S/.test(this.text.slice(start, offset))) return offset;
    for (;;) {
      const previous = this.lineStart(start - 1);
      const line = this.text.slice(previous, start);
      if (start === 0 || !/^[ \t]*(\/\/(?!\s*[─━═]{2})|\/\*.*\*\/\s*$|\*)/.test(line)) return start;
      start = previous;
    }
  }

  /** An item at the end of a block `{ … }` that begins at `open` and whose `}` is at `close`. */
  addItem(open: number, close: number, item: string): TextEdit {
    const inside = this.text.slice(open + 1, close);
    const indent = this.indentAt(open);
    if (!inside.includes('\n')) {
      const end = open + 1 + inside.trimEnd().length;
      return this.replace(end, close, `${inside.trim() === '' ? ' ' : '  '}${item} `);
    }
    const first = /\n([ \t]+)\S/.exec(inside)?.[1] ?? `${indent}  `;
    const end = open + 1 + inside.trimEnd().length;
    return this.insert(end, `\n${first}${item.replaceAll('\n', `\n${first}`)}`);
  }

  /** A declaration before the one that contains this offset. */
  addDeclaration(before: number, declaration: string): TextEdit {
    return this.insert(this.startWithComments(before), `${declaration}\n\n`);
  }
}

export function spanOf(node: AstNode | undefined): { readonly start: number; readonly end: number } | undefined {
  const cst = node?.$cstNode;
  return cst === undefined ? undefined : { start: cst.offset, end: cst.end };
}

/** A snippet of the catalog with its placeholders filled in. */
export function withoutPlaceholders(snippet: string): string {
  return snippet.replaceAll(/\$\{\d+:([^}]*)\}/g, '$1').replaceAll(/\$\d+/g, '');
}
