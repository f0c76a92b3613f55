/** Files that exist only in a test, by absolute path. */
import type { LanguageFileSystem } from '../../src/language/file-system.ts';

export function memoryFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  directories: readonly string[] = [],
): LanguageFileSystem {
  const bytesOf = (path: string): Uint8Array | undefined => {
    const content = files[path];
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  };
  return {
    read(path, maximumBytes) {
      const bytes = bytesOf(path);
      return bytes === undefined
        ? Promise.reject(new Error(`no such file: ${path}`))
        : Promise.resolve(bytes.subarray(0, maximumBytes));
    },
    stat(path) {
      if (directories.includes(path)) return Promise.resolve({ kind: 'directory', sizeBytes: 0 });
      const bytes = bytesOf(path);
      return Promise.resolve(bytes === undefined ? undefined : { kind: 'file', sizeBytes: bytes.length });
    },
    list(directory) {
      const prefix = `${directory.replace(/\/$/, '')}/`;
      const below = Object.keys(files).filter((path) => path.startsWith(prefix));
      const entries = new Map(
        below.map((path) => {
          const [name = '', ...rest] = path.slice(prefix.length).split('/');
          return [name, { name, kind: rest.length === 0 ? ('file' as const) : ('directory' as const) }];
        }),
      );
      return Promise.resolve([...entries.values()]);
    },
  };
}
