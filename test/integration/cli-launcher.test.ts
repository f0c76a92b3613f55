/** The launcher under a Node that is too old: a new one that was told so, and, where there is one, a real old one. */
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { buildSync } from 'esbuild';

const root = path.join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(path.join(tmpdir(), 'benchwright-launcher-'));
const launcher = path.join(folder, 'dist', 'cli.js');
const oldNode = path.join(folder, 'old-node.mjs');

/** What the launcher starts, so that these tests need no build of everything: it says what it got and does what it is told. */
const MAIN = `
process.on('message', (message) => {
  process.stdout.write('message ' + JSON.stringify(message) + '\\n');
  if (process.argv[2] === 'wait') process.exit(0);
});
const [what, value] = process.argv.slice(2);
if (what === 'echo') process.stdin.pipe(process.stdout);
if (what !== 'wait') process.channel?.unref();
if (what === 'exit') process.exitCode = Number(value);
if (what === 'die') process.kill(process.pid, value);
if (what === 'node') process.stdout.write(process.execPath);
if (what === 'wait') process.stdout.write('ready\\n');
`;

before(() => {
  buildSync({
    entryPoints: [path.join(root, 'src/runner/cli.ts')],
    outfile: launcher,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node18',
  });
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(path.join(folder, 'dist', 'cli-main.js'), MAIN);
  // The child must be itself again: only the launcher is told that it is old.
  writeFileSync(
    oldNode,
    `if (process.argv[1]?.endsWith('cli.js')) Object.defineProperty(process.versions, 'node', { value: '18.20.4' });`,
  );
});
after(() => rmSync(folder, { recursive: true }));

const AS_OLD = ['--import', oldNode, launcher];

function environment(changes: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { BENCHWRIGHT_NODE: _, ...rest } = process.env;
  return { ...rest, ...changes };
}

function runOld(args: readonly string[], env: Record<string, string> = {}, input = ''): ReturnType<typeof spawnSync> {
  return spawnSync(process.execPath, [...AS_OLD, ...args], {
    env: environment(env),
    input,
    encoding: 'utf8',
    timeout: 30_000,
  });
}

async function startOld(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...AS_OLD, ...args], {
    env: environment({ BENCHWRIGHT_NODE: process.execPath }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout as NodeJS.EventEmitter, 'data');
  return child;
}

test('a new enough Node goes on by itself', () => {
  const { stdout, status } = spawnSync(process.execPath, [launcher, 'exit', '1'], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.equal(stdout, '');
});

test('an old Node starts BENCHWRIGHT_NODE: arguments, streams and exit code pass through', () => {
  const env = { BENCHWRIGHT_NODE: process.execPath };
  assert.equal(runOld(['node'], env).stdout, process.execPath);
  assert.equal(runOld(['echo'], env, 'Content-Length: 2\r\n\r\n{}').stdout, 'Content-Length: 2\r\n\r\n{}');
  for (const code of [0, 1, 2, 3, 4]) assert.equal(runOld(['exit', String(code)], env).status, code);
});

test('an old Node finds the one the project brings, from its own folder upwards', () => {
  const bin = path.join(folder, 'node_modules', 'node', 'bin');
  mkdirSync(bin, { recursive: true });
  const brought = path.join(bin, path.basename(process.execPath));
  cpSync(process.execPath, brought);
  try {
    assert.equal(runOld(['node']).stdout, brought);
    assert.equal(runOld(['node'], { BENCHWRIGHT_NODE: path.join(folder, 'nothing-here') }).stdout, brought);
  } finally {
    rmSync(path.join(folder, 'node_modules'), { recursive: true });
  }
});

test('with no better Node it says so in one sentence, with the remedy', () => {
  const { stderr, status } = runOld(['node']);
  assert.equal(status, 3);
  assert.match(
    String(stderr),
    /^benchwright needs Node 22\.19\.0 or newer and was started with Node 18\.20\.4\. Install[^\n]*\n$/,
  );
  const wrong = runOld(['node'], { BENCHWRIGHT_NODE: path.join(folder, 'nothing-here') });
  assert.match(String(wrong.stderr), /nothing-here would not do either/);
});

test('a child ended by a signal ends the launcher by the same signal', () => {
  const { signal } = runOld(['die', 'SIGKILL'], { BENCHWRIGHT_NODE: process.execPath });
  assert.equal(signal, 'SIGKILL');
});

test('a signal sent to the launcher alone reaches the command as a message, and the launcher waits for it', async () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const child = await startOld(['wait']);
    let said = '';
    child.stdout?.on('data', (bytes) => (said += String(bytes)));
    child.kill(signal);
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 0, signal);
    assert.equal(said, `message {"benchwright.signal":"${signal}"}\n`);
  }
});

for (const node of olderNodesOnPath())
  test(`the launcher runs under ${node.version}, found at ${node.path}`, () => {
    const result = spawnSync(node.path, [launcher, 'exit', '1'], {
      env: environment({ BENCHWRIGHT_NODE: process.execPath }),
      encoding: 'utf8',
    });
    assert.equal(result.stderr, '');
    assert.equal(result.status, 1);
  });

function olderNodesOnPath(): readonly { readonly path: string; readonly version: string }[] {
  const binary = path.basename(process.execPath);
  const found = (process.env['PATH'] ?? '').split(path.delimiter).map((each) => path.join(each, binary));
  return [...new Set(found)]
    .map((each) => ({ path: each, version: spawnSync(each, ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? '' }))
    .filter(({ version }) => /^v(18|2[01])\./.test(version))
    .slice(0, 1);
}
