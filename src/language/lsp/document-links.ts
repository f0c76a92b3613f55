import { AstUtils, GrammarUtils, UriUtils, type LangiumDocument } from 'langium';
import type { DocumentLinkProvider } from 'langium/lsp';
import type { DocumentLink } from 'vscode-languageserver-protocol';
import type { OptionType } from '../../contract/catalog/describe.ts';
import { findDataset } from '../../contract/catalog/datasets.ts';
import { isFrom, isImport, isLimit, isNamedText, isPlainText, isProperty, type Text } from '../ast.ts';
import { importTarget } from '../references/imports.ts';
import { findPropertyEntry } from '../schema/property-entry.ts';

/** Imports, data files, templates, certificates and baselines open with a click. Which texts are files is the catalog's to say. */
export class BenchDocumentLinkProvider implements DocumentLinkProvider {
  getDocumentLinks(document: LangiumDocument): DocumentLink[] {
    return AstUtils.streamAst(document.parseResult.value)
      .flatMap((node): DocumentLink[] => {
        if (isImport(node)) {
          const target = importTarget(node)?.toString();
          const range = GrammarUtils.findNodeForProperty(node.$cstNode, 'path')?.range;
          return target === undefined || range === undefined ? [] : [{ range, target }];
        }
        if (isFrom(node)) {
          const type = findDataset(node.source ?? '')?.argument?.type;
          return namesFile(type) ? linkTo(node.argument, document) : [];
        }
        if (isNamedText(node)) return node.label === 'file' ? linkTo(node.text, document) : [];
        if (isLimit(node)) return linkTo(node.baseline, document);
        if (!isProperty(node) || !isPlainText(node.value)) return [];
        const type = findPropertyEntry(node)?.type;
        return type !== undefined && isOptionType(type) && namesFile(type) ? linkTo(node.value, document) : [];
      })
      .toArray();
  }
}

type PropertyType = NonNullable<ReturnType<typeof findPropertyEntry>>['type'];

function isOptionType(type: PropertyType): type is OptionType {
  return type.kind !== 'name-of' && type.kind !== 'id-of' && type.kind !== 'block' && type.kind !== 'secret';
}

function namesFile(type: OptionType | undefined): boolean {
  return type?.kind === 'file' || (type?.kind === 'any-of' && type.of.some(namesFile));
}

/** A text with `*` names many files, one with `${…}` is not known before it is computed. */
function linkTo(text: Text | undefined, document: LangiumDocument): DocumentLink[] {
  const range = text?.$cstNode?.range;
  if (range === undefined || !isPlainText(text) || text.value === '' || /[*?]/.test(text.value)) return [];
  return [{ range, target: UriUtils.resolvePath(UriUtils.dirname(document.uri), text.value).toString() }];
}
