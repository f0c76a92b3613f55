/** Answers the language server about files that it cannot reach itself. */
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  FILE_REQUESTS,
  type FileListResult,
  type FileParams,
  type FileReadResult,
  type FileStatResult,
} from '../contract/protocol/language.ts';
import { toBase64 } from './base64.ts';

export function answerFileRequests(client: Pick<BaseLanguageClient, 'onRequest'>): vscode.Disposable {
  return vscode.Disposable.from(
    client.onRequest(FILE_REQUESTS.stat, ({ uri }: FileParams) => stat(vscode.Uri.parse(uri))),
    client.onRequest(FILE_REQUESTS.read, ({ uri, maximumBytes }: FileParams) =>
      read(vscode.Uri.parse(uri), maximumBytes),
    ),
    client.onRequest(FILE_REQUESTS.list, ({ uri }: FileParams) => list(vscode.Uri.parse(uri))),
  );
}

async function stat(uri: vscode.Uri): Promise<FileStatResult> {
  try {
    const { type, size, mtime } = await vscode.workspace.fs.stat(uri);
    // Providers that cannot tell say 0.
    return { kind: kindOf(type), sizeBytes: size, ...(mtime > 0 ? { modifiedMs: mtime } : {}) };
  } catch {
    return null;
  }
}

async function read(uri: vscode.Uri, maximumBytes: number | undefined): Promise<FileReadResult> {
  const bytes = await vscode.workspace.fs.readFile(uri);
  return { base64: toBase64(bytes.subarray(0, maximumBytes)) };
}

async function list(uri: vscode.Uri): Promise<FileListResult> {
  const entries = await vscode.workspace.fs.readDirectory(uri);
  return entries.map(([name, type]) => ({ name, kind: kindOf(type) }));
}

function kindOf(type: vscode.FileType): 'file' | 'directory' {
  return (type & vscode.FileType.Directory) === 0 ? 'file' : 'directory';
}
