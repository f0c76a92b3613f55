/** Which files a file sees. A name is visible in its own file and in files that import it directly. */
import { AstUtils, UriUtils, type AstNode, type LangiumDocument, type LangiumDocuments, type URI } from 'langium';
import type { BenchFile, Import } from '../ast.ts';
import { STANDARD_LIBRARY_NAME, STANDARD_LIBRARY_URI } from '../library/standard-library.ts';

export function benchFileOf(document: LangiumDocument<AstNode>): BenchFile {
  return document.parseResult.value as BenchFile;
}

/** The file an import names, whether it exists or not. */
export function importTarget(node: Import): URI | undefined {
  if (node.path === undefined || node.path === '') return undefined;
  if (node.path === STANDARD_LIBRARY_NAME) return STANDARD_LIBRARY_URI;
  const directory = UriUtils.dirname(AstUtils.getDocument(node).uri);
  return UriUtils.resolvePath(directory, node.path.replaceAll('\\', '/'));
}

export function importTargets(document: LangiumDocument<AstNode>): URI[] {
  return (benchFileOf(document).imports ?? []).flatMap((each) => importTarget(each) ?? []);
}

/** This file and every file it imports, directly or not; each once, in the order of the imports. */
export function reachableDocuments(
  start: LangiumDocument<AstNode>,
  documents: LangiumDocuments,
): LangiumDocument<AstNode>[] {
  const found = new Set<LangiumDocument<AstNode>>();
  const visit = (document: LangiumDocument<AstNode>): void => {
    if (found.has(document)) return;
    found.add(document);
    for (const target of importTargets(document)) {
      const imported = documents.getDocument(target);
      if (imported !== undefined) visit(imported);
    }
  };
  visit(start);
  return [...found];
}
