/** Command names and what they do: one line each. */
import * as vscode from 'vscode';
import { abort } from './abort.ts';
import { askModels } from './ask-models.ts';
import { dryRun } from './dry-run.ts';
import { forgetSecret } from './forget-secret.ts';
import { makeReport } from './make-report.ts';
import { newScenario } from './new-scenario.ts';
import { openReport } from './open-report.ts';
import { openResults } from './open-results.ts';
import { restartLanguageServer } from './restart-language-server.ts';
import { run } from './run.ts';
import { runActions } from './run-actions.ts';
import { setSecret } from './set-secret.ts';
import { showDashboard } from './show-dashboard.ts';
import { showLog } from './show-log.ts';
import { stop } from './stop.ts';
import { showError, type CommandHandler, type Workbench } from './workbench.ts';

const COMMANDS: Readonly<Record<string, CommandHandler>> = {
  'benchwright.run': run,
  'benchwright.dryRun': dryRun,
  'benchwright.stop': stop,
  'benchwright.abort': abort,
  'benchwright.runActions': runActions,
  'benchwright.showDashboard': showDashboard,
  'benchwright.openReport': openReport,
  'benchwright.makeReport': makeReport,
  'benchwright.openResults': openResults,
  'benchwright.newScenario': newScenario,
  'benchwright.setSecret': setSecret,
  'benchwright.forgetSecret': forgetSecret,
  'benchwright.restartLanguageServer': restartLanguageServer,
  'benchwright.showLog': showLog,
  'benchwright.askModels': askModels,
};

export function registerCommands(workbench: Workbench): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.entries(COMMANDS).map(([name, handler]) =>
      vscode.commands.registerCommand(name, async (...args: readonly unknown[]) => {
        try {
          await handler(workbench, ...args);
        } catch (error) {
          await showError(error, workbench.log);
        }
      }),
    ),
  );
}
