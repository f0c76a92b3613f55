/** Which result a command is about: the lens's, the tree's, or the active file's newest one. */
import path from 'node:path';
import * as vscode from 'vscode';
import { LANGUAGE_ID } from '../client-options.ts';
import { readLatest } from '../runs/results.ts';

export interface ResultChoice {
  readonly directory: string;
  readonly benchmark: string;
  /** URI of the scenario, where it is known. */
  readonly uri?: string;
}

/** @throws when there is none, with a sentence for the user. */
export async function chooseResult(argument: unknown): Promise<ResultChoice> {
  const named = (argument ?? {}) as { directory?: unknown; benchmark?: unknown; uri?: unknown };
  if (typeof named.directory === 'string')
    return {
      directory: named.directory.startsWith('file:') ? vscode.Uri.parse(named.directory).fsPath : named.directory,
      benchmark: typeof named.benchmark === 'string' ? named.benchmark : path.basename(named.directory),
      ...(typeof named.uri === 'string' ? { uri: named.uri } : {}),
    };
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId !== LANGUAGE_ID) throw new Error('Open the .bench file whose result is meant first.');
  const newest = await readLatest(document.uri.fsPath);
  if (newest === undefined) throw new Error(`${vscode.workspace.asRelativePath(document.uri)} has not been run yet.`);
  return { directory: newest.directory, benchmark: newest.latest.benchmark, uri: document.uri.toString() };
}
