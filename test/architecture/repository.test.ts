/** What is written down twice, or in words about the code, and must not drift apart. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { staleReference } from '../../.ci/reference.ts';

const root = path.join(import.meta.dirname, '..', '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

interface PackageJson {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>>;
}

interface LangiumConfig {
  readonly out: string;
  readonly languages: readonly { readonly textMate?: { readonly out: string } }[];
}

test('generated parser files are what the grammar generates', () => {
  // The whole input goes into a folder of its own, because Langium writes next to the configuration it reads.
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  const copy = mkdtempSync(path.join(root, '.cache', 'generated-'));
  try {
    const config = JSON.parse(read('langium-config.json')) as LangiumConfig;
    writeFileSync(path.join(copy, 'langium-config.json'), JSON.stringify(config));
    for (const name of ['package.json', ...globSync('src/language/**/*.langium', { cwd: root })]) {
      mkdirSync(path.dirname(path.join(copy, name)), { recursive: true });
      cpSync(path.join(root, name), path.join(copy, name));
    }
    const langium = path.join(root, 'node_modules', 'langium-cli', 'bin', 'langium.js');
    execFileSync(process.execPath, [langium, 'generate'], { cwd: copy, stdio: 'pipe' });
    const textMate = config.languages.flatMap((language) => language.textMate?.out ?? []);
    const generated = [...globSync(`${config.out}/**/*.ts`, { cwd: copy }), ...textMate].sort();
    assert.ok(generated.length >= 3, 'Langium generated something');
    for (const file of generated) {
      const fresh = readFileSync(path.join(copy, file), 'utf8');
      assert.ok(fresh === read(file), `${file} is not what the grammar generates; run \`npm run generate\``);
    }
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test('docs/reference is what the tables and the grammar make of it', async () => {
  assert.deepEqual(await staleReference(), [], 'run `npm run generate`');
});

test('the lockfile knows the packages of all platforms, without which `npm ci` refuses', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as LockFile;
  const names = Object.keys(packages);
  const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((optional) => !names.some((name) => name.endsWith(`node_modules/${optional}`)))
      .map((optional) => `${place}: ${optional}`),
  );
  assert.deepEqual(missing, [], 'published for some platforms only; take a version of the package that has them all');
});

test('each dependency says in docs/dependencies.md what it is for, and each line there is a dependency', () => {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(read('package.json')) as PackageJson;
  const documented = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` +\|/gm)].map((match) => match[1]!);
  assert.deepEqual([...documented].sort(), [...Object.keys(dependencies), ...Object.keys(devDependencies)].sort());
});

test('no file names a folder of somebody’s machine', () => {
  const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
    .toString('utf8')
    .split('\0')
    .filter((file) => file !== '' && file !== 'package-lock.json' && !/\.(png|ttf|gguf|vsix)$/.test(file));
  // Invented ones (`/home/ada`) are fine in tests; these exist where this project is worked on. Spelt apart, so that this
  // file does not find itself.
  const folders = [root, `${homedir()}/`, '/' + 'root/', '/' + 'work/(main|shared|notes|\\.library)'];
  const wrong = tracked.flatMap((file) => {
    const text = readIfThere(file);
    return folders
      .filter((folder) => new RegExp(`(?<![\\w.~}/-])${folder}`).test(text))
      .map((folder) => `${file}: ${folder}`);
  });
  assert.deepEqual(wrong, []);
});

/** A deleted file is listed until its deletion is committed. */
function readIfThere(file: string): string {
  try {
    return read(file);
  } catch {
    return '';
  }
}
