import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { afterEach, test } from '../helpers/vscode/extension-host-tests.ts';
import { finishedReport, latestResult, openScenario, runBenchmark, scenarioUri } from './scenarios.ts';
import { until } from './waiting.ts';

afterEach(async () => {
  await vscode.commands.executeCommand('workbench.action.files.revert');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
});

const now = (): string => new Date(Date.now() - 1_000).toISOString();

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('▶ Run runs the benchmark in a process of its own and leaves a report', async () => {
  const since = now();
  await openScenario('short');
  await runBenchmark('short');
  const pid = await until('the runner', async () => (await latestResult('short'))?.pid);
  assert.notEqual(pid, process.pid);
  const report = await finishedReport('short', since);
  assert.equal(report.run.benchmark, 'short');
  assert.equal(report.requests.due, 40);
  assert.equal(report.requests.succeeded, 40);
  await until('the end of the runner', () => (isAlive(pid) ? undefined : true));
});

test('edits are saved before they are run', async () => {
  const since = now();
  const editor = await openScenario('short');
  const line = editor.document
    .getText()
    .split('\n')
    .findIndex((text) => text.includes('for 2 s'));
  const at = editor.document.lineAt(line).text.indexOf('2 s');
  await editor.edit((edit) => edit.replace(new vscode.Range(line, at, line, at + 3), '1 s'));
  assert.ok(editor.document.isDirty);
  await runBenchmark('short');
  assert.equal(editor.document.isDirty, false);
  assert.equal((await finishedReport('short', since)).requests.due, 20);
  await editor.edit((edit) => edit.replace(new vscode.Range(line, at, line, at + 3), '2 s'));
  await editor.document.save();
});

test('a breached limit is a problem on its line, and only a remark once the file has changed', async () => {
  const since = now();
  const editor = await openScenario('failing');
  const { document } = editor;
  const line = document
    .getText()
    .split('\n')
    .findIndex((text) => text.includes('ttft p50'));
  const onLine = (severity: vscode.DiagnosticSeverity): vscode.Diagnostic | undefined =>
    vscode.languages
      .getDiagnostics(document.uri)
      .find((each) => each.range.start.line === line && each.severity === severity);
  await runBenchmark('failing');
  assert.equal((await finishedReport('failing', since)).run.outcome, 'failed');
  const breach = await until('the breach', () => onLine(vscode.DiagnosticSeverity.Error));
  assert.match(breach.message, /ttft p50 < 1 ms/);
  await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// changed\n'));
  await until('the old result', () =>
    vscode.languages
      .getDiagnostics(document.uri)
      .find((each) => each.range.start.line === line + 1 && each.severity === vscode.DiagnosticSeverity.Information),
  );
});

test('Stop lets what is in flight finish, and there is a report', async () => {
  const since = now();
  await openScenario('long');
  await runBenchmark('long');
  await until('the run', async () => ((await latestResult('long'))?.state === 'running' ? true : undefined));
  await vscode.commands.executeCommand('benchwright.stop');
  const report = await finishedReport('long', since);
  assert.equal(report.requests.censored, 0);
  assert.ok(report.run.durationMs < 60_000);
});

test('Abort cuts what is in flight, and there is a report', async () => {
  const since = now();
  await openScenario('long');
  await runBenchmark('long');
  await until('the run', async () => ((await latestResult('long'))?.state === 'running' ? true : undefined));
  await vscode.commands.executeCommand('benchwright.abort');
  assert.equal((await finishedReport('long', since)).run.outcome, 'aborted');
});

test('a scenario with errors starts nothing', async () => {
  await openScenario('broken');
  await runBenchmark('broken');
  assert.equal(await latestResult('broken'), undefined);
});

test('a plan is explained without running it', async () => {
  await openScenario('long');
  await vscode.commands.executeCommand('benchwright.dryRun', {
    uri: scenarioUri('long').toString(),
    benchmark: 'long',
  });
  const document = await until('the explained plan', () =>
    vscode.workspace.textDocuments.find((each) => each.uri.scheme === 'benchwright-plan'),
  );
  assert.match(document.getText(), /\| Requests \| about 12\u202f000 measured \|/);
});
