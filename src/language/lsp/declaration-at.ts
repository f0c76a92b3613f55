import { CstUtils, type AstNode, type LangiumDocument } from 'langium';
import type { LangiumServices } from 'langium/lsp';
import * as ast from '../ast.ts';

type Services = {
  readonly references: Pick<LangiumServices['references'], 'References'>;
  readonly parser: Pick<LangiumServices['parser'], 'GrammarConfig'>;
};

/** The declaration or stage that the name at an offset stands for; `undefined` for words of the language, settings and functions. */
export function declarationAt(
  document: LangiumDocument,
  offset: number,
  { references, parser }: Services,
): ast.Declaration | ast.Stage | undefined {
  const root = document.parseResult.value.$cstNode;
  if (root === undefined) return undefined;
  const leaf = CstUtils.findDeclarationNodeAtOffset(root, offset, parser.GrammarConfig.nameRegexp);
  return leaf === undefined ? undefined : references.References.findDeclarations(leaf).find(isDeclarationOrStage);
}

function isDeclarationOrStage(node: AstNode): node is ast.Declaration | ast.Stage {
  return ast.isDeclaration(node) || ast.isStage(node);
}
