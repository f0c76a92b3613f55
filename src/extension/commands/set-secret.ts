import * as vscode from 'vscode';
import { askForName, askForValue } from '../secrets.ts';
import type { Workbench } from './workbench.ts';

export async function setSecret({ secrets }: Workbench): Promise<void> {
  const name = await askForName(secrets.names);
  if (name === undefined) return;
  const value = await askForValue(name, "It is kept in VS Code's secret storage, and nowhere else.");
  if (value === undefined) return;
  await secrets.set(name, value);
  void vscode.window.showInformationMessage(`The secret ${name} is set.`);
}
