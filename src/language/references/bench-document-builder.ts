/** Builds a file together with what it imports, wherever that lies, and builds it again when one of those files changes. */
import { DefaultDocumentBuilder, DocumentState, type AstNode, type BuildOptions, type LangiumDocument } from 'langium';
import { STANDARD_LIBRARY_TEXT, STANDARD_LIBRARY_URI } from '../library/standard-library.ts';
import { importTargets, reachableDocuments } from './imports.ts';

type CancellationToken = Parameters<DefaultDocumentBuilder['build']>[2];

export class BenchDocumentBuilder extends DefaultDocumentBuilder {
  protected override async buildDocuments(
    documents: LangiumDocument<AstNode>[],
    options: BuildOptions,
    token: NonNullable<CancellationToken>,
  ): Promise<void> {
    for (const document of documents) {
      if (document.state >= DocumentState.Parsed) continue;
      await this.langiumDocumentFactory.update(document, token);
      document.state = DocumentState.Parsed;
    }
    const imported = await this.#loadImports(documents);
    await super.buildDocuments([...documents, ...imported], options, token);
  }

  protected override shouldRelink(document: LangiumDocument<AstNode>, changedUris: Set<string>): boolean {
    return (
      super.shouldRelink(document, changedUris) ||
      reachableDocuments(document, this.langiumDocuments)
        .flatMap(importTargets)
        .some((target) => changedUris.has(target.toString()))
    );
  }

  /** Imported files not known yet. One that cannot be read stays unknown; the check of the import tells why. */
  async #loadImports(documents: readonly LangiumDocument<AstNode>[]): Promise<LangiumDocument<AstNode>[]> {
    const loaded: LangiumDocument<AstNode>[] = [];
    const queue = documents.flatMap(importTargets);
    for (let target = queue.pop(); target !== undefined; target = queue.pop()) {
      if (this.langiumDocuments.hasDocument(target)) continue;
      const document = await this.#load(target);
      if (document === undefined) continue;
      loaded.push(document);
      queue.push(...importTargets(document));
    }
    return loaded;
  }

  async #load(target: LangiumDocument['uri']): Promise<LangiumDocument<AstNode> | undefined> {
    if (target.toString() === STANDARD_LIBRARY_URI.toString())
      return this.langiumDocuments.createDocument(STANDARD_LIBRARY_URI, STANDARD_LIBRARY_TEXT);
    try {
      return await this.langiumDocuments.getOrCreateDocument(target);
    } catch {
      return undefined;
    }
  }
}
