/** A client in a process of its own, on the second core where the machine can. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { onCore } from './token-server.ts';

/** What the script printed last, as JSON. */
export async function runClient<T>(script: string, args: readonly (string | number)[]): Promise<T> {
  const file = new URL(script, import.meta.url).pathname;
  const [command, ...rest] = await onCore(1, [process.execPath, file, ...args.map(String)]);
  const { stdout } = await promisify(execFile)(command as string, rest, { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout.trim().split('\n').at(-1) as string) as T;
}
