/** A diagnostic as fixes see it: what it says, the text it underlines, and the syntax there. */
import { AstUtils, CstUtils, GrammarUtils, type AstNode, type LangiumDocument } from 'langium';
import type { Diagnostic, TextEdit } from 'vscode-languageserver-protocol';
import type { Declaration } from '../../ast.ts';
import type { DiagnosticCode } from '../../validation/diagnostics.ts';
import { EditedText, spanOf } from './edit-blocks.ts';

export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** What an editor does when asked to fix without being told how. */
  readonly isPreferred?: boolean;
}

/** What fixes may ask of the workspace. */
export interface FixSurroundings {
  /** Declarations that an import of this path would make known here, anywhere in the workspace. */
  importsOffering(type: string, name: string): readonly string[];
  /** Files that could be imported, as paths from here. */
  importablePaths(): readonly string[];
  /** Names of this kind that are known here. */
  namesHere(type: string): readonly string[];
  /** Names of the files in a folder, relative to this file. */
  filesIn(folder: string): Promise<readonly string[]>;
}

export class Problem {
  readonly code: DiagnosticCode;
  readonly diagnostic: Diagnostic;
  readonly document: LangiumDocument;
  readonly around: FixSurroundings;
  readonly text: EditedText;
  readonly start: number;
  readonly end: number;
  /** What is underlined. */
  readonly written: string;

  constructor(code: DiagnosticCode, diagnostic: Diagnostic, document: LangiumDocument, around: FixSurroundings) {
    this.code = code;
    this.diagnostic = diagnostic;
    this.document = document;
    this.around = around;
    this.text = new EditedText(document);
    [this.start, this.end] = this.text.offsetsOf(diagnostic.range);
    this.written = this.text.text.slice(this.start, this.end);
  }

  /** A fact of the message, as text; empty where it has none. */
  fact(name: string): string {
    const { props } = (this.diagnostic.data ?? {}) as { props?: Readonly<Record<string, unknown>> };
    const value = props?.[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  }

  /** The smallest node that covers what is underlined. */
  get node(): AstNode | undefined {
    const root = this.document.parseResult.value.$cstNode;
    const leaf = root === undefined ? undefined : CstUtils.findLeafNodeAtOffset(root, this.start);
    let node: AstNode | undefined = leaf?.astNode;
    while (node?.$cstNode !== undefined && (node.$cstNode.offset > this.start || node.$cstNode.end < this.end))
      node = node.$container;
    return node;
  }

  closest<Node extends AstNode>(isNode: (node: AstNode) => node is Node): Node | undefined {
    const { node } = this;
    return node === undefined ? undefined : AstUtils.getContainerOfType(node, isNode);
  }

  /** The declaration of the file in which it stands. */
  get declaration(): Declaration | undefined {
    let node = this.node;
    while (node?.$container?.$container !== undefined) node = node.$container;
    return node?.$container === undefined ? undefined : (node as Declaration);
  }

  replace(newText: string): TextEdit {
    return this.text.replace(this.start, this.end, newText);
  }

  /** Of a node, whole; of several nodes at once where the last is given too. */
  remove(node: AstNode | undefined): TextEdit[] {
    const span = spanOf(node);
    return span === undefined ? [] : [this.text.remove(span.start, span.end)];
  }

  /** Writes an item at the end of a node's own braces. */
  addItem(node: AstNode | undefined, item: string): TextEdit[] {
    const open = GrammarUtils.findNodeForKeyword(node?.$cstNode, '{');
    const close = GrammarUtils.findNodesForKeyword(node?.$cstNode, '}').at(-1);
    return open === undefined || close === undefined ? [] : [this.text.addItem(open.offset, close.offset, item)];
  }

  addDeclaration(text: string): TextEdit[] {
    const at = spanOf(this.declaration)?.start;
    return at === undefined ? [] : [this.text.addDeclaration(at, text)];
  }
}

/** The first edit of none is no fix. */
export function fix(title: string, edits: readonly TextEdit[], isPreferred = true): Fix[] {
  return edits.length === 0 ? [] : [{ title, edits, isPreferred }];
}
