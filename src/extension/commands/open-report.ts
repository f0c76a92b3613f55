import path from 'node:path';
import * as vscode from 'vscode';
import { RESULT_FILES } from '../../contract/record.ts';
import { exists } from '../runs/results.ts';
import { makeReportOf } from './report-from-record.ts';
import { chooseResult, type ResultChoice } from './result-directory.ts';
import type { Workbench } from './workbench.ts';

export async function openReport(workbench: Workbench, argument?: unknown): Promise<void> {
  await openReportOf(workbench, await chooseResult(argument));
}

/** Makes the report first, where there is only a record. */
export async function openReportOf(workbench: Workbench, choice: ResultChoice): Promise<void> {
  if (!(await exists(path.join(choice.directory, RESULT_FILES.report)))) await makeReportOf(workbench, choice);
  await workbench.reports.open(choice.directory, choice.benchmark, workbench.settings().opensReportIn);
}

export async function revealLine(file: string, line: number): Promise<void> {
  const open = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.fsPath === file);
  const editor = await vscode.window.showTextDocument(vscode.Uri.file(file), {
    viewColumn: open?.viewColumn ?? vscode.ViewColumn.One,
  });
  const at = new vscode.Position(Math.min(line, editor.document.lineCount) - 1, 0);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
