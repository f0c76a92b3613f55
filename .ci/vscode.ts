/** `npm run vscode`: a real VS Code in the browser, with the packaged extension and a copy of the examples, to try things by hand. */
import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { packagedVsix } from './package.ts';
import { projectRoot, runTask, scratchFolder } from './project.ts';
import { spawnGroup, untilInterrupted } from './run-process.ts';
import { findProgram } from './system-packages.ts';
import { ensureVscodeServer, installVsix, startVscodeServer } from './vscode-server.ts';

const tryFolder = path.join(scratchFolder, 'vscode');

async function main(): Promise<number> {
  const vsixFile = await packagedVsix();
  await ensureVscodeServer();

  // Settings, extensions and logs start anew each time; what somebody wrote in the workspace stays.
  const dataFolder = path.join(tryFolder, 'data');
  const workspace = path.join(tryFolder, 'workspace');
  await rm(dataFolder, { recursive: true, force: true });
  await mkdir(workspace, { recursive: true });
  const isScenario = (file: string): boolean => !file.endsWith('.bench.results');
  await cp(path.join(projectRoot, 'examples'), workspace, { recursive: true, force: false, filter: isScenario });
  await installVsix(vsixFile, dataFolder);
  const server = await startVscodeServer({ dataFolder });
  const url = `${server.url}/?folder=${encodeURIComponent(workspace)}`;
  process.stdout.write(
    `\n  VS Code with Benchwright:  ${url}\n  The workspace:             ${path.relative('', workspace)}\n`,
  );
  process.stdout.write('  Open quickstart.bench and click "Run" above the benchmark. Ctrl-C ends it.\n\n');
  openInBrowser(url);

  await untilInterrupted();
  await server.dispose();
  return 0;
}

function openInBrowser(url: string): void {
  const hasDesktop = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  const opener = process.platform === 'darwin' ? findProgram(['open']) : findProgram(['xdg-open']);
  if (!hasDesktop || opener === undefined || process.env.CI) return;
  spawnGroup(opener, [url], { stdio: 'ignore' }).on('error', () => {
    // The address is on the screen; it can be opened by hand.
  });
}

await runTask(main);
