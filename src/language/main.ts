/** The language server as a process: `--stdio`, or the pipe its client names on the command line. */
import { setTimeout as wait } from 'node:timers/promises';
import { startLanguageServer } from 'langium/lsp';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { registerCompileRequests } from './compile-requests.ts';
import { createClientFileSystem, createSplitFileSystem } from './client-file-system.ts';
import { BenchFileSystemProvider } from './file-system.ts';
import { createBenchServices } from './lsp/lsp-module.ts';
import { nodeFileSystem } from './node-file-system.ts';
import { runSlowChecksWhenQuiet } from './validation/slow-check-runner.ts';

const connection = createConnection(ProposedFeatures.all);
const files = createSplitFileSystem(nodeFileSystem, createClientFileSystem(connection));
const { shared } = createBenchServices({
  connection,
  fileSystemProvider: () => new BenchFileSystemProvider(files),
});
registerCompileRequests(connection, shared, files);
runSlowChecksWhenQuiet(shared, (durationMs, signal) => wait(durationMs, undefined, { signal }));
startLanguageServer(shared);
