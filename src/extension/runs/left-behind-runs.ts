/** After a reload or a crash: says once what became of each run, and offers its report. */
import * as vscode from 'vscode';
import { describeOutcome } from '../../contract/describe-outcome.ts';
import type { ToDashboard } from '../../contract/protocol/webview.ts';
import type { ReportData } from '../../contract/report.ts';
import { awaitLeftBehind } from './interrupted-runs.ts';
import type { RunEntry, RunIndex } from './run-index.ts';
import { interruptedError } from './run-session.ts';

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
    const outcome = describeOutcome(end.report.run.outcome, end.report.sla, end.report.validity.verdict);
    const text = `The run of ${entry.benchmark} ended when its window went away. ${outcome}.`;
    if ((await vscode.window.showWarningMessage(text, 'Open Report')) === 'Open Report')
      await actions.openReport(entry);
    return;
  }
  const text = `The run of ${entry.benchmark} was cut off before its report was written.`;
  const hint = 'What was measured until then is on disk: the report can be made from it.';
  actions.tellDashboard(entry, { type: 'failed', error: interruptedError(text, hint), canMakeReport: true });
  if ((await vscode.window.showWarningMessage(`${text} ${hint}`, 'Make Report')) === 'Make Report')
    await actions.openReport(entry);
}

export function finishedFromReport(report: ReportData): ToDashboard {
  return {
    type: 'finished',
    outcome: report.run.outcome,
    validity: report.validity,
    sla: report.sla,
    metrics: report.metrics,
    requests: report.requests,
    hasReport: true,
    ...(report.run.error === undefined ? {} : { error: report.run.error }),
  };
}
