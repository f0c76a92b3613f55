/** Where things lie: the checkout, its build, and the machine-wide cache for what is too big to install per clone. */
import { homedir } from 'node:os';
import path from 'node:path';

export const projectRoot = path.dirname(import.meta.dirname);
export const distFolder = path.join(projectRoot, 'dist');
/** Ignored by git, per clone: logs, scratch workspaces, compiled test bundles. */
export const scratchFolder = path.join(projectRoot, '.cache');

/** Shared by all clones of one user; what lies here is only ever added whole (see install-once.ts). */
export function machineCacheFolder(): string {
  return path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'benchwright');
}

/** Ends a task with one line instead of a stack. */
export class TaskFailure extends Error {
  override readonly name = 'TaskFailure';
}

/** Runs a task's main function; its number is the exit code. */
export async function runTask(main: () => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    process.stderr.write(`${error instanceof TaskFailure ? error.message : (error as Error).stack}\n`);
    process.exitCode = 1;
  }
}
