/** Files of this machine, for the language server and the terminal. The only importer of `node:` modules in this layer. */
import { open, readdir, stat } from 'node:fs/promises';
import type { LanguageFileSystem } from './file-system.ts';

export const nodeFileSystem: LanguageFileSystem = {
  async read(path, maximumBytes = Number.MAX_SAFE_INTEGER) {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const buffer = new Uint8Array(Math.min(size, maximumBytes));
      let filled = 0;
      while (filled < buffer.length) {
        const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    } finally {
      await file.close();
    }
  },
  async stat(path) {
    try {
      const status = await stat(path);
      return { kind: status.isDirectory() ? 'directory' : 'file', sizeBytes: status.size, modifiedMs: status.mtimeMs };
    } catch {
      return undefined;
    }
  },
  async list(directory) {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.map((entry) => ({ name: entry.name, kind: entry.isDirectory() ? 'directory' : 'file' }));
  },
};
