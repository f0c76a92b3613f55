import * as vscode from 'vscode';
import type { Workbench } from './workbench.ts';

export async function forgetSecret({ secrets }: Workbench): Promise<void> {
  if (secrets.names.length === 0) {
    void vscode.window.showInformationMessage('No secret is kept.');
    return;
  }
  const name = await vscode.window.showQuickPick([...secrets.names], { title: 'Forget Secret' });
  if (name === undefined) return;
  await secrets.forget(name);
  void vscode.window.showInformationMessage(`The secret ${name} is forgotten.`);
}
