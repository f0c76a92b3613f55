/** The language server as a process: `--stdio`, or the pipe its client names on the command line. */
import { startLanguageServer } from 'langium/lsp';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { registerCompileRequests } from './compile-requests.ts';
import { BenchFileSystemProvider } from './file-system.ts';
import { createBenchServices } from './lsp/lsp-module.ts';
import { nodeFileSystem } from './node-file-system.ts';

const connection = createConnection(ProposedFeatures.all);
const { shared } = createBenchServices({
  connection,
  fileSystemProvider: () => new BenchFileSystemProvider(nodeFileSystem),
});
registerCompileRequests(connection, shared, nodeFileSystem);
startLanguageServer(shared);
