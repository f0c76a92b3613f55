/** Which Node the runner gets, and whether it will do: said plainly before anything is started under it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { RunError } from '../../contract/errors.ts';
import { isNewEnoughNode } from '../../contract/node-version.ts';
import { MINIMUM_NODE } from '../../contract/protocol/runner.ts';

const SETTING = 'benchwright.runner.node';
const ANSWER_WITHIN_MS = 10_000;

/**
 * The program to run the runner with: the setting's, or VS Code's own.
 * @throws RunError RUN_NODE_TOO_OLD with the remedy.
 */
export async function findNode(nodePath: string | undefined, own = ownNode()): Promise<string> {
  if (nodePath === undefined) {
    checkNodeVersion(own.version, `VS Code's own Node`);
    return own.path;
  }
  checkNodeVersion(await versionOf(nodePath), nodePath);
  return nodePath;
}

/** @throws RunError RUN_NODE_TOO_OLD */
export function checkNodeVersion(version: string, whose: string): void {
  if (isNewEnoughNode(version)) return;
  throw new RunError(
    'RUN_NODE_TOO_OLD',
    `The load generator needs Node ${MINIMUM_NODE} or newer; ${whose} is Node ${version}.`,
    { hint: `Name a newer Node in the setting ${SETTING}.` },
  );
}

function ownNode(): { readonly path: string; readonly version: string } {
  return { path: process.execPath, version: process.versions.node };
}

async function versionOf(nodePath: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(nodePath, ['--version'], { timeout: ANSWER_WITHIN_MS });
    return stdout.trim().replace(/^v/, '');
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such program' : 'it could not be run';
    throw new RunError('RUN_NODE_TOO_OLD', `The Node of the setting ${SETTING}, ${nodePath}, cannot be used: ${why}.`, {
      hint: `Correct the setting ${SETTING}, or clear it to use VS Code's own Node.`,
      cause,
    });
  }
}
