/** The dashboards of this window: one per scenario, opened beside it, restored after a reload. */
import * as vscode from 'vscode';
import type { FromDashboard, ToDashboard } from '../../contract/protocol/webview.ts';
import type { InstalledFiles } from '../installed-files.ts';
import type { RunController } from '../runs/run-controller.ts';
import type { RunIndex } from '../runs/run-index.ts';
import { readPlan, readReport } from '../runs/results.ts';
import {
  finishedFromReport,
  interruptedError,
  tornMessage,
  type RunSession,
  type RunTarget,
} from '../runs/run-session.ts';
import { dashboardHeader } from './header.ts';
import { DASHBOARD_VIEW, DashboardPanel } from './panel.ts';

/** What a dashboard's buttons lead to. */
export interface DashboardActions {
  openReport(directory: string, target: RunTarget): Promise<void>;
  run(target: RunTarget): Promise<void>;
  revealLine(file: string, line: number): Promise<void>;
}

/** What a panel shows: a run of this window, or the end of one from before it was reloaded. */
interface Shown {
  readonly panel: DashboardPanel;
  target: RunTarget | undefined;
  /** Of a panel that VS Code brought back; blank: without the state it had. */
  restored?: { readonly runId?: string; readonly isBlank: boolean };
  session?: RunSession;
  directory?: string;
}

export class Dashboards implements vscode.Disposable {
  readonly #files: InstalledFiles;
  readonly #runs: RunController;
  readonly #index: RunIndex;
  readonly #actions: DashboardActions;
  readonly #shown = new Set<Shown>();
  readonly #serializer: vscode.Disposable;

  constructor(files: InstalledFiles, runs: RunController, index: RunIndex, actions: DashboardActions) {
    this.#files = files;
    this.#runs = runs;
    this.#index = index;
    this.#actions = actions;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(DASHBOARD_VIEW, {
      deserializeWebviewPanel: async (panel, kept) => this.#restore(panel, kept),
    });
  }

  /** Opens the scenario's dashboard, or brings it forward, on this run. */
  show(session: RunSession): void {
    const shown = this.#of(session.target.uri) ?? this.#open(session.target);
    this.#follow(shown, session);
    shown.panel.reveal();
  }

  isVisible(uri: string): boolean {
    return this.#of(uri)?.panel.isVisible === true;
  }

  /** For a run that this window did not start. */
  tell(runUri: string, message: ToDashboard): void {
    const shown = this.#of(runUri);
    if (shown !== undefined && shown.session === undefined) shown.panel.tell(message);
  }

  dispose(): void {
    this.#serializer.dispose();
  }

  #of(uri: string): Shown | undefined {
    return [...this.#shown].find((each) => each.target?.uri === uri);
  }

  #open(target: RunTarget): Shown {
    const panel = vscode.window.createWebviewPanel(
      DASHBOARD_VIEW,
      target.benchmark,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, enableFindWidget: true },
    );
    return this.#attach(panel, target);
  }

  /** A window that goes away in a hurry may not keep what its panels had to say: then only the title is left to go by. */
  async #restore(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const runId = (kept as { runId?: unknown } | undefined)?.runId;
    const entry =
      typeof runId === 'string'
        ? this.#index.find(runId)
        : this.#index.entries().find((each) => each.benchmark === panel.title);
    const shown = this.#attach(panel, entry);
    shown.restored = { ...(entry === undefined ? {} : { runId: entry.runId }), isBlank: typeof runId !== 'string' };
    if (entry !== undefined) shown.directory = entry.directory;
    const session = this.#runs.newest.find((each) => each.runId === runId);
    if (session !== undefined) this.#follow(shown, session);
  }

  #attach(webviewPanel: vscode.WebviewPanel, target: RunTarget | undefined): Shown {
    const panel = new DashboardPanel(webviewPanel, this.#files, (message) => void this.#hear(shown, message));
    const shown: Shown = { panel, target };
    this.#shown.add(shown);
    panel.onDidDispose(() => this.#shown.delete(shown));
    return shown;
  }

  /** What became of a run that this window did not see end. One that still ends is told of when it has. */
  async #recall(panel: DashboardPanel, { runId, isBlank }: NonNullable<Shown['restored']>): Promise<void> {
    const entry = runId === undefined ? undefined : this.#index.find(runId);
    if (entry === undefined) {
      if (!isBlank) panel.tell({ type: 'failed', error: interruptedError('This run ended before it had begun.') });
      return;
    }
    const plan = isBlank ? await readPlan(entry.directory) : undefined;
    if (plan !== undefined)
      panel.tell({
        type: 'reset',
        runId: entry.runId,
        header: dashboardHeader(plan),
        startedAt: entry.startedAt,
      });
    if (entry.state === 'running')
      return panel.tell({ type: 'stopping', message: 'The window of this run went away: it is being ended' });
    const report = await readReport(entry.directory);
    panel.tell(report === undefined ? tornMessage(entry.benchmark) : finishedFromReport(report));
  }

  #follow(shown: Shown, session: RunSession): void {
    if (shown.session === session) return;
    shown.session = session;
    shown.target = session.target;
    shown.panel.title = session.target.benchmark;
    for (const message of session.replay()) shown.panel.tell(message);
    session.onMessage.on((message) => {
      if (shown.session === session && this.#shown.has(shown)) shown.panel.tell(message);
    });
  }

  async #hear(shown: Shown, message: FromDashboard): Promise<void> {
    const { session, target } = shown;
    switch (message.type) {
      case 'ready':
        if (session !== undefined) for (const each of session.replay()) shown.panel.tell(each);
        else if (shown.restored !== undefined) await this.#recall(shown.panel, shown.restored);
        return;
      case 'stop':
        return session === undefined ? undefined : this.#runs.stop(session);
      case 'abort':
        return session === undefined ? undefined : this.#runs.abort(session);
      case 'changeRate':
        return session === undefined ? undefined : this.#runs.changeRate(session, message.step);
      case 'openReport': {
        const directory = session?.directory ?? shown.directory;
        return directory === undefined || target === undefined
          ? undefined
          : this.#actions.openReport(directory, target);
      }
      case 'runAgain':
        return target === undefined ? undefined : this.#actions.run(target);
      case 'reveal': {
        const file =
          session?.plan.slas.find((sla) => sla.location.line === message.line)?.location.file ??
          (target === undefined ? undefined : vscode.Uri.parse(target.uri).fsPath);
        return file === undefined ? undefined : this.#actions.revealLine(file, message.line);
      }
    }
  }
}
