import * as vscode from 'vscode';
import { makeReport as make } from '../runs/make-report.ts';
import { findNode } from '../runs/node-version.ts';
import { checkTrust } from '../trust.ts';
import { openReportOf } from './open-report.ts';
import { chooseResult, type ResultChoice } from './result-directory.ts';
import type { Workbench } from './workbench.ts';

/** From a record whose run did not live to write its report. */
export async function makeReport(workbench: Workbench, argument?: unknown): Promise<void> {
  const choice = await chooseResult(argument);
  await makeReportOf(workbench, choice);
  await openReportOf(workbench, choice);
}

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
