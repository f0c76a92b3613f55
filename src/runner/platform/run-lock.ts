/**
 * Who writes to a result directory: a hidden file with the process's number, for as long as it writes. A process that was killed leaves
 * the file and holds nothing, which its number and the moment it was started tell.
 */
import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { kill, pid } from 'node:process';

export interface RunHolder {
  readonly pid: number;
  readonly host: string;
  /** When the process was started, in the kernel's ticks; tells it from another that got its number later. */
  readonly startTicks?: number;
}

const LOCK_FILE = '.running';

/** Takes the directory for this process. Resolves to who else has it, or to `undefined` when it was taken. */
export async function takeRunLock(directory: string): Promise<RunHolder | undefined> {
  const path = join(directory, LOCK_FILE);
  const { startTicks } = await statOf(pid);
  const own: RunHolder = { pid, host: hostname(), ...(startTicks === undefined ? {} : { startTicks }) };
  for (;;) {
    try {
      const file = await open(path, 'wx');
      try {
        await file.writeFile(JSON.stringify(own));
      } finally {
        await file.close();
      }
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = await runHolder(directory);
    if (holder !== undefined) return holder;
    await rm(path, { force: true });
  }
}

export async function releaseRunLock(directory: string): Promise<void> {
  await rm(join(directory, LOCK_FILE), { force: true });
}

/** The process that writes to the directory now. One on another machine cannot be looked at: it is believed to live. */
export async function runHolder(directory: string): Promise<RunHolder | undefined> {
  const text = await readFile(join(directory, LOCK_FILE), 'utf8').catch(() => '');
  let holder: RunHolder;
  try {
    holder = JSON.parse(text) as RunHolder;
  } catch {
    return undefined;
  }
  if (holder.host !== hostname()) return holder;
  if (!isAlive(holder.pid)) return undefined;
  const { state, startTicks } = await statOf(holder.pid);
  // One that was killed keeps its number until whoever started it has asked how it ended.
  if (state === 'Z' || state === 'X') return undefined;
  return holder.startTicks === startTicks ? holder : undefined;
}

function isAlive(processId: number): boolean {
  try {
    kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Fields 3 and 22 of /proc/PID/stat; the second, the command, is in parentheses and may hold anything. Absent outside of Linux. */
async function statOf(processId: number): Promise<{ readonly state?: string; readonly startTicks?: number }> {
  const stat = await readFile(`/proc/${processId}/stat`, 'utf8').catch(() => '');
  const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startTicks = Number(fields[18]);
  return stat === '' || Number.isNaN(startTicks) ? {} : { state, startTicks };
}
