/** Files that only the client can reach: those of a web page, and of folders that lie on no disk. */
import type { Connection } from 'vscode-languageserver';
import {
  FILE_REQUESTS,
  type FileListResult,
  type FileParams,
  type FileReadResult,
  type FileStatResult,
} from '../contract/protocol/language.ts';
import { uriOfPath, type LanguageFileSystem } from './file-system.ts';

export function createClientFileSystem(connection: Pick<Connection, 'sendRequest'>): LanguageFileSystem {
  const ask = <Result>(method: string, path: string, maximumBytes?: number): Promise<Result> => {
    const uri = uriOfPath(path).toString();
    return connection.sendRequest<Result>(method, {
      uri,
      ...(maximumBytes === undefined ? {} : { maximumBytes }),
    } satisfies FileParams);
  };
  return {
    async read(path, maximumBytes) {
      const { base64 } = await ask<FileReadResult>(FILE_REQUESTS.read, path, maximumBytes);
      return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    },
    async stat(path) {
      try {
        return (await ask<FileStatResult>(FILE_REQUESTS.stat, path)) ?? undefined;
      } catch {
        return undefined;
      }
    },
    list: (directory) => ask<FileListResult>(FILE_REQUESTS.list, directory),
  };
}

/** Files of this machine from it, all others from elsewhere. */
export function createSplitFileSystem(local: LanguageFileSystem, elsewhere: LanguageFileSystem): LanguageFileSystem {
  const sideOf = (path: string): LanguageFileSystem => (uriOfPath(path).scheme === 'file' ? local : elsewhere);
  return {
    read: (path, maximumBytes) => sideOf(path).read(path, maximumBytes),
    stat: (path) => sideOf(path).stat(path),
    list: (directory) => sideOf(directory).list(directory),
  };
}
