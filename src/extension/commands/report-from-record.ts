/** The report of a run that did not live to write it, made by a process of its own from what was recorded. */
import * as vscode from 'vscode';
import { makeReport as make } from '../runs/make-report.ts';
import { findNode } from '../runs/node-version.ts';
import { checkTrust } from '../trust.ts';
import type { ResultChoice } from './result-directory.ts';
import type { Workbench } from './workbench.ts';

export async function makeReportOf(
  { client, files, results, settings }: Workbench,
  choice: ResultChoice,
): Promise<void> {
  checkTrust();
  const node = await findNode(settings(choice.uri).nodePath);
  const title = `Making the report of ${choice.benchmark} from its record`;
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () =>
    make({ node, entry: files.commandLine, directory: choice.directory, env: process.env }),
  );
  if (choice.uri === undefined) return;
  await client.resultChanged(choice.uri);
  await results.load(choice.uri, vscode.Uri.parse(choice.uri).fsPath, true);
}
