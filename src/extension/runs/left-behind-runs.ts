/** After a reload or a crash: says once what became of each run, and offers its report. */
import * as vscode from 'vscode';
import { describeOutcome } from '../../contract/describe-outcome.ts';
import type { ToDashboard } from '../../contract/protocol/webview.ts';
import { awaitLeftBehind } from './interrupted-runs.ts';
import type { RunEntry, RunIndex } from './run-index.ts';
import { finishedFromReport, tornMessage } from './run-session.ts';

export interface LeftBehindActions {
  tellDashboard(entry: RunEntry, message: ToDashboard): void;
  resultChanged(entry: RunEntry): Promise<void>;
  openReport(entry: RunEntry): Promise<void>;
}

export async function tellOfRunsLeftBehind(index: RunIndex, actions: LeftBehindActions): Promise<void> {
  await Promise.all(index.leftBehind().map((entry) => tellOf(entry, index, actions)));
}

async function tellOf(entry: RunEntry, index: RunIndex, actions: LeftBehindActions): Promise<void> {
  const end = await awaitLeftBehind(entry);
  if (end.kind === 'elsewhere') return;
  await index.ended(entry.runId);
  if (end.kind === 'reported') {
    actions.tellDashboard(entry, finishedFromReport(end.report));
    await actions.resultChanged(entry);
    const { run, sla, validity } = end.report;
    const how =
      run.outcome === 'aborted'
        ? 'its report has what was measured until then'
        : describeOutcome(run.outcome, sla, validity.verdict);
    const text = `The run of ${entry.benchmark} ended when its window went away: ${how}.`;
    if ((await vscode.window.showWarningMessage(text, 'Open Report')) === 'Open Report')
      await actions.openReport(entry);
    return;
  }
  const message = tornMessage(entry.benchmark);
  actions.tellDashboard(entry, message);
  const text = `${message.error.message} ${message.error.hint}`;
  if ((await vscode.window.showWarningMessage(text, 'Make Report')) === 'Make Report') await actions.openReport(entry);
}
