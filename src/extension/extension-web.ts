/** Where VS Code in a web page comes in: the language in full. What needs a process says so instead of doing it. */
import * as vscode from 'vscode';
import { WebClient } from './client-web.ts';
import { newScenario } from './commands/new-scenario.ts';
import { InstalledFiles } from './installed-files.ts';
import { Log } from './log.ts';

const NEEDS_A_PROCESS = [
  ...['run', 'dryRun', 'stop', 'abort', 'runActions', 'showDashboard', 'openReport', 'makeReport'],
  ...['openResults', 'refreshResults', 'setSecret', 'forgetSecret'],
];
/** A notification without buttons shows its first 60 characters: the remedy stands in them. */
const EXPLANATION =
  'Benchmarks need VS Code on the desktop, in a remote window or on a code server: their load comes from a process of its own, which a browser tab cannot start.';

export function activate(context: vscode.ExtensionContext): void {
  const files = new InstalledFiles(context.extensionUri);
  const log = new Log();
  const client = new WebClient(files.webLanguageServer, log);
  const results = vscode.window.createTreeView('benchwright.results', { treeDataProvider: noResults });
  results.message = EXPLANATION;
  const command = (name: string, action: () => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`benchwright.${name}`, action);
  context.subscriptions.push(
    ...[log, client, results],
    ...NEEDS_A_PROCESS.map((name) => command(name, () => void vscode.window.showInformationMessage(EXPLANATION))),
    command('newScenario', () => newScenario({ files })),
    command('restartLanguageServer', () => client.restart()),
    command('showLog', () => log.channel.show()),
  );
  client.start();
}

const noResults: vscode.TreeDataProvider<never> = { getChildren: () => [], getTreeItem: (element) => element };
