import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { FILE_REQUESTS, type FileParams } from '../../src/contract/protocol/language.ts';
import { answerFileRequests } from '../../src/extension/client-files.ts';
import { test } from '../helpers/vscode/extension-host-tests.ts';
import { scenarioUri } from './scenarios.ts';

/** What the language server is answered, without one. */
async function ask(method: string, params: FileParams): Promise<unknown> {
  const handlers = new Map<string, (params: FileParams) => unknown>();
  const onRequest = (name: string, handler: (params: FileParams) => unknown): vscode.Disposable => {
    handlers.set(name, handler);
    return new vscode.Disposable(() => undefined);
  };
  answerFileRequests({ onRequest } as never).dispose();
  return handlers.get(method)?.(params);
}

test('a file is told with its size and when it was last changed, what is not there as nothing', async () => {
  const uri = scenarioUri('short');
  const { size, mtime } = await vscode.workspace.fs.stat(uri);
  assert.ok(mtime > 0);
  assert.deepEqual(await ask(FILE_REQUESTS.stat, { uri: uri.toString() }), {
    kind: 'file',
    sizeBytes: size,
    modifiedMs: mtime,
  });
  assert.equal(await ask(FILE_REQUESTS.stat, { uri: scenarioUri('nowhere').toString() }), null);
});
