// The door for someone who has Node 20 and npm and nothing else: installs the project's packages where they are missing
// or not what the lockfile says, then hands over to .ci/<task>.ts under the Node 24 that the project brings along.
// Plain JavaScript without imports from node_modules, because it runs before there is a node_modules.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, 'node_modules');
const isWindows = process.platform === 'win32';
const installLog = path.join(root, '.cache', 'npm-install.log');

class Trouble extends Error {}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** npm writes what it installed to node_modules/.package-lock.json, so a hand-made `npm install` counts as well as ours. */
function isInstalled() {
  const wanted = readJson(path.join(root, 'package-lock.json'))?.packages;
  const present = readJson(path.join(modules, '.package-lock.json'))?.packages;
  if (!wanted)
    throw new Trouble('package-lock.json is missing or unreadable; restore it with `git checkout package-lock.json`.');
  if (!present) return false;
  return Object.entries(wanted).every(
    ([place, entry]) => place === '' || entry.optional || present[place]?.version === entry.version,
  );
}

/** The `node` package links its binary into itself on install; where it cannot, the platform's own package still has it. */
function projectNode() {
  const platform = isWindows ? 'win' : process.platform;
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const binary = isWindows ? 'node.exe' : 'node';
  const require = createRequire(path.join(root, 'package.json'));
  let folder;
  try {
    folder = path.dirname(require.resolve('node/package.json'));
  } catch {
    return undefined;
  }
  const platformPackage = `${prefix}-${platform}-${process.arch}`;
  return [folder, path.join(folder, 'node_modules', platformPackage), path.join(modules, platformPackage)]
    .map((place) => path.join(place, 'bin', binary))
    .find((file) => existsSync(file));
}

/** npm must not run on the Node inside the folder that it is about to replace. */
function pathWithoutProject() {
  const entries = (process.env.PATH ?? '').split(path.delimiter);
  return entries.filter((entry) => !path.resolve(entry).startsWith(modules)).join(path.delimiter);
}

function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, ...options });
    // The terminal sends Ctrl-C to the task as well; this process only has to outlive it to pass on its exit code.
    const ignore = () => {};
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', ignore).on('SIGTERM', forward).on('SIGHUP', forward);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      process.off('SIGINT', ignore).off('SIGTERM', forward).off('SIGHUP', forward);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

function whyInstallFailed(log) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT/.test(log)) {
    return 'npm could not reach its registry: check the network (or `npm config get registry`) and try again.';
  }
  if (/ENOSPC/.test(log)) return 'the disk is full.';
  if (/EBADPLATFORM|No matching version found for node-/.test(log)) {
    return `there is no Node 24 package for ${process.platform} ${process.arch}.`;
  }
  return 'see the lines above.';
}

async function install() {
  mkdirSync(path.dirname(installLog), { recursive: true });
  process.stderr.write("Installing the project's packages (the first time only, about a minute) … ");
  const startedMs = Date.now();
  const output = openSync(installLog, 'w');
  let exitCode;
  try {
    exitCode = await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--prefer-offline'], {
      stdio: ['ignore', output, output],
      shell: isWindows,
      env: { ...process.env, PATH: pathWithoutProject() },
    });
  } catch (error) {
    process.stderr.write('failed.\n');
    if (error.code === 'ENOENT') throw new Trouble('npm was not found on PATH; it comes with Node from nodejs.org.');
    throw error;
  } finally {
    closeSync(output);
  }
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(0);
  process.stderr.write(exitCode === 0 ? `done in ${seconds} s.\n` : 'failed.\n');
  if (exitCode === 0) return;
  const log = readFileSync(installLog, 'utf8');
  process.stderr.write(`${log.trimEnd().split('\n').slice(-25).join('\n')}\n`);
  throw new Trouble(`npm ci failed: ${whyInstallFailed(log)} (whole log: ${path.relative(root, installLog)})`);
}

async function main([task, ...args]) {
  if (Number.parseInt(process.versions.node, 10) < 20) {
    throw new Trouble(`Node 20 or newer is needed; this is ${process.version} (${process.execPath}).`);
  }
  const script = path.join(root, '.ci', `${task}.ts`);
  if (!task || !existsSync(script)) throw new Trouble(`there is no task called '${task}' in .ci/.`);

  if (!isInstalled() || !projectNode()) await install();
  const node = projectNode();
  if (!node) {
    throw new Trouble(
      "the project's own Node 24 did not install; npm's install scripts may be switched off (`npm config get ignore-scripts`).",
    );
  }
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}` };
  return run(node, [script, ...args], { stdio: 'inherit', env });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`benchwright: ${error instanceof Trouble ? error.message : (error.stack ?? error)}\n`);
  process.exitCode = 1;
}
