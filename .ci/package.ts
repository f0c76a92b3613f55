/** `npm run package`: the .vsix, as it would be published, into .cache/package/. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ensureBuilt } from './build.ts';
import { projectRoot, runTask, scratchFolder, TaskFailure } from './project.ts';
import { runProcess } from './run-process.ts';
import { hashSources } from './stale.ts';

const packageFolder = path.join(scratchFolder, 'package');
/** What goes into the package beside dist/, whose own freshness is that of the sources. */
const inputs = [
  'package.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'package.nls.json',
  'syntaxes',
  'icons',
  'examples/quickstart.bench',
  'dist/build-stamp.json',
];

/** The .vsix of the present sources; built and packed only where it is not there yet. */
export async function packagedVsix(): Promise<string> {
  await ensureBuilt(true);
  const { version } = JSON.parse(await readFile(path.join(projectRoot, 'package.json'), 'utf8')) as { version: string };
  const contentHash = (await hashSources(projectRoot, inputs)).slice(0, 12);
  const file = path.join(packageFolder, contentHash, `benchwright-${version}.vsix`);
  if (existsSync(file)) return file;
  await rm(packageFolder, { recursive: true, force: true });
  await mkdir(path.dirname(file), { recursive: true });
  const vsce = path.join(projectRoot, 'node_modules', '@vscode', 'vsce', 'vsce');
  // The README's links lead into the repository, whose address is not known yet.
  const unpublished = ['--allow-missing-repository', '--no-rewrite-relative-links'];
  const args = [vsce, 'package', '--no-dependencies', ...unpublished, '--out', file];
  const { exitCode, output } = await runProcess(process.execPath, args, { output: 'collect' });
  if (exitCode !== 0) throw new TaskFailure(`vsce could not package the extension:\n${output}`);
  return file;
}

async function main(): Promise<void> {
  const file = await packagedVsix();
  const { size } = await stat(file);
  process.stdout.write(`${path.relative(projectRoot, file)}  ${(size / 1000).toFixed(0)} kB\n`);
}

if (import.meta.main) await runTask(main);
