import { AstUtils, GrammarUtils, UriUtils, type LangiumDocument } from 'langium';
import type { DocumentLinkProvider } from 'langium/lsp';
import type { DocumentLink } from 'vscode-languageserver-protocol';
import { isFrom, isImport, isNamedText, isPlainText, type PlainText } from '../ast.ts';
import { importTarget } from '../references/imports.ts';

const FILE_SOURCES: ReadonlySet<string> = new Set(['sharegpt', 'jsonl', 'trace']);

/** Imports and data files open with a click. */
export class BenchDocumentLinkProvider implements DocumentLinkProvider {
  getDocumentLinks(document: LangiumDocument): DocumentLink[] {
    return AstUtils.streamAst(document.parseResult.value)
      .flatMap((node): DocumentLink[] => {
        if (isImport(node)) {
          const target = importTarget(node)?.toString();
          const range = GrammarUtils.findNodeForProperty(node.$cstNode, 'path')?.range;
          return target === undefined || range === undefined ? [] : [{ range, target }];
        }
        if (isFrom(node) && FILE_SOURCES.has(node.source ?? '') && isPlainText(node.argument))
          return linkTo(node.argument, document);
        if (isNamedText(node) && node.label === 'file' && isPlainText(node.text)) return linkTo(node.text, document);
        return [];
      })
      .toArray();
  }
}

function linkTo(text: PlainText, document: LangiumDocument): DocumentLink[] {
  const range = text.$cstNode?.range;
  if (range === undefined || text.value === '' || /[*?]/.test(text.value)) return [];
  return [{ range, target: UriUtils.resolvePath(UriUtils.dirname(document.uri), text.value).toString() }];
}
