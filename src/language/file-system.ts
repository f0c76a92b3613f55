/** The files the language sees are handed in, so that it runs in a terminal, an editor, a browser and a test alike. */
import { UriUtils, type FileSystemNode, type FileSystemProvider, type URI } from 'langium';
import { MAXIMUM_FILE_CHARACTERS } from './parser/lexer.ts';

export interface FileStatus {
  readonly kind: 'file' | 'directory';
  readonly sizeBytes: number;
}

export interface LanguageFileSystem {
  /** Reads at most this many bytes from the beginning. Rejects when the file cannot be read. */
  read(path: string, maximumBytes?: number): Promise<Uint8Array>;
  /** `undefined`: there is nothing of that name. */
  stat(path: string): Promise<FileStatus | undefined>;
  list(directory: string): Promise<readonly { readonly name: string; readonly kind: FileStatus['kind'] }[]>;
}

/** No files at all: for text that stands alone. */
export const noFiles: LanguageFileSystem = {
  read: (path) => Promise.reject(new Error(`no such file: ${path}`)),
  stat: () => Promise.resolve(undefined),
  list: () => Promise.resolve([]),
};

/** Bytes as text; what is not UTF-8 becomes U+FFFD and is found by a check. A byte order mark is dropped. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder('utf-8').decode(bytes);
}

/** The same files in the form Langium asks for. It never reads more of a file than the lexer would accept. */
export class BenchFileSystemProvider implements FileSystemProvider {
  readonly files: LanguageFileSystem;

  constructor(files: LanguageFileSystem) {
    this.files = files;
  }

  async stat(uri: URI): Promise<FileSystemNode> {
    const status = await this.files.stat(uri.fsPath);
    if (status === undefined) throw new Error(`no such file: ${uri.fsPath}`);
    return { uri, isFile: status.kind === 'file', isDirectory: status.kind === 'directory' };
  }

  async exists(uri: URI): Promise<boolean> {
    return (await this.files.stat(uri.fsPath)) !== undefined;
  }

  readBinary(uri: URI): Promise<Uint8Array> {
    return this.files.read(uri.fsPath);
  }

  async readFile(uri: URI): Promise<string> {
    return decodeText(await this.files.read(uri.fsPath, MAXIMUM_FILE_CHARACTERS + 1));
  }

  async readDirectory(uri: URI): Promise<FileSystemNode[]> {
    const entries = await this.files.list(uri.fsPath);
    return entries.map(({ name, kind }) => ({
      uri: UriUtils.joinPath(uri, name),
      isFile: kind === 'file',
      isDirectory: kind === 'directory',
    }));
  }

  statSync(): never {
    throw new Error('files are only read asynchronously');
  }
  existsSync(): never {
    return this.statSync();
  }
  readBinarySync(): never {
    return this.statSync();
  }
  readFileSync(): never {
    return this.statSync();
  }
  readDirectorySync(): never {
    return this.statSync();
  }
}
