import { execFile } from 'node:child_process';

/** What a program prints, or `undefined` if there is no such program, it fails, or it takes too long (it is killed then). */
export function readCommand(command: string, args: readonly string[], timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: timeoutMs, killSignal: 'SIGKILL', windowsHide: true }, (error, output) =>
      resolve(error === null ? output : undefined),
    );
  });
}
