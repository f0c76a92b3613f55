/** Where VS Code comes in. Everything is made here and handed to what needs it; nothing is waited for. */
import * as vscode from 'vscode';
import { RunError } from '../contract/errors.ts';
import { VERSION } from '../contract/version.ts';
import { BenchClient } from './client.ts';
import { openReportOf, revealLine } from './commands/open-report.ts';
import { registerCommands } from './commands/register.ts';
import { runTarget } from './commands/run.ts';
import { showError, type Workbench } from './commands/workbench.ts';
import { Dashboards } from './dashboard/dashboards.ts';
import { DryRunDocuments } from './dry-run/dry-run-documents.ts';
import { InstalledFiles } from './installed-files.ts';
import { Log } from './log.ts';
import { ReportOpener } from './reports/report-opener.ts';
import { LastResults } from './runs/last-results.ts';
import { tellOfRunsLeftBehind } from './runs/left-behind-runs.ts';
import { findNode } from './runs/node-version.ts';
import { ResultsView } from './runs/results-view.ts';
import { RunController } from './runs/run-controller.ts';
import { RunIndex } from './runs/run-index.ts';
import { registerRunNotifications } from './runs/run-notifications.ts';
import { RunnerProcess } from './runs/runner-process.ts';
import { SlaDecorations } from './runs/sla-decorations.ts';
import { TestExplorer } from './runs/test-explorer.ts';
import { SecretVault } from './secrets.ts';
import { readSettings, type Settings } from './settings.ts';
import { registerStatusBar } from './status-bar.ts';
import { checkTrust } from './trust.ts';

/** What tests may ask of the running extension. */
export interface ExtensionApi {
  /** How long activating took, all of it synchronous. */
  readonly activationMs: number;
}

export function activate(context: vscode.ExtensionContext): ExtensionApi {
  const startedMs = performance.now();
  const files = new InstalledFiles(context.extensionUri);
  const log = new Log();
  const client = new BenchClient(files.languageServer, log);
  const secrets = new SecretVault(context.secrets, context.globalState, process.env);
  const index = new RunIndex(context.workspaceState, process.pid);
  const runs = createRunController(files, log, client, secrets, index);
  const results = new LastResults((params) => client.compile(params));
  const reports = new ReportOpener(files.icon);
  const dryRuns = new DryRunDocuments();
  const guarded = (action: Promise<void>): Promise<void> => action.catch((error: unknown) => showError(error, log));
  const dashboards = new Dashboards(files, runs, index, {
    openReport: (directory, target) => guarded(openReportOf(workbench, { directory, ...target })),
    run: (target) => guarded(runTarget(workbench, target)),
    revealLine,
  });
  const workbench: Workbench = {
    ...{ client, dashboards, dryRuns, files, log, reports, results, runs, secrets },
    settings: settingsOf,
  };
  context.subscriptions.push(
    ...[log, client, runs, reports, dryRuns, dashboards],
    registerCommands(workbench),
    registerStatusBar(runs),
    registerRunNotifications(runs, {
      openReport: ({ directory, target }) =>
        directory === undefined ? Promise.resolve() : guarded(openReportOf(workbench, { directory, ...target })),
      showDashboard: (session) => dashboards.show(session),
      isDashboardVisible: (session) => dashboards.isVisible(session.target.uri),
    }),
    new SlaDecorations(runs, results, settingsOf, log),
    new TestExplorer(client, runs, log),
    new ResultsView(runs),
    // What may be offered changes with the trust.
    vscode.workspace.onDidGrantWorkspaceTrust(() => log.watch('language server', client.restart())),
    runs.onDidStart.on((session) => {
      if (settingsOf(session.target.uri).opensDashboard) dashboards.show(session);
    }),
    runs.onDidEnd.on((session) => log.watch('verdicts', client.resultChanged(session.target.uri))),
  );
  client.start();
  log.watch(
    'runs left behind',
    tellOfRunsLeftBehind(index, {
      tellDashboard: (entry, message) => dashboards.tell(entry.uri, message),
      resultChanged: async ({ uri }) => {
        await client.resultChanged(uri);
        await results.load(uri, vscode.Uri.parse(uri).fsPath, true);
      },
      openReport: (entry) => guarded(openReportOf(workbench, entry)),
    }),
  );
  const activationMs = performance.now() - startedMs;
  log.write('info', `Benchwright ${VERSION} activated in ${activationMs.toFixed(1)} ms`);
  return { activationMs };
}

function createRunController(
  files: InstalledFiles,
  log: Log,
  client: BenchClient,
  secrets: SecretVault,
  index: RunIndex,
): RunController {
  return new RunController(
    {
      checkTrust,
      save: saveScenario,
      compile: (target) => client.compile(target),
      secretValues: (names, benchmark) => secrets.values(names, benchmark),
      settings: settingsOf,
      findNode: ({ nodePath }) => findNode(nodePath),
      launch: (command) => new RunnerProcess(command),
      runnerEntry: files.runner,
      clientName: `vscode ${VERSION}`,
      log: (level, message) => log.write(level, message),
      now: () => new Date().toISOString(),
    },
    index,
  );
}

/** What runs is what is on disk: an imported file that was edited counts as well. */
async function saveScenario(uri: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  if (document.isUntitled)
    throw new RunError('RUN_OUTPUT_NOT_WRITABLE', 'Save the scenario first: its results are written beside it.');
  if (document.uri.scheme !== 'file')
    throw new RunError('RUN_NOT_AVAILABLE', 'Benchmarks do not run in a folder that lies on no disk.', {
      hint: 'Clone or copy it to a disk, and open that folder.',
    });
  const isChanged = (each: vscode.TextDocument): boolean => each.isDirty && each.languageId === document.languageId;
  await Promise.all(vscode.workspace.textDocuments.filter(isChanged).map((each) => each.save()));
}

function settingsOf(uri?: string): Settings {
  const scope = uri === undefined ? undefined : vscode.Uri.parse(uri);
  const configuration = vscode.workspace.getConfiguration('benchwright', scope);
  return readSettings((name) => configuration.get(name));
}
