import * as vscode from 'vscode';
import { chooseResult } from './result-directory.ts';
import type { Workbench } from './workbench.ts';

export async function openResults(_: Workbench, argument?: unknown): Promise<void> {
  const directory = vscode.Uri.file((await chooseResult(argument)).directory);
  const isInWorkspace = vscode.workspace.getWorkspaceFolder(directory) !== undefined;
  await vscode.commands.executeCommand(isInWorkspace ? 'revealInExplorer' : 'revealFileInOS', directory);
}
