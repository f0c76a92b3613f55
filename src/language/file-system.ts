/** The files the language sees are handed in, so that it runs in a terminal, an editor, a browser and a test alike. */
import { URI, UriUtils, type FileSystemNode, type FileSystemProvider } from 'langium';
import { MAXIMUM_FILE_CHARACTERS } from './parser/lexer.ts';

export interface FileStatus {
  readonly kind: 'file' | 'directory';
  readonly sizeBytes: number;
  /** When it was last changed, ms since 1970; absent where nobody can tell. */
  readonly modifiedMs?: number;
}

/** A file is named by its absolute path on this machine, or by its URI where it lies elsewhere (`pathOf`). */
export interface LanguageFileSystem {
  /** Reads at most this many bytes from the beginning. Rejects when the file cannot be read. */
  read(path: string, maximumBytes?: number): Promise<Uint8Array>;
  /** `undefined`: there is nothing of that name. */
  stat(path: string): Promise<FileStatus | undefined>;
  list(directory: string): Promise<readonly { readonly name: string; readonly kind: FileStatus['kind'] }[]>;
}

/** The absolute path of a file of this machine; of any other (the standard library, a folder behind a web page), its URI. */
export function pathOf(uri: URI): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

/** The way back. A scheme has two letters at least, because one is a drive of Windows. */
export function uriOfPath(path: string): URI {
  return /^[a-z][\w+.-]+:/i.test(path) ? URI.parse(path) : URI.file(path);
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
    const status = await this.files.stat(pathOf(uri));
    if (status === undefined) throw new Error(`no such file: ${pathOf(uri)}`);
    return { uri, isFile: status.kind === 'file', isDirectory: status.kind === 'directory' };
  }

  async exists(uri: URI): Promise<boolean> {
    return (await this.files.stat(pathOf(uri))) !== undefined;
  }

  readBinary(uri: URI): Promise<Uint8Array> {
    return this.files.read(pathOf(uri));
  }

  async readFile(uri: URI): Promise<string> {
    return decodeText(await this.files.read(pathOf(uri), MAXIMUM_FILE_CHARACTERS + 1));
  }

  async readDirectory(uri: URI): Promise<FileSystemNode[]> {
    const entries = await this.files.list(pathOf(uri));
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
