/** One item, only while something runs: how far it is, and the way to its actions. */
import * as vscode from 'vscode';
import type { RunController } from './runs/run-controller.ts';
import type { RunSession } from './runs/run-session.ts';

export function registerStatusBar(runs: RunController): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('benchwright.run', vscode.StatusBarAlignment.Left, 50);
  item.name = 'Benchwright run';
  item.command = 'benchwright.runActions';
  const update = (): void => {
    const active = runs.active.filter((session) => !session.isOver);
    void vscode.commands.executeCommand('setContext', 'benchwright.isRunning', active.length > 0);
    if (active.length === 0) return item.hide();
    item.text =
      active.length === 1 && active[0] !== undefined ? textOf(active[0]) : `$(pulse) ${active.length} benchmarks`;
    item.tooltip = `${active.map(tooltipOf).join('\n')}\nClick to stop, abort or show it.`;
    item.accessibilityInformation = { label: `Benchwright: ${active.map(tooltipOf).join(', ')}`, role: 'button' };
    item.show();
  };
  runs.onDidStart.on((session) => {
    update();
    session.onChange.on(update);
  });
  runs.onDidEnd.on(update);
  return item;
}

function textOf(session: RunSession): string {
  const { benchmark } = session.target;
  if (session.state === 'stopping') return `$(loading~spin) ${benchmark} stopping`;
  if (session.latest === undefined) return `$(loading~spin) ${benchmark} starting`;
  return `$(pulse) ${benchmark} ${Math.floor(session.latest.progressRatio * 100)} %`;
}

function tooltipOf(session: RunSession): string {
  const stage = session.latest?.stage;
  return [session.target.benchmark, session.state, stage === undefined ? undefined : `stage ${stage.name}`]
    .filter((each) => each !== undefined)
    .join(', ');
}
