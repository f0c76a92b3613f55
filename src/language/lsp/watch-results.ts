/** Keeps what is shown of the last run true: a client says that a result changed, or the editor's file watcher does. */
import { DocumentState, URI } from 'langium';
import { DefaultDocumentUpdateHandler, type LangiumSharedServices } from 'langium/lsp';
import type { DidChangeWatchedFilesParams, FileSystemWatcher } from 'vscode-languageserver';
import { RESULT_NOTIFICATION, type ResultChangedParams } from '../../contract/protocol/language.ts';
import { RESULT_FILES } from '../../contract/record.ts';
import type { BenchServices } from './lsp-module.ts';

/** Watches scenarios and the newest results only: a run writes other files many times a second. */
export class BenchDocumentUpdateHandler extends DefaultDocumentUpdateHandler {
  protected override getWatchers(): FileSystemWatcher[] {
    return [{ globPattern: '**/*.bench' }, { globPattern: `**/*.bench.results/${RESULT_FILES.latest}` }];
  }

  override didChangeWatchedFiles(params: DidChangeWatchedFilesParams): void {
    const isResult = ({ uri }: { readonly uri: string }): boolean => scenarioOf(URI.parse(uri)) !== undefined;
    const results = params.changes.filter(isResult);
    if (results.length > 0) this.onWatchedFilesChangeEmitter.fire({ changes: results });
    const scenarios = params.changes.filter((change) => !isResult(change));
    if (scenarios.length > 0) super.didChangeWatchedFiles({ changes: scenarios });
  }
}

export function watchResults(shared: LangiumSharedServices, bench: BenchServices): void {
  const connection = shared.lsp.Connection;
  if (connection === undefined) return;
  const refresh = async (scenario: URI): Promise<void> => {
    const results = bench.results.LastResults;
    results.forget(scenario);
    await results.of(scenario);
    await shared.workspace.WorkspaceLock.write(async (token) => {
      const { LangiumDocuments, DocumentBuilder } = shared.workspace;
      const documents = LangiumDocuments.all.toArray();
      for (const document of documents) DocumentBuilder.resetToState(document, DocumentState.IndexedReferences);
      await DocumentBuilder.build(documents, { validation: true }, token);
    });
    await connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
  };
  connection.onNotification(RESULT_NOTIFICATION, ({ scenarioUri }: ResultChangedParams) =>
    refresh(URI.parse(scenarioUri)),
  );
  shared.lsp.DocumentUpdateHandler.onWatchedFilesChange?.(({ changes }) => {
    const scenarios = new Set(changes.flatMap(({ uri }) => scenarioOf(URI.parse(uri))?.toString() ?? []));
    for (const scenario of scenarios) void refresh(URI.parse(scenario));
  });
}

/** `chat.bench` for `chat.bench.results/latest.json`. */
export function scenarioOf(file: URI): URI | undefined {
  const scenario = /^(.*\.bench)\.results\/([^/]+)$/.exec(file.path);
  return scenario?.[2] === RESULT_FILES.latest ? file.with({ path: scenario[1] ?? '' }) : undefined;
}
