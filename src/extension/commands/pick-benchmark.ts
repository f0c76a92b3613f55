/** Which benchmark a command is about: the one its lens names, the one under the cursor, the only one, or the one picked. */
import * as vscode from 'vscode';
import type { RunCommandArguments } from '../../contract/protocol/language.ts';
import type { BenchClient } from '../client.ts';
import { LANGUAGE_ID } from '../client-options.ts';
import type { RunTarget } from '../runs/run-session.ts';

/** @throws when there is nothing to choose from, with a sentence for the user. */
export async function pickBenchmark(
  client: BenchClient,
  argument: unknown,
  title: string,
): Promise<RunTarget | undefined> {
  if (isRunArguments(argument)) return { uri: argument.uri, benchmark: argument.benchmark };
  const document = await scenarioDocument(argument);
  const uri = document.uri.toString();
  const benchmarks = await client.benchmarks(uri);
  const here = await benchmarkUnderCursor(
    document,
    benchmarks.map((each) => each.name),
  );
  const [only] = benchmarks;
  if (only === undefined) throw new Error(`${vscode.workspace.asRelativePath(document.uri)} has no benchmark.`);
  const name =
    here ??
    (benchmarks.length === 1
      ? only.name
      : await pickName(
          benchmarks.map((each) => each.name),
          title,
        ));
  return name === undefined ? undefined : { uri, benchmark: name };
}

function isRunArguments(value: unknown): value is RunCommandArguments {
  const { uri, benchmark } = (value ?? {}) as Partial<RunCommandArguments>;
  return typeof uri === 'string' && typeof benchmark === 'string';
}

/** Menus of the editor hand over the file's URI. */
async function scenarioDocument(argument: unknown): Promise<vscode.TextDocument> {
  const document =
    argument instanceof vscode.Uri
      ? await vscode.workspace.openTextDocument(argument)
      : vscode.window.activeTextEditor?.document;
  if (document?.languageId !== LANGUAGE_ID) throw new Error('Open the .bench file with the benchmark first.');
  return document;
}

async function benchmarkUnderCursor(
  document: vscode.TextDocument,
  names: readonly string[],
): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document !== document) return undefined;
  const symbols = await vscode.commands.executeCommand<readonly vscode.DocumentSymbol[] | undefined>(
    'vscode.executeDocumentSymbolProvider',
    document.uri,
  );
  return symbols?.find((symbol) => names.includes(symbol.name) && symbol.range.contains(editor.selection.active))?.name;
}

async function pickName(names: readonly string[], title: string): Promise<string | undefined> {
  return vscode.window.showQuickPick([...names], { title });
}
