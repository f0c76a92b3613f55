import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { RunCommandArguments } from '../../src/contract/protocol/language.ts';
import { test } from '../helpers/vscode/extension-host-tests.ts';
import { openScenario, scenarioUri } from './scenarios.ts';
import { until } from './waiting.ts';

test('what is wrong in a scenario is a problem with a code', async () => {
  await openScenario('broken');
  const diagnostics = await until('diagnostics of broken.bench', () => {
    const found = vscode.languages.getDiagnostics(scenarioUri('broken'));
    return found.length > 0 ? found : undefined;
  });
  const errors = diagnostics.filter((each) => each.severity === vscode.DiagnosticSeverity.Error);
  assert.ok(errors.length > 0);
  for (const { code } of errors) {
    const value = typeof code === 'object' ? code.value : code;
    assert.match(String(value), /^BENCH\d{4}$/);
  }
});

test('completion knows the metrics and the units', async () => {
  const { document } = await openScenario('short');
  const line = document
    .getText()
    .split('\n')
    .findIndex((text) => text.includes('ttft p50'));
  const labels = async (character: number): Promise<readonly string[]> => {
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      new vscode.Position(line, character),
    );
    return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
  };
  const metrics = await labels(2);
  assert.ok(metrics.includes('itl') && metrics.includes('error-rate'), metrics.join(' '));
  const units = await labels(document.lineAt(line).text.length);
  assert.ok(units.includes('ms'), units.join(' '));
});

test('a lens above each benchmark runs it', async () => {
  const { document } = await openScenario('short');
  const lenses = await vscode.commands.executeCommand<readonly vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
    10,
  );
  const run = lenses.find((lens) => lens.command?.title === '▶ Run')?.command;
  assert.equal(run?.command, 'benchwright.run');
  assert.deepEqual(run.arguments, [{ uri: document.uri.toString(), benchmark: 'short' } satisfies RunCommandArguments]);
});

test('the outline has the declarations', async () => {
  const { document } = await openScenario('short');
  const symbols = await vscode.commands.executeCommand<readonly vscode.DocumentSymbol[]>(
    'vscode.executeDocumentSymbolProvider',
    document.uri,
  );
  assert.deepEqual(
    symbols.map((symbol) => symbol.name),
    ['quick', 'prompts', 'easy', 'short'],
  );
});
