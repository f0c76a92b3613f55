/** Benchmarks as tests: found in every scenario of the workspace, run by the same path as ▶ Run, judged by their SLAs. */
import * as vscode from 'vscode';
import { describeOutcome } from '../../contract/describe-outcome.ts';
import { formatMeasured } from '../../contract/format-measured.ts';
import type { SlaResult } from '../../contract/report.ts';
import type { BenchClient } from '../client.ts';
import { LANGUAGE_ID } from '../client-options.ts';
import type { Log } from '../log.ts';
import { ScenarioError, type RunController } from './run-controller.ts';
import type { RunSession } from './run-session.ts';

const PATTERN = '**/*.bench';
const EXCLUDED = '**/{node_modules,.git}/**';
const EDIT_PAUSE_MS = 500;

export class TestExplorer implements vscode.Disposable {
  readonly #client: BenchClient;
  readonly #runs: RunController;
  readonly #log: Log;
  readonly #controller = vscode.tests.createTestController('benchwright', 'Benchwright');
  readonly #disposables: { dispose(): void }[];
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(client: BenchClient, runs: RunController, log: Log) {
    this.#client = client;
    this.#runs = runs;
    this.#log = log;
    const controller = this.#controller;
    controller.resolveHandler = (item) => (item === undefined ? this.#findFiles() : this.#findBenchmarks(item));
    controller.refreshHandler = () => this.#findFiles();
    controller.createRunProfile(
      'Run',
      vscode.TestRunProfileKind.Run,
      (request, token) => this.#run(request, token),
      true,
    );
    const watcher = vscode.workspace.createFileSystemWatcher(PATTERN);
    this.#disposables = [
      controller,
      watcher,
      watcher.onDidCreate((uri) => void this.#addFile(uri)),
      watcher.onDidDelete((uri) => controller.items.delete(uri.toString())),
      vscode.workspace.onDidOpenTextDocument((document) => this.#scheduleUpdate(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#scheduleUpdate(document)),
      runs.onDidStart.on((session) => void this.#mirror(session)),
    ];
    for (const document of vscode.workspace.textDocuments) this.#scheduleUpdate(document);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const each of this.#disposables) each.dispose();
  }

  async #findFiles(): Promise<void> {
    const uris = await vscode.workspace.findFiles(PATTERN, EXCLUDED);
    await Promise.all(uris.map((uri) => this.#addFile(uri)));
  }

  async #addFile(uri: vscode.Uri): Promise<vscode.TestItem> {
    const id = uri.toString();
    const known = this.#controller.items.get(id);
    if (known !== undefined) return known;
    const item = this.#controller.createTestItem(id, vscode.workspace.asRelativePath(uri), uri);
    item.canResolveChildren = true;
    this.#controller.items.add(item);
    await this.#findBenchmarks(item);
    return item;
  }

  async #findBenchmarks(file: vscode.TestItem): Promise<void> {
    if (file.parent !== undefined || file.uri === undefined) return;
    const { uri } = file;
    const benchmarks = await this.#client.benchmarks(uri.toString());
    file.children.replace(
      benchmarks.map((benchmark) => {
        const id = `${uri.toString()}#${benchmark.name}`;
        const item = file.children.get(id) ?? this.#controller.createTestItem(id, benchmark.name, uri);
        const { start, end } = benchmark.range;
        item.range = new vscode.Range(start.line, start.character, end.line, end.character);
        return item;
      }),
    );
    // A library of targets and loads has no benchmark: nothing to test in it.
    if (benchmarks.length === 0) this.#controller.items.delete(file.id);
  }

  #scheduleUpdate(document: vscode.TextDocument): void {
    if (document.languageId !== LANGUAGE_ID || document.uri.scheme !== 'file') return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    const update = async (): Promise<void> => {
      this.#timers.delete(key);
      const known = this.#controller.items.get(key);
      await (known === undefined ? this.#addFile(document.uri) : this.#findBenchmarks(known));
    };
    this.#timers.set(
      key,
      setTimeout(() => this.#log.watch('tests', update()), EDIT_PAUSE_MS),
    );
  }

  async #run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const testRun = this.#controller.createTestRun(request);
    const items = await this.#benchmarksOf(request);
    for (const item of items) testRun.enqueued(item);
    for (const item of items) {
      if (token.isCancellationRequested) break;
      await this.#runOne(item, testRun, token);
    }
    testRun.end();
  }

  async #runOne(item: vscode.TestItem, testRun: vscode.TestRun, token: vscode.CancellationToken): Promise<void> {
    const target = { uri: item.uri?.toString() ?? '', benchmark: item.label };
    try {
      const session = await this.#runs.run(target, 'test');
      const stopping = token.onCancellationRequested(() => void this.#runs.stop(session));
      await follow(session, item, testRun);
      stopping.dispose();
    } catch (error) {
      testRun.errored(item, messagesOf(error, item));
    }
  }

  async #benchmarksOf({ include, exclude }: vscode.TestRunRequest): Promise<readonly vscode.TestItem[]> {
    if (include === undefined) await this.#findFiles();
    const roots = include ?? childrenOf(this.#controller.items);
    const leaves: vscode.TestItem[] = [];
    for (const root of roots) {
      if (root.parent === undefined) await this.#findBenchmarks(root);
      leaves.push(...(root.parent === undefined ? childrenOf(root.children) : [root]));
    }
    return leaves.filter((item) => exclude?.includes(item) !== true);
  }

  /** A run that began at a lens shows in the Testing view too. */
  async #mirror(session: RunSession): Promise<void> {
    if (session.origin === 'test') return;
    const file = await this.#addFile(vscode.Uri.parse(session.target.uri));
    const item = file.children.get(`${file.id}#${session.target.benchmark}`);
    if (item === undefined) return;
    const testRun = this.#controller.createTestRun(new vscode.TestRunRequest([item]), session.target.benchmark, true);
    await follow(session, item, testRun);
    testRun.end();
  }
}

