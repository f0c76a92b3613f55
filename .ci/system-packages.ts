/** System packages that npm cannot bring: installed where we may (root on Debian), else named with the command that installs them. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { scratchFolder, TaskFailure } from './project.ts';
import { runProcess } from './run-process.ts';

export interface SystemPackage {
  /** Debian's name. */
  readonly name: string;
  readonly isPresent: () => Promise<boolean>;
}

const aptLog = path.join(scratchFolder, 'logs', 'apt-get.log');

let lastTurn: Promise<void> = Promise.resolve();

/**
 * One at a time, because two `apt-get update` at once fail each other.
 * @throws TaskFailure that says what is missing and how to get it.
 */
export function ensureSystemPackages(purpose: string, packages: readonly SystemPackage[]): Promise<void> {
  const turn = lastTurn.then(() => ensureNow(purpose, packages));
  lastTurn = turn.catch(() => undefined);
  return turn;
}

async function ensureNow(purpose: string, packages: readonly SystemPackage[]): Promise<void> {
  const missing = await missingPackages(packages);
  if (missing.length === 0) return;
  const names = missing.map((each) => each.name).join(' ');
  const isDebian = existsSync('/etc/debian_version');
  if (!isDebian || process.getuid?.() !== 0) throw new TaskFailure(describeMissing(purpose, names, isDebian));

  process.stderr.write(`Installing Debian packages for ${purpose}: ${names}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const output = { logFile: aptLog };
  await runProcess('apt-get', ['update'], { env, output });
  const lockPatience = 'DPkg::Lock::Timeout=300';
  const args = ['install', '-y', '--no-install-recommends', '-o', lockPatience, ...missing.map((each) => each.name)];
  const { exitCode } = await runProcess('apt-get', args, { env, output });
  const stillMissing = await missingPackages(missing);
  if (exitCode !== 0 || stillMissing.length > 0) {
    throw new TaskFailure(`apt-get could not install ${names}, needed for ${purpose}; see ${aptLog}`);
  }
}

export function describeMissing(purpose: string, names: string, isDebian: boolean): string {
  return isDebian
    ? `${purpose} needs Debian packages that are not installed. Install them with:\n  sudo apt-get install ${names}`
    : `${purpose} needs what Debian calls ${names}; install these with this system's package manager and run again.`;
}

async function missingPackages(packages: readonly SystemPackage[]): Promise<SystemPackage[]> {
  const present = await Promise.all(packages.map((each) => each.isPresent()));
  return packages.filter((_, index) => !present[index]);
}

/** Headers to compile against, found as the compilation will find them; macOS brings its own. */
export function library(name: string, pkgConfigModule: string): SystemPackage {
  const isFound = async (): Promise<boolean> =>
    (await outputOf('pkg-config', ['--modversion', pkgConfigModule])) !== '' || process.platform === 'darwin';
  return { name, isPresent: isFound };
}

export function program(name: string, packageName = name): SystemPackage {
  return { name: packageName, isPresent: () => Promise.resolve(findProgram([name]) !== undefined) };
}

/** The first of these that is on PATH (or exists, where it is a path). */
export function findProgram(candidates: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const places = candidates.flatMap((candidate) =>
    path.isAbsolute(candidate) ? [candidate] : folders.map((folder) => path.join(folder, candidate)),
  );
  return places.find((place) => existsSync(place));
}

export async function outputOf(command: string, args: readonly string[]): Promise<string> {
  try {
    const { exitCode, output } = await runProcess(command, args, { output: 'collect' });
    return exitCode === 0 ? output : '';
  } catch {
    return '';
  }
}
