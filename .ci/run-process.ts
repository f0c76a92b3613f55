/** The ways a task runs other programs: as if typed here, or in a group of their own that dies with the task. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { projectRoot } from './project.ts';

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Kills the program and everything it started; the result then has `isTimedOut`. */
  readonly timeoutMs?: number;
  /** `show`: straight to the terminal. `collect`: returned as `output`. Else the path of a log file to append to. */
  readonly output: 'show' | 'collect' | { readonly logFile: string };
}

export interface ProcessResult {
  readonly exitCode: number;
  readonly isTimedOut: boolean;
  /** Standard output and error together; empty unless collected. */
  readonly output: string;
}

/** The terminal is the program's until it ends, Ctrl-C included; its exit code is the result. */
export function runAttached(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: projectRoot, ...options, stdio: 'inherit' });
    const ignore = (): void => undefined;
    const forward = (signal: NodeJS.Signals): boolean => child.kill(signal);
    process.on('SIGINT', ignore).on('SIGTERM', forward).on('SIGHUP', forward);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      process.off('SIGINT', ignore).off('SIGTERM', forward).off('SIGHUP', forward);
      resolve(exitCodeOf(code, signal));
    });
  });
}

/** @throws when the program cannot be started at all (`ENOENT`); a failing exit code is a result. */
export function runProcess(command: string, args: readonly string[], options: ProcessOptions): Promise<ProcessResult> {
  const { output } = options;
  const logFd = typeof output === 'object' ? openLog(output.logFile) : undefined;
  const stream = output === 'show' ? 'inherit' : output === 'collect' ? 'pipe' : logFd;

  return new Promise((resolve, reject) => {
    const child = spawnGroup(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', stream, stream],
    });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));

    let isTimedOut = false;
    const stopLate = (): void => {
      isTimedOut = true;
      killGroup(child);
    };
    const timer = options.timeoutMs === undefined ? undefined : setTimeout(stopLate, options.timeoutMs);
    const settle = (): void => {
      clearTimeout(timer);
      if (logFd !== undefined) closeSync(logFd);
    };
    child.on('error', (error) => {
      settle();
      reject(error);
    });
    child.on('close', (code, signal) => {
      settle();
      resolve({ exitCode: exitCodeOf(code, signal), isTimedOut, output: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

const liveGroups = new Set<ChildProcess>();

/** Starts a program as leader of its own process group, which ends when this task does, however that happens. */
export function spawnGroup(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  if (liveGroups.size === 0) watchForOurEnd();
  const child = spawn(command, args, {
    ...options,
    cwd: options.cwd ?? projectRoot,
    env: options.env ?? process.env,
    detached: process.platform !== 'win32',
  });
  liveGroups.add(child);
  child.on('exit', () => liveGroups.delete(child));
  child.on('error', () => liveGroups.delete(child));
  return child;
}

/** The child and everything that it started. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
  } catch {
    // It has ended already, which is what was asked for.
  }
}

let isWatching = false;

function watchForOurEnd(): void {
  if (isWatching) return;
  isWatching = true;
  const killAll = (): void => liveGroups.forEach((child) => killGroup(child));
  process.on('exit', killAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => (endWait ? endWait() : process.exit(128 + constants.signals[signal])));
  }
}

let endWait: (() => void) | undefined;

/** For tasks that run until Ctrl-C: from here on it ends this wait rather than the task. */
export function untilInterrupted(): Promise<void> {
  watchForOurEnd();
  return new Promise((resolve) => (endWait = resolve));
}

function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? (signal ? 128 + constants.signals[signal] : 1);
}

function openLog(file: string): number {
  mkdirSync(path.dirname(file), { recursive: true });
  return openSync(file, 'a');
}
