/** A workspace that is not trusted: the language works, nothing runs. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { packagedVsix } from '../../.ci/package.ts';
import { openWorkbench, type Workbench } from '../helpers/vscode/workbench.ts';

let bench: Workbench;

before(async () => {
  bench = await openWorkbench({
    vsixFile: await packagedVsix(),
    workspace: path.join(import.meta.dirname, '../extension/workspace'),
    hasWorkspaceTrust: true,
    settings: {
      // A folder one was sent may say what it likes here: a program of its choice is not started.
      'benchwright.runner.node': '/bin/true',
      'security.workspace.trust.startupPrompt': 'never',
    },
  });
});
after(() => bench?.dispose());

test('an untrusted folder can be written in, but its benchmarks not run', async () => {
  await bench.openFile('broken.bench');
  assert.ok((await bench.problems()).some((each) => each.text.includes('BENCH')));
  await bench.openFile('short.bench');
  await bench.codeLens('▶ Run').first().waitFor();
  await bench.clickCodeLens('▶ Run');
  await bench.notification(/not run: it is not trusted/).waitFor();
  await bench.screenshot('untrusted', 'dark');
  assert.equal(existsSync(path.join(bench.workspace, 'short.bench.results')), false);
});

test('a plan is explained there all the same', async () => {
  await bench.clickCodeLens('Dry run');
  const preview = await bench.webview('#stages');
  assert.match(await preview.locator('body').innerText(), /Dry run: nothing is sent/);
});
