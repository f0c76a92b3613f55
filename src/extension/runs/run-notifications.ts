/** A run's progress as a notification whose Cancel stops it, and a word about its end where no dashboard says it. */
import * as vscode from 'vscode';
import { describeEnd } from '../../contract/describe-outcome.ts';
import { formatNumber } from '../../contract/units.ts';
import type { RunController } from './run-controller.ts';
import type { RunSession } from './run-session.ts';

export interface EndActions {
  openReport(session: RunSession): Promise<void>;
  showDashboard(session: RunSession): void;
  isDashboardVisible(session: RunSession): boolean;
}

export function registerRunNotifications(runs: RunController, actions: EndActions): vscode.Disposable {
  const started = runs.onDidStart.on((session) => void showProgress(runs, session));
  const ended = runs.onDidEnd.on((session) => void tellEnd(session, actions));
  return vscode.Disposable.from(started, ended);
}

/** First one whose Cancel stops; once it is stopping, one whose Cancel aborts. */
async function showProgress(runs: RunController, session: RunSession): Promise<void> {
  const { benchmark } = session.target;
  await follow(session, `${benchmark}`, 'stopping', () => runs.stop(session));
  if (session.state === 'stopping')
    await follow(session, `${benchmark}: stopping. Cancel cuts the requests in flight`, 'over', () =>
      runs.abort(session),
    );
}

function follow(
  session: RunSession,
  title: string,
  until: 'stopping' | 'over',
  onCancel: () => Promise<void>,
): Thenable<void> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, (progress, cancelled) => {
    const isDone = (): boolean => session.isOver || (until === 'stopping' && session.state === 'stopping');
    return new Promise<void>((resolve) => {
      if (isDone()) return resolve();
      cancelled.onCancellationRequested(() => void onCancel());
      let toldPercent = 0;
      const listening = session.onChange.on(() => {
        const percent = Math.floor((session.latest?.progressRatio ?? 0) * 100);
        progress.report({ increment: Math.max(0, percent - toldPercent), message: messageOf(session) });
        toldPercent = Math.max(toldPercent, percent);
        if (!isDone()) return;
        listening.dispose();
        resolve();
      });
    });
  });
}

function messageOf(session: RunSession): string {
  const { latest } = session;
  if (latest === undefined) return 'starting';
  const { stage, total } = latest;
  const failed = total.failed === 0 ? '' : `, ${formatNumber(total.failed, 6)} failed`;
  const where =
    stage.kind === 'measured' ? `stage ${stage.name}` : stage.kind === 'warmup' ? 'warm-up' : 'last answers';
  return `${where}: ${formatNumber(total.ok, 6)} requests done${failed}`;
}

async function tellEnd(session: RunSession, actions: EndActions): Promise<void> {
  const isVisible = actions.isDashboardVisible(session);
  const { finished, error } = session;
  const { benchmark } = session.target;
  if (finished === undefined) {
    const text = [error?.message ?? `${benchmark} was not carried out.`, error?.hint].filter(Boolean).join(' ');
    const make = session.replay().some((message) => message.type === 'failed' && message.canMakeReport === true);
    const choice = await vscode.window.showErrorMessage(text, ...(make ? ['Make Report'] : []), 'Show Log');
    if (choice === 'Make Report') await actions.openReport(session);
    if (choice === 'Show Log') await vscode.commands.executeCommand('benchwright.showLog');
    return;
  }
  const { outcome, sla, error: reason } = finished;
  if (isVisible && outcome !== 'error') return;
  const { verdict } = finished.validity;
  const text = [
    `${benchmark}: ${describeEnd(outcome, sla, verdict, reason)}.`,
    verdict === 'suspect' ? 'There are doubts about the measurement: see the report.' : '',
    ...(outcome === 'error' ? [reason?.message, reason?.hint] : []),
  ]
    .filter(Boolean)
    .join(' ');
  const isGood = outcome === 'passed' && verdict !== 'invalid';
  const show = isGood ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const choice = await show(text, 'Open Report', 'Show Dashboard');
  if (choice === 'Open Report') await actions.openReport(session);
  if (choice === 'Show Dashboard') actions.showDashboard(session);
}
