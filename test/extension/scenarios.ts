/** The scenarios of test/extension/workspace as VS Code has them open. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { RESULT_FILES } from '../../src/contract/record.ts';
import type { ReportData } from '../../src/contract/report.ts';
import { until } from './waiting.ts';

export function scenarioUri(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder !== undefined, 'a folder is open');
  return vscode.Uri.joinPath(folder.uri, `${name}.bench`);
}

export async function openScenario(name: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(scenarioUri(name)));
}

/** As a click on its lens does. */
export async function runBenchmark(name: string): Promise<void> {
  await vscode.commands.executeCommand('benchwright.run', { uri: scenarioUri(name).toString(), benchmark: name });
}

export async function latestResult(
  name: string,
): Promise<{ directory: string; state: string; pid?: number } | undefined> {
  return readJson(vscode.Uri.joinPath(resultsOf(name), RESULT_FILES.latest));
}

/** The report of the newest run, once that run is over. */
export async function finishedReport(name: string, since: string): Promise<ReportData> {
  return until(`the report of ${name}`, async () => {
    const latest = await latestResult(name);
    if (latest === undefined || latest.state !== 'finished') return undefined;
    const report = await readJson<ReportData>(
      vscode.Uri.joinPath(resultsOf(name), latest.directory, RESULT_FILES.report),
    );
    return report !== undefined && report.run.startedAt >= since ? report : undefined;
  });
}

function resultsOf(name: string): vscode.Uri {
  const uri = scenarioUri(name);
  return uri.with({ path: `${uri.path}.results` });
}

async function readJson<T>(uri: vscode.Uri): Promise<T | undefined> {
  try {
    return JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri))) as T;
  } catch {
    return undefined;
  }
}
