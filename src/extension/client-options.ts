/** What a language client is told in a process and in a web page alike. */
import * as vscode from 'vscode';
import type { LanguageClientOptions } from 'vscode-languageclient';
import type { Log } from './log.ts';

export const LANGUAGE_ID = 'bench';
export const CLIENT_ID = 'benchwright';
export const CLIENT_NAME = 'Benchwright Language Server';

/** Folders may lie on no disk (`vscode-vfs:`). Older versions of a file, which Git shows beside it, are not its concern. */
export function clientOptions(log: Log): LanguageClientOptions {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme);
  const schemes = new Set(['file', 'untitled', 'benchwright', ...folders]);
  return {
    documentSelector: [...schemes].map((scheme) => ({ scheme, language: LANGUAGE_ID })),
    outputChannel: log.channel,
  };
}
