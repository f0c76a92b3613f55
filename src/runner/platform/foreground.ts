/** Whether the terminal is this program's to read and to change, or that of another job of the same shell. */
import { spawnSync } from 'node:child_process';
import { isLinux, isWindows, readKernelFile, type ReadKernelFile } from './proc.ts';

/** False where it cannot be told. */
export function isInForeground(): boolean {
  if (isWindows()) return true;
  if (isLinux()) return ownsTerminal(readKernelFile);
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(process.pid)], { encoding: 'utf8', timeout: 2_000 });
  // POSIX has no such column; Linux, macOS and the BSDs mark the foreground by a plus sign.
  return (stdout ?? '').includes('+');
}

/** Linux: the process group is the one in the foreground of the controlling terminal (proc_pid_stat(5): pgrp, tpgid). */
export function ownsTerminal(read: ReadKernelFile): boolean {
  // The name in parentheses may hold spaces and parentheses itself.
  const [, , group, , , foregroundGroup] = (read('/proc/self/stat') ?? '').replace(/^.*\) /s, '').split(' ');
  return group !== undefined && group === foregroundGroup;
}
