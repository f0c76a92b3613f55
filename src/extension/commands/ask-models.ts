import * as vscode from 'vscode';
import type { AskModelsArguments } from '../../contract/protocol/language.ts';
import { listModels, quoted } from '../models/list-models.ts';
import { checkTrust } from '../trust.ts';
import type { Workbench } from './workbench.ts';

/** Asks the backend's server for its models, because somebody chose to; never in a workspace that is not trusted. */
export async function askModels({ secrets }: Workbench, argument?: unknown): Promise<void> {
  checkTrust();
  if (!isQuestion(argument)) return;
  const { url, secret } = argument;
  const key = secret === undefined ? undefined : await keyOf(secret, secrets);
  const models = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: `Asking ${url} for its models` },
    () => listModels(url, key, fetch),
  );
  if (models.length === 0) {
    void vscode.window.showInformationMessage(`${url} lists no models.`);
    return;
  }
  const chosen = await vscode.window.showQuickPick(models, { placeHolder: `Models that ${url} offers` });
  if (chosen === undefined) return;
  const edit = new vscode.WorkspaceEdit();
  const { line, character } = argument.position;
  edit.insert(vscode.Uri.parse(argument.uri), new vscode.Position(line, character), quoted(chosen));
  await vscode.workspace.applyEdit(edit);
}

async function keyOf(name: string, secrets: Workbench['secrets']): Promise<string | undefined> {
  const values = await secrets.values([name], 'The list of models');
  return values[name] ?? process.env[name];
}

function isQuestion(value: unknown): value is AskModelsArguments {
  if (typeof value !== 'object' || value === null) return false;
  const { uri, url, position, secret } = value as Partial<Record<keyof AskModelsArguments, unknown>>;
  const isPlace =
    typeof position === 'object' &&
    position !== null &&
    typeof (position as { line?: unknown }).line === 'number' &&
    typeof (position as { character?: unknown }).character === 'number';
  return (
    typeof uri === 'string' &&
    typeof url === 'string' &&
    /^https?:\/\//i.test(url) &&
    isPlace &&
    (secret === undefined || typeof secret === 'string')
  );
}
