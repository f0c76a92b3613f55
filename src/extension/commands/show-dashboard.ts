import * as vscode from 'vscode';
import type { Workbench } from './workbench.ts';

/** The dashboard of the active file's newest run, else of the newest run of all. */
export function showDashboard({ dashboards, runs }: Workbench): void {
  const uri = vscode.window.activeTextEditor?.document.uri.toString();
  const session = runs.newest.find((each) => each.target.uri === uri) ?? runs.newest.at(-1);
  if (session === undefined)
    void vscode.window.showInformationMessage(
      'Nothing was run in this window yet. Run a benchmark with ▶ Run above it.',
    );
  else dashboards.show(session);
}
