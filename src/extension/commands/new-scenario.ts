import * as vscode from 'vscode';
import { LANGUAGE_ID } from '../client-options.ts';
import type { Workbench } from './workbench.ts';

/** The example that needs no server, as a file to save where one likes. */
export async function newScenario({ files }: Pick<Workbench, 'files'>): Promise<void> {
  const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(files.exampleScenario));
  const document = await vscode.workspace.openTextDocument({ language: LANGUAGE_ID, content });
  await vscode.window.showTextDocument(document);
}
