/** Compiles and starts the benchmarks' server (token-server.c), on a core of its own where the machine can. */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface TokenServerOptions {
  /** Between the writes of one answer; 0: as fast as they are read. */
  readonly gapMs: number;
  readonly eventsPerAnswer: number;
  readonly eventsPerWrite?: number;
  /** From the request to its first token, plus a random part of the gap. */
  readonly firstMs?: number;
  /** Where to record when each token was written. */
  readonly recordFile?: string;
}

export interface TokenServerReport {
  readonly written: number;
  readonly answers: number;
  readonly lateMsP50: number;
  readonly lateMsP99: number;
  readonly lateMsMax: number;
}

export interface TokenServer {
  readonly url: string;
  stop(): Promise<TokenServerReport>;
}

export async function startTokenServer(options: TokenServerOptions): Promise<TokenServer> {
  const { gapMs, eventsPerAnswer, eventsPerWrite = 1, firstMs = 1, recordFile } = options;
  const numbers = [gapMs * 1000, eventsPerAnswer, eventsPerWrite, firstMs * 1000].map((each) =>
    String(Math.round(each)),
  );
  const [command, ...args] = await onCore(0, [
    await compiled(),
    ...numbers,
    ...(recordFile === undefined ? [] : [recordFile]),
  ]);
  const server = spawn(command as string, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const end = (): boolean => server.kill('SIGKILL');
  process.once('exit', end);
  const [port] = (await once(server.stdout, 'data')) as [Buffer];
  return {
    url: `http://127.0.0.1:${port.toString().trim()}`,
    async stop() {
      const told = once(server.stdout, 'data');
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      const [line] = (await told) as [Buffer];
      await ended;
      process.off('exit', end);
      return JSON.parse(line.toString()) as TokenServerReport;
    },
  };
}

/** The command as it is run on one core: 0 is the server's, 1 the client's. */
export async function onCore(core: number, command: readonly string[]): Promise<string[]> {
  return (await canPin()) ? ['taskset', '-c', String(core), ...command] : [...command];
}

let pins: Promise<boolean> | undefined;

export function canPin(): Promise<boolean> {
  pins ??=
    availableParallelism() < 2
      ? Promise.resolve(false)
      : run('taskset', ['-c', '0', 'true']).then(
          () => true,
          () => false,
        );
  return pins;
}

async function compiled(): Promise<string> {
  const source = new URL('./token-server.c', import.meta.url).pathname;
  const digest = createHash('sha256')
    .update(await readFile(source))
    .digest('hex')
    .slice(0, 16);
  const folder = join(homedir(), '.cache', 'benchwright', 'bench');
  const binary = join(folder, `token-server-${digest}`);
  if (existsSync(binary)) return binary;
  await mkdir(folder, { recursive: true });
  await run(process.env['CC'] ?? 'cc', ['-O2', '-o', binary, source]).catch((error: unknown) => {
    throw new Error(
      'The benchmarks’ server is written in C, and needs a C compiler (Linux): install gcc or clang, or name it in CC.',
      {
        cause: error,
      },
    );
  });
  return binary;
}
