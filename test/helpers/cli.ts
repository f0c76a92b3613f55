/** The built command line as a real process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

export const projectRoot = path.join(import.meta.dirname, '..', '..');
/** Another entry for people who work on the sources: `BENCHWRIGHT_TEST_CLI=src/runner/cli.ts`. */
const entry = path.resolve(projectRoot, process.env['BENCHWRIGHT_TEST_CLI'] ?? 'dist/cli.js');

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Leading words, e.g. `['unshare', '-m']`; the command line is run by them. */
  readonly under?: readonly string[];
}

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly error: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly result: Promise<CliResult>;
  /** Resolves with standard output so far as soon as it matches; rejects if the command ends before. */
  outMatches(pattern: RegExp): Promise<string>;
}

export function commandOf(args: readonly string[]): readonly string[] {
  if (!existsSync(entry)) throw new Error(`There is no ${entry}: run \`npm run build\` first.`);
  return [process.execPath, entry, ...args];
}

export function startCli(args: readonly string[], options: CliOptions = {}): RunningCli {
  const [program = '', ...rest] = [...(options.under ?? []), ...commandOf(args)];
  // What the machine at hand has set must not colour or steer the output.
  const { NO_COLOR: _, FORCE_COLOR: __, GITHUB_ACTIONS: ___, ...inherited } = process.env;
  const child = spawn(program, rest, {
    cwd: options.cwd ?? projectRoot,
    env: { ...inherited, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let error = '';
  const watchers = new Set<() => void>();
  child.stdout?.on('data', (bytes) => {
    out += String(bytes);
    for (const watch of watchers) watch();
  });
  child.stderr?.on('data', (bytes) => (error += String(bytes)));
  const result = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, out, error }));
  });
  return {
    child,
    result,
    outMatches: (pattern) =>
      new Promise((resolve, reject) => {
        const watch = (): void => {
          if (!pattern.test(out)) return;
          watchers.delete(watch);
          resolve(out);
        };
        watchers.add(watch);
        watch();
        void result.then(() => reject(new Error(`ended before ${String(pattern)}:\n${out}\n${error}`)), reject);
      }),
  };
}

export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return startCli(args, options).result;
}
