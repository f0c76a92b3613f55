import * as vscode from 'vscode';
import { pickSession, type Workbench } from './workbench.ts';

/** What the status bar item offers. */
export async function runActions(workbench: Workbench): Promise<void> {
  const session = await pickSession(workbench, 'Benchwright');
  if (session === undefined) return;
  const items = [
    {
      label: '$(debug-stop) Stop',
      description: 'requests in flight may finish, then the report is written',
      act: () => workbench.runs.stop(session),
    },
    {
      label: '$(close) Abort',
      description: 'requests in flight are cut, then the report is written',
      act: () => workbench.runs.abort(session),
    },
    { label: '$(graph-line) Show Dashboard', description: '', act: () => workbench.dashboards.show(session) },
  ];
  const choice = await vscode.window.showQuickPick(items, { title: session.target.benchmark });
  choice?.act();
}