async function follow(session: RunSession, item: vscode.TestItem, testRun: vscode.TestRun): Promise<void> {
  testRun.started(item);
  const say = (text: string): void => testRun.appendOutput(`${text.replace(/\r?\n/g, '\r\n')}\r\n`, undefined, item);
  say(`${session.target.benchmark}: ${session.header.backend}, ${session.header.dataset}`);
  const { finished, error } = await session.over;
  if (finished === undefined) {
    say(error?.message ?? 'not carried out');
    return testRun.errored(item, new vscode.TestMessage([error?.message, error?.hint].filter(Boolean).join(' ')));
  }
  for (const sla of finished.sla) say(`${sla.verdict.padEnd(10)}  ${sla.text}  ${actualOf(sla)}`);
  say(`${describeOutcome(finished.outcome, finished.sla, finished.validity.verdict)}. Results: ${finished.directory}`);
  const { verdict, reasons } = finished.validity;
  for (const reason of reasons) say(`${verdict}: ${reason.message}`);
  const breaches = finished.sla.filter((sla) => sla.verdict === 'breached');
  // Figures of an overloaded generator prove nothing, neither for the server nor against it.
  if (verdict === 'invalid')
    return testRun.errored(
      item,
      new vscode.TestMessage(`The measurement is invalid: ${reasons.map((each) => each.message).join(' ')}`),
      finished.durationMs,
    );
  if (breaches.length > 0) return testRun.failed(item, breaches.map(breachMessage), finished.durationMs);
  if (finished.outcome === 'passed') return testRun.passed(item, finished.durationMs);
  // Neither met nor breached.
  if (finished.outcome === 'undecided') return testRun.skipped(item);
  testRun.errored(
    item,
    new vscode.TestMessage(
      finished.error?.message ?? describeOutcome(finished.outcome, finished.sla, finished.validity.verdict),
    ),
    finished.durationMs,
  );
}

/**
 * At the benchmark, not at the SLA's line: VS Code writes a message over the end of its line, where the measured value stands,
 * and the breach is a problem of that line already.
 */
function breachMessage(sla: SlaResult): vscode.TestMessage {
  const where = `${vscode.workspace.asRelativePath(sla.file)}:${sla.line}`;
  return vscode.TestMessage.diff(`${sla.text} (${where}): measured ${actualOf(sla)}`, sla.text, actualOf(sla));
}

function actualOf(sla: SlaResult): string {
  return sla.actual === undefined ? 'not measured' : formatMeasured(sla.actual, sla.unit);
}

function messagesOf(error: unknown, item: vscode.TestItem): vscode.TestMessage[] {
  if (!(error instanceof ScenarioError))
    return [new vscode.TestMessage(error instanceof Error ? error.message : String(error))];
  return error.diagnostics
    .filter((each) => each.severity === 'error')
    .map((each) => {
      const message = new vscode.TestMessage(each.message);
      message.location = new vscode.Location(
        each.file === item.uri?.fsPath ? item.uri : vscode.Uri.file(each.file),
        new vscode.Position(each.line - 1, each.column - 1),
      );
      return message;
    });
}

function childrenOf(items: vscode.TestItemCollection): readonly vscode.TestItem[] {
  return [...items].map(([, item]) => item);
}
