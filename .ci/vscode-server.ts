/**
 * A real VS Code without its download servers: code-server's npm package holds VS Code's own server whole. It is too big for
 * a clone (800 MB with its native modules), so it lies in the machine-wide cache.
 */
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { installOnce } from './install-once.ts';
import { machineCacheFolder, scratchFolder, TaskFailure } from './project.ts';
import { killGroup, runProcess, spawnGroup } from './run-process.ts';
import { ensureSystemPackages, findProgram, library, program } from './system-packages.ts';

const VERSION = '4.139.1';
const START_LIMIT_MS = 60_000;
const installLog = path.join(scratchFolder, 'logs', 'vscode-server-install.log');

const cacheFolder = path.join(machineCacheFolder(), `code-server-${VERSION}`);
// The package's name has one exception, as in bootstrap.mjs.
const nodePrefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
const platformNode = `${nodePrefix}-${process.platform}-${process.arch}`;
const nodeFolder = (prefix: string): string => path.join(prefix, 'node_modules', platformNode);
const nodeBinary = path.join(nodeFolder(cacheFolder), 'bin', 'node');
/** VS Code itself, in the form that runs in a browser. */
export const vscodeFolder = path.join(cacheFolder, 'node_modules', 'code-server', 'lib', 'vscode');
const serverMain = path.join(vscodeFolder, 'out', 'server-main.js');

/** What its native modules compile against. */
const buildPackages = [
  program('python3'),
  program('make'),
  program('g++'),
  program('pkg-config'),
  library('libkrb5-dev', 'krb5-gssapi'),
  library('libx11-dev', 'x11'),
  library('libxkbfile-dev', 'xkbfile'),
  library('libsecret-1-dev', 'libsecret-1'),
];

/** @throws TaskFailure that says what is missing. */
export async function ensureVscodeServer(): Promise<void> {
  if (existsSync(cacheFolder)) return;
  if (process.platform === 'win32') {
    throw new TaskFailure(
      'VS Code’s server cannot be built on Windows: run this in WSL, or set VSCODE_EXECUTABLE for the suite.',
    );
  }
  await ensureSystemPackages('the VS Code server', buildPackages);
  const install = async (prefix: string): Promise<void> => {
    process.stderr.write(`Installing the VS Code server, once per machine: two minutes or more (log: ${installLog})\n`);
    // Newer npm versions run install scripts only of packages that are named.
    const allowScripts = { 'code-server': true, argon2: true };
    await writeFile(path.join(prefix, 'package.json'), JSON.stringify({ private: true, allowScripts }));
    // Its native modules want Node 24 and its headers; the project's own Node comes without headers.
    await npmInstall(prefix, `${platformNode}@${process.versions.node}`, {});
    await npmInstall(prefix, `code-server@${VERSION}`, {
      PATH: `${path.join(nodeFolder(prefix), 'bin')}${path.delimiter}${process.env.PATH}`,
      npm_config_nodedir: nodeFolder(prefix),
    });
    if (!existsSync(path.join(prefix, path.relative(cacheFolder, serverMain)))) {
      throw new TaskFailure(`code-server ${VERSION} holds no VS Code server where it is expected; see ${installLog}`);
    }
  };
  const onWaiting = (): void =>
    void process.stderr.write('Another run is installing the VS Code server; waiting for it.\n');
  await installOnce({ folder: cacheFolder, install, onWaiting });
}

// What the `npm run` that started us says of itself; code-server's install script would believe that its Node is ours.
const outerNpm =
  /^(npm_(execpath|node_execpath|command|lifecycle_.*|package_.*|config_(user_agent|local_prefix))|NODE|INIT_CWD)$/i;

async function npmInstall(prefix: string, name: string, overrides: NodeJS.ProcessEnv): Promise<void> {
  const ours = Object.entries(process.env).filter(([key]) => !outerNpm.test(key));
  const env = { ...Object.fromEntries(ours), ...overrides };
  const args = ['install', '--prefix', prefix, '--no-audit', '--no-fund', '--prefer-offline', name];
  const npm = findProgram(['npm']);
  if (npm === undefined) throw new TaskFailure('npm was not found on PATH.');
  const { exitCode } = await runProcess(npm, args, { cwd: prefix, env, output: { logFile: installLog } });
  if (exitCode !== 0) throw new TaskFailure(`npm could not install ${name} for the VS Code server; see ${installLog}`);
}

export interface VscodeServerOptions {
  /** Fresh for each server: extensions, settings, logs. */
  readonly dataFolder: string;
  /** Leave VS Code's question about trusting the folder in place. */
  readonly hasWorkspaceTrust?: boolean;
  /** What runs a suite in the extension host; it also keeps all notifications from being shown. */
  readonly hasTestDriver?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

export interface VscodeServer {
  readonly url: string;
  readonly port: number;
  dispose(): Promise<void>;
}

/** Installs a packaged extension for servers that use this data folder. */
export async function installVsix(vsixFile: string, dataFolder: string): Promise<void> {
  const args = [serverMain, '--server-data-dir', dataFolder, '--install-extension', vsixFile, '--force'];
  const { exitCode, output } = await runProcess(nodeBinary, args, { output: 'collect', timeoutMs: START_LIMIT_MS });
  if (exitCode !== 0 || /Failed Installing/i.test(output)) {
    throw new TaskFailure(`VS Code did not install ${path.basename(vsixFile)}:\n${output}`);
  }
}

export async function startVscodeServer(options: VscodeServerOptions): Promise<VscodeServer> {
  const args = [
    ...[serverMain, '--host', '127.0.0.1', '--port', '0', '--server-data-dir', options.dataFolder],
    ...['--without-connection-token', '--accept-server-license-terms', '--disable-telemetry', '--disable-experiments'],
    ...(options.hasTestDriver ? ['--enable-smoke-test-driver'] : []),
    ...(options.hasWorkspaceTrust ? [] : ['--disable-workspace-trust']),
  ];
  const env = { ...process.env, ...options.env };
  const child = spawnGroup(nodeBinary, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const port = await listeningPort(child);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    dispose: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.on('exit', () => resolve());
        // The group, because extension hosts outlive their server for minutes to survive a reconnection.
        killGroup(child);
      }),
  };
}

function listeningPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why: string): void => {
      clearTimeout(timer);
      killGroup(child);
      reject(new TaskFailure(`The VS Code server ${why}:\n${output}`));
    };
    const timer = setTimeout(() => fail(`did not start within ${START_LIMIT_MS / 1000} s`), START_LIMIT_MS);
    const read = (chunk: Buffer): void => {
      // Kept reading for the whole life of the server, or its pipe would fill up and block it.
      output = `${output}${chunk.toString('utf8')}`.slice(-20_000);
      const port = /Web UI available at http:\/\/[^:/]+:(\d+)/.exec(output)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('error', (error) => fail(`could not be started (${error.message})`));
    child.on('exit', (code) => fail(`ended with exit code ${code}`));
  });
}
