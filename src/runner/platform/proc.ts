/** What the kernel tells through /proc and /sys. */
import { readFileSync } from 'node:fs';
import { platform } from 'node:process';

/** `undefined` where there is no such file or it cannot be read. Such files are made as they are read: reading one does not wait for a disk. */
export type ReadKernelFile = (path: string) => string | undefined;

export const readKernelFile: ReadKernelFile = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

export function isLinux(): boolean {
  return platform === 'linux';
}

export function isWindows(): boolean {
  return platform === 'win32';
}
