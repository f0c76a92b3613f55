/** Adds what the last run measured to a document's diagnostics, so that every editor shows it where it shows mistakes. */
import { URI, type LangiumDocument, type LangiumDocuments } from 'langium';
import type { LangiumServices } from 'langium/lsp';
import type { Diagnostic } from 'vscode-languageserver-protocol';
import { sourceSha256 } from '../compile.ts';
import { reachableDocuments } from '../references/imports.ts';
import { BenchDocumentValidator } from '../validation/bench-document-validator.ts';
import type { LastResult, LastResults } from './last-result.ts';
import { resultDiagnostics } from './result-diagnostics.ts';

type Parameters = Readonly<globalThis.Parameters<BenchDocumentValidator['validateDocument']>>;

export class ResultAwareValidator extends BenchDocumentValidator {
  readonly #results: LastResults;
  readonly #documents: LangiumDocuments;

  constructor(services: LangiumServices, results: LastResults) {
    super(services);
    this.#results = results;
    this.#documents = services.shared.workspace.LangiumDocuments;
  }

  override async validateDocument(...[document, options, token]: Parameters): Promise<Diagnostic[]> {
    const diagnostics = await super.validateDocument(document, options, token);
    const measured = await Promise.all(
      (await this.#resultsFor(document)).map((result) => this.#diagnose(document, result)),
    );
    return [...diagnostics, ...measured.flat()];
  }

  /** The document's own last result, and those of known scenarios whose SLAs stand in this document. */
  async #resultsFor(document: LangiumDocument): Promise<readonly LastResult[]> {
    const own = await this.#results.of(document.uri);
    const others = this.#results.known().filter((each) => each !== own);
    return own === undefined ? others : [own, ...others];
  }

  async #diagnose(document: LangiumDocument, { report }: LastResult): Promise<readonly Diagnostic[]> {
    const scenario = this.#documents.getDocument(URI.file(report.run.file));
    if (scenario === undefined) return [];
    const texts = reachableDocuments(scenario, this.#documents).map((each) => each.textDocument.getText());
    return resultDiagnostics(document, report, (await sourceSha256(texts)) !== report.run.textSha256);
  }
}
