import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { note, test } from '../helpers/vscode/extension-host-tests.ts';
import { openScenario } from './scenarios.ts';

const EXTENSION = 'benchwright.benchwright';
/** Ours is 50 ms; a shared machine needs some slack before this is worth a red test. */
const ACTIVATION_LIMIT_MS = 150;

test('activating waits for nothing', async () => {
  const extension = vscode.extensions.getExtension<{ readonly activationMs: number }>(EXTENSION);
  assert.ok(extension !== undefined, `${EXTENSION} is installed`);
  const { activationMs } = await extension.activate();
  const bundle = path.join(extension.extensionPath, 'dist', 'extension.cjs');
  delete require.cache[bundle];
  const startedMs = performance.now();
  require(bundle);
  const loadMs = performance.now() - startedMs;
  note(`loaded in ${loadMs.toFixed(0)} ms, activated in ${activationMs.toFixed(1)} ms`);
  assert.ok(activationMs < ACTIVATION_LIMIT_MS, `activated in ${activationMs.toFixed(1)} ms`);
});

test('commands of the manifest are there', async () => {
  const { packageJSON } = vscode.extensions.getExtension(EXTENSION) as vscode.Extension<unknown>;
  const declared = (packageJSON.contributes.commands as readonly { command: string }[]).map((each) => each.command);
  const registered = new Set(await vscode.commands.getCommands(true));
  assert.deepEqual(
    declared.filter((command) => !registered.has(command)),
    [],
  );
});

test('a .bench file is a scenario', async () => {
  const { document } = await openScenario('short');
  assert.equal(document.languageId, 'bench');
});

test('results do not crowd the search, and what was left out of it before still is', async () => {
  const excluded = vscode.workspace.getConfiguration('search').get<Record<string, boolean>>('exclude');
  assert.equal(excluded?.['**/*.bench.results'], true);
  assert.equal(excluded['**/node_modules'], true);
});
