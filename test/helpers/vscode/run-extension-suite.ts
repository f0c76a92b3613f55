/** What `npm run test:extension` hands to node:test: it runs test/extension in VS Code and repeats each result as a test. */
import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../../.ci/project.ts';
import { runExtensionHostSuite } from './extension-suite.ts';

const folder = path.join(projectRoot, 'test', 'extension');
const files = globSync('**/*.test.ts', { cwd: folder })
  .sort()
  .map((file) => path.join(folder, file));
const ownWorkspace = path.join(folder, 'workspace');
const workspace = existsSync(ownWorkspace) ? ownWorkspace : path.join(projectRoot, 'examples');

const { results } = await runExtensionHostSuite({ files, workspace });
for (const result of results) {
  if (result.note !== undefined) process.stdout.write(`${result.name}: ${result.note}\n`);
  test(`${result.file} › ${result.name} (${result.durationMs.toFixed(0)} ms)`, () => {
    if (result.error === undefined) return;
    // The stack is that of the extension host, where it happened; this one would only point here.
    throw Object.assign(new Error(result.error.split('\n', 1)[0]), { stack: result.error });
  });
}
