/** An editor in a few lines: a real language server on stdio, and what it publishes. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver-protocol';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';

const SERVER = path.join(import.meta.dirname, '..', '..', 'src', 'language', 'main.ts');

export interface LanguageClient {
  request<Result>(method: string, params: object): Promise<Result>;
  notify(method: string, params: object): Promise<void>;
  open(file: string, text: string): Promise<void>;
  change(file: string, text: string): Promise<void>;
  /** The server's process; `undefined` once it could not be started. */
  readonly pid: number | undefined;
  /** Whatever is published of the file from now on. */
  nextDiagnosticsOf(file: string): Promise<readonly Diagnostic[]>;
  /** Waits until the published diagnostics of the file are so. */
  diagnosticsOf(file: string, areSo: (diagnostics: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]>;
}

export async function startLanguageClient(t: Pick<TestContext, 'after'>, folder: string): Promise<LanguageClient> {
  const server = spawn(process.execPath, [SERVER, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  t.after(() => {
    connection.dispose();
    server.kill('SIGKILL');
  });
  const published = new Map<string, readonly Diagnostic[]>();
  const listeners = new Set<() => void>();
  connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }: PublishDiagnosticsParams) => {
    published.set(uri, diagnostics);
    for (const listener of listeners) listener();
  });
  connection.listen();
  const uriOf = (file: string): string => pathToFileURL(file).href;
  let version = 1;
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: uriOf(folder),
    workspaceFolders: [{ uri: uriOf(folder), name: 'test' }],
    capabilities: {},
  });
  await connection.sendNotification('initialized', {});
  return {
    request: (method, params) => connection.sendRequest(method, params),
    notify: (method, params) => connection.sendNotification(method, params),
    open: (file, text) =>
      connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri: uriOf(file), languageId: 'bench', version, text },
      }),
    change: (file, text) =>
      connection.sendNotification('textDocument/didChange', {
        textDocument: { uri: uriOf(file), version: ++version },
        contentChanges: [{ text }],
      }),
    pid: server.pid,
    nextDiagnosticsOf: (file) =>
      new Promise((resolve) => {
        const before = published.get(uriOf(file));
        const look = (): void => {
          const diagnostics = published.get(uriOf(file));
          if (diagnostics === undefined || diagnostics === before) return;
          listeners.delete(look);
          resolve(diagnostics);
        };
        listeners.add(look);
      }),
    diagnosticsOf: (file, areSo) =>
      new Promise((resolve) => {
        const look = (): void => {
          const diagnostics = published.get(uriOf(file));
          if (diagnostics === undefined || !areSo(diagnostics)) return;
          listeners.delete(look);
          resolve(diagnostics);
        };
        listeners.add(look);
        look();
      }),
  };
}
