#!/usr/bin/env node
/**
 * What `benchwright` starts. It must parse and run under Node 18, which knows nothing of the runner's needs: a Node that is
 * too old starts the real command line (cli-main) again under a newer one and stands aside; a new one goes on by itself.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MINIMUM_NODE } from '../contract/protocol/runner.ts';
import { isNewEnoughNode } from '../contract/node-version.ts';
import { EXIT_CODES } from '../contract/errors.ts';
import { INTERRUPT_MESSAGE } from './cli/launcher-message.ts';

const here = fileURLToPath(import.meta.url);
/** Next to this file: `cli-main.js` in a build, `cli-main.ts` from source. */
const mainUrl = new URL(`./cli-main${here.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

if (isNewEnoughNode(process.versions.node)) await import(mainUrl.href);
else relaunch();

function relaunch(): void {
  const candidates = [process.env['BENCHWRIGHT_NODE'], findProjectNode(dirname(here))];
  const tried = candidates.filter((path): path is string => path !== undefined && path !== '');
  const node = tried.find((path) => isNewEnoughNode(versionOf(path)));
  if (node !== undefined) return passThrough(node);
  process.stderr.write(
    `benchwright needs Node ${MINIMUM_NODE} or newer and was started with Node ${process.versions.node}` +
      `${tried.length === 0 ? '' : `; ${tried.join(' and ')} would not do either`}. ` +
      'Install a newer Node (https://nodejs.org), or run `npm install` in the project, which brings its own, ' +
      'or name one in the environment variable BENCHWRIGHT_NODE.\n',
  );
  process.exitCode = EXIT_CODES.run;
}

/** The Node that the project brings along (npm package `node`), from this folder upwards. */
function findProjectNode(from: string): string | undefined {
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(from, 'node_modules', 'node', 'bin', binary);
  if (existsSync(path)) return path;
  const parent = dirname(from);
  return parent === from ? undefined : findProjectNode(parent);
}

/** The version a binary says it is; empty when it cannot be started. */
function versionOf(node: string): string {
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  return (stdout ?? '').trim().replace(/^v/, '');
}

/**
 * The same streams, arguments, signals and exit code. Interrupts travel over an IPC channel rather than as signals: a terminal
 * sends Ctrl-C to both processes, a `kill` to this one alone, and only the child can count them right (cli/interrupts.ts).
 */
function passThrough(node: string): void {
  const child = spawn(node, [fileURLToPath(mainUrl), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const forward = (signal: NodeJS.Signals): void => {
    if (child.connected) child.send({ [INTERRUPT_MESSAGE]: signal }, () => {});
  };
  for (const signal of signals) process.on(signal, forward);
  child.on('error', (error) => {
    process.stderr.write(`benchwright could not start ${node}: ${error.message}\n`);
    process.exitCode = EXIT_CODES.run;
  });
  child.on('exit', (code, signal) => {
    for (const each of signals) process.off(each, forward);
    if (signal !== null) process.kill(process.pid, signal);
    else process.exitCode = code ?? EXIT_CODES.run;
  });
}
