/** A workspace that is not trusted may be read and written in, but starts nothing. */
import * as vscode from 'vscode';
import { RunError } from '../contract/errors.ts';

export class UntrustedWorkspaceError extends RunError {
  constructor() {
    super('RUN_NOT_AVAILABLE', 'Benchmarks can be written in this workspace, but not run: it is not trusted.', {
      hint: 'A run sends load, and secrets, to addresses that the files name.',
    });
    this.name = 'UntrustedWorkspaceError';
  }
}

/** @throws UntrustedWorkspaceError */
export function checkTrust(): void {
  if (!vscode.workspace.isTrusted) throw new UntrustedWorkspaceError();
}
