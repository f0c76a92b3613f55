/** One dashboard panel: its page, and messages to and from it. What it shows is the session's business. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { isFromDashboard, type FromDashboard, type ToDashboard } from '../../contract/protocol/webview.ts';
import type { InstalledFiles } from '../installed-files.ts';
import { dashboardHtml } from './html.ts';

export const DASHBOARD_VIEW = 'benchwright.dashboard';

export class DashboardPanel {
  readonly #panel: vscode.WebviewPanel;

  constructor(panel: vscode.WebviewPanel, files: InstalledFiles, onMessage: (message: FromDashboard) => void) {
    this.#panel = panel;
    panel.iconPath = files.icon;
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [files.dist] };
    webview.onDidReceiveMessage((message: unknown) => {
      if (isFromDashboard(message)) onMessage(message);
    });
    const uri = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(files.dist, name)).toString();
    webview.html = dashboardHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64url'),
      scriptUri: uri('dashboard.js'),
      styleUri: uri('dashboard.css'),
    });
  }

  get isVisible(): boolean {
    return this.#panel.visible;
  }

  set title(benchmark: string) {
    this.#panel.title = benchmark;
  }

  tell(message: ToDashboard): void {
    void this.#panel.webview.postMessage(message);
  }

  reveal(): void {
    this.#panel.reveal(undefined, true);
  }

  onDidDispose(listener: () => void): void {
    this.#panel.onDidDispose(listener);
  }
}
