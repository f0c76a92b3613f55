/** The tree of results in the Testing view: scenarios, and under each its runs, newest first. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { RESULT_FILES } from '../../contract/record.ts';
import type { ReportData, RunOutcome } from '../../contract/report.ts';
import type { RunController } from './run-controller.ts';
import { exists, readReport, resultsFolder } from './results.ts';

interface ScenarioNode {
  readonly kind: 'scenario';
  readonly uri: vscode.Uri;
}

/** Commands of its context menu get it as their argument. */
interface ResultNode {
  readonly kind: 'result';
  readonly uri: string;
  readonly directory: string;
  readonly benchmark: string;
  readonly report: ReportData | undefined;
}

type Node = ScenarioNode | ResultNode;

const MOST_RESULTS = 50;

const ICONS: Readonly<Record<RunOutcome, readonly [icon: string, color: string]>> = {
  passed: ['pass', 'testing.iconPassed'],
  failed: ['error', 'testing.iconFailed'],
  undecided: ['question', 'editorWarning.foreground'],
  aborted: ['circle-slash', 'descriptionForeground'],
  error: ['warning', 'editorWarning.foreground'],
};

export class ResultsView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #disposables: { dispose(): void }[];

  constructor(runs: RunController) {
    const refresh = (): void => this.#changed.fire(undefined);
    this.#disposables = [
      this.#changed,
      vscode.window.registerTreeDataProvider('benchwright.results', this),
      vscode.commands.registerCommand('benchwright.refreshResults', refresh),
      runs.onDidEnd.on(refresh),
    ];
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) return scenariosWithResults();
    return node.kind === 'scenario' ? resultsOf(node.uri) : [];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === 'scenario' ? scenarioItem(node) : resultItem(node);
  }

  dispose(): void {
    for (const each of this.#disposables) each.dispose();
  }
}

async function scenariosWithResults(): Promise<ScenarioNode[]> {
  const latest = await vscode.workspace.findFiles(`**/*.bench.results/${RESULT_FILES.latest}`, '**/node_modules/**');
  return latest
    .map((uri) => path.posix.dirname(uri.path).replace(/\.results$/, ''))
    .sort()
    .map((scenario): ScenarioNode => ({ kind: 'scenario', uri: vscode.Uri.file(scenario) }));
}

async function resultsOf(scenario: vscode.Uri): Promise<ResultNode[]> {
  const folder = resultsFolder(scenario.fsPath);
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .reverse()
    .slice(0, MOST_RESULTS);
  const nodes = await Promise.all(names.map((name) => resultNode(scenario, path.join(folder, name))));
  return nodes.filter((node) => node !== undefined);
}

async function resultNode(scenario: vscode.Uri, directory: string): Promise<ResultNode | undefined> {
  const report = await readReport(directory);
  if (report === undefined && !(await exists(path.join(directory, RESULT_FILES.requests)))) return undefined;
  const benchmark = report?.run.benchmark ?? path.basename(directory);
  return { kind: 'result', uri: scenario.toString(), directory, benchmark, report };
}

function scenarioItem({ uri }: ScenarioNode): vscode.TreeItem {
  const item = new vscode.TreeItem(uri, vscode.TreeItemCollapsibleState.Expanded);
  item.id = uri.toString();
  item.contextValue = 'scenario';
  return item;
}

function resultItem(node: ResultNode): vscode.TreeItem {
  const { report, directory, benchmark } = node;
  const item = new vscode.TreeItem(benchmark);
  item.id = directory;
  item.contextValue = report === undefined ? 'tornResult' : 'result';
  if (report === undefined) {
    item.iconPath = new vscode.ThemeIcon('debug-disconnect');
    item.tooltip = 'A record without a report: the run goes on, or its process was killed.';
    return item;
  }
  const [icon, color] = ICONS[report.run.outcome];
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  item.description = new Date(report.run.startedAt).toLocaleString();
  const validity = report.validity.verdict === 'valid' ? '' : `, measurement ${report.validity.verdict}`;
  item.tooltip = `${report.run.outcome}${validity}\n${directory}`;
  item.accessibilityInformation = { label: `${benchmark}, ${report.run.outcome}, ${item.description}` };
  item.command = { command: 'benchwright.openReport', title: 'Open Report', arguments: [node] };
  return item;
}
