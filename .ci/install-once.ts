/** Puts a folder into the machine-wide cache whole or not at all, whichever and however many runs want it at a time. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface InstallOnce {
  readonly folder: string;
  /** Fills the empty folder it is given, which is then renamed to `folder`. */
  readonly install: (emptyFolder: string) => Promise<void>;
  readonly onWaiting?: () => void;
}

const LOCK_POLL_MS = 500;

/** @returns whether it was installed just now, rather than found. */
export async function installOnce({ folder, install, onWaiting }: InstallOnce): Promise<boolean> {
  if (existsSync(folder)) return false;
  await mkdir(path.dirname(folder), { recursive: true });
  const lockFile = `${folder}.lock`;
  let hasSaidWaiting = false;
  while (!(await takeLock(lockFile))) {
    if (!hasSaidWaiting) onWaiting?.();
    hasSaidWaiting = true;
    await delay(LOCK_POLL_MS);
  }
  try {
    if (existsSync(folder)) return false;
    const unfinished = `${folder}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished);
    await install(unfinished);
    await rename(unfinished, folder);
    return true;
  } finally {
    await rm(lockFile, { force: true });
  }
}

/** The lock is a file with its owner's process id; one whose owner has died is taken over. */
export async function takeLock(lockFile: string): Promise<boolean> {
  try {
    await writeFile(lockFile, `${process.pid}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (!(await isAbandoned(lockFile))) return false;
  await rm(lockFile, { force: true });
  return takeLock(lockFile);
}

async function isAbandoned(lockFile: string): Promise<boolean> {
  const owner = Number(await readFile(lockFile, 'utf8').catch(() => ''));
  if (!Number.isInteger(owner) || owner <= 0) {
    // Its owner may be between creating and writing it; a second is ample for that.
    const { mtimeMs } = await stat(lockFile).catch(() => ({ mtimeMs: 0 }));
    return Date.now() - mtimeMs > 1000;
  }
  try {
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
