/** `npm start`: the quickstart on the built-in simulator, in this terminal. Arguments go to the command line: `npm start -- --ui plain`. */
import path from 'node:path';
import { ensureBuilt } from './build.ts';
import { distFolder, runTask } from './project.ts';
import { runAttached } from './run-process.ts';

await runTask(async () => {
  await ensureBuilt();
  const args = [path.join(distFolder, 'cli.js'), 'run', 'examples/quickstart.bench', ...process.argv.slice(2)];
  return runAttached(process.execPath, args);
});
