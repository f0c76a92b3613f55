/** Opens what a run left: report.html in a tab or in the browser, else report.md, else report.json, else says what can be done. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { RunError } from '../../contract/errors.ts';
import { RESULT_FILES } from '../../contract/record.ts';
import { exists } from '../runs/results.ts';
import { reportPage } from './report-html.ts';

export class ReportOpener implements vscode.Disposable {
  readonly #panels = new Map<string, vscode.WebviewPanel>();
  readonly #icon: vscode.Uri;

  constructor(icon: vscode.Uri) {
    this.#icon = icon;
  }

  /** @throws RunError when there is no report to open. */
  async open(directory: string, benchmark: string, where: 'editor' | 'browser'): Promise<void> {
    const file = (name: string): string => path.join(directory, name);
    if (await exists(file(RESULT_FILES.html))) {
      const uri = vscode.Uri.file(file(RESULT_FILES.html));
      // A browser on the user's machine cannot open a file on a remote one.
      if (where === 'browser' && vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop)
        await vscode.env.openExternal(uri);
      else await this.#openPanel(directory, benchmark, file(RESULT_FILES.html));
    } else if (await exists(file(RESULT_FILES.markdown))) {
      await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.file(file(RESULT_FILES.markdown)));
    } else if (await exists(file(RESULT_FILES.report))) {
      await vscode.window.showTextDocument(vscode.Uri.file(file(RESULT_FILES.report)));
    } else {
      throw new RunError('RUN_RECORD_UNREADABLE', `There is no report in ${directory}.`);
    }
  }

  async #openPanel(directory: string, benchmark: string, file: string): Promise<void> {
    const html = reportPage(await readFile(file, 'utf8'));
    const open = this.#panels.get(directory);
    if (open !== undefined) {
      open.webview.html = html;
      return open.reveal();
    }
    const panel = vscode.window.createWebviewPanel(
      'benchwright.report',
      `${benchmark}: report`,
      vscode.ViewColumn.Active,
      { enableScripts: vscode.workspace.isTrusted, enableFindWidget: true, localResourceRoots: [] },
    );
    panel.iconPath = this.#icon;
    this.#panels.set(directory, panel);
    panel.onDidDispose(() => this.#panels.delete(directory));
    panel.webview.html = html;
  }

  dispose(): void {
    for (const panel of this.#panels.values()) panel.dispose();
  }
}
