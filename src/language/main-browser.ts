/** The language server as a web worker: it has no files and no processes, only its client. */
import { startLanguageServer } from 'langium/lsp';
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from 'vscode-languageserver/browser';
import { createClientFileSystem } from './client-file-system.ts';
import { registerCompileRequests } from './compile-requests.ts';
import { BenchFileSystemProvider } from './file-system.ts';
import { createBenchServices } from './lsp/lsp-module.ts';
import { runSlowChecksWhenQuiet, type Wait } from './validation/slow-check-runner.ts';

const wait: Wait = (durationMs, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, durationMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new Error('aborted'));
    });
  });

const connection = createConnection(
  ProposedFeatures.all,
  new BrowserMessageReader(globalThis),
  new BrowserMessageWriter(globalThis),
);
const files = createClientFileSystem(connection);
const { shared } = createBenchServices({
  connection,
  fileSystemProvider: () => new BenchFileSystemProvider(files),
});
registerCompileRequests(connection, shared, files);
runSlowChecksWhenQuiet(shared, wait);
startLanguageServer(shared);
