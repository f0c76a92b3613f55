/** The language server as a process: `--stdio`, or the pipe its client names on the command line. */
import { startLanguageServer } from 'langium/lsp';
import { NodeFileSystem } from 'langium/node';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { createBenchServices } from './lsp/lsp-module.ts';

const connection = createConnection(ProposedFeatures.all);
const { shared } = createBenchServices({ connection, ...NodeFileSystem });
startLanguageServer(shared);
