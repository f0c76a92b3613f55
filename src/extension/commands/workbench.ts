/** What commands share: the parts of the extension they act on, and how they tell what went wrong. */
import * as vscode from 'vscode';
import { RunError } from '../../contract/errors.ts';
import type { BenchClient } from '../client.ts';
import type { Dashboards } from '../dashboard/dashboards.ts';
import type { DryRunDocuments } from '../dry-run/dry-run-documents.ts';
import type { InstalledFiles } from '../installed-files.ts';
import type { Log } from '../log.ts';
import type { ReportOpener } from '../reports/report-opener.ts';
import type { LastResults } from '../runs/last-results.ts';
import { ScenarioError, type RunController } from '../runs/run-controller.ts';
import type { RunSession } from '../runs/run-session.ts';
import type { SecretVault } from '../secrets.ts';
import type { Settings } from '../settings.ts';
import { UntrustedWorkspaceError } from '../trust.ts';

export interface Workbench {
  readonly client: BenchClient;
  readonly dashboards: Dashboards;
  readonly dryRuns: DryRunDocuments;
  readonly files: InstalledFiles;
  readonly log: Log;
  readonly reports: ReportOpener;
  readonly results: LastResults;
  readonly runs: RunController;
  readonly secrets: SecretVault;
  readonly settings: (uri?: string) => Settings;
}

export type CommandHandler = (workbench: Workbench, ...args: readonly unknown[]) => unknown;

/** Errors of a command end here: each as one message that says what can be done. */
export async function showError(error: unknown, log: Log): Promise<void> {
  if (error instanceof ScenarioError) {
    await vscode.commands.executeCommand('workbench.actions.view.problems');
    const count = error.diagnostics.filter((each) => each.severity === 'error').length;
    const more = count > 1 ? ` and ${count - 1} more` : '';
    void vscode.window.showErrorMessage(`The scenario has errors, so nothing was run: ${error.message}${more}.`);
    return;
  }
  if (error instanceof UntrustedWorkspaceError) {
    const choice = await vscode.window.showWarningMessage(`${error.message} ${error.hint ?? ''}`, 'Manage Trust');
    if (choice === 'Manage Trust') await vscode.commands.executeCommand('workbench.trust.manage');
    return;
  }
  const known = RunError.from(error);
  log.write('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
  const choice = await vscode.window.showErrorMessage(
    [known.message, known.hint].filter(Boolean).join(' '),
    'Show Log',
  );
  if (choice === 'Show Log') log.channel.show();
}

/** The run that is meant: the only one, or the one picked. */
export async function pickSession(workbench: Workbench, title: string): Promise<RunSession | undefined> {
  const active = workbench.runs.active.filter((session) => !session.isOver);
  if (active.length <= 1) return active[0];
  const items = active.map((session) => ({
    label: session.target.benchmark,
    description: vscode.workspace.asRelativePath(vscode.Uri.parse(session.target.uri)),
    session,
  }));
  return (await vscode.window.showQuickPick(items, { title }))?.session;
}
