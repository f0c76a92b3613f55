/** `npm run build`: every bundle into dist/, with its size. `--watch` rebuilds on change; `--minify` is what is packaged. */
import * as esbuild from 'esbuild';
import { watch } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundles, type Bundle, type BundleKind } from './bundles.ts';
import { distFolder, projectRoot, runTask, TaskFailure } from './project.ts';
import { currentStamp, isBuildFresh, stampFile, writeStamp } from './stale.ts';

export interface BundleSize {
  readonly bytes: number;
  readonly gzipBytes: number;
}

const sizesFile = 'bundle-sizes.json';

// vscode-languageserver is CommonJS and `require`s Node's own modules, which an ES module has no function for.
const requireBanner =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);";

const byKind: Readonly<Record<BundleKind, esbuild.BuildOptions>> = {
  extension: { platform: 'node', format: 'cjs', target: 'node22', external: ['vscode'] },
  node: { platform: 'node', format: 'esm', target: 'node22', banner: { js: requireBanner } },
  launcher: { platform: 'node', format: 'esm', target: 'node18' },
  browser: { platform: 'browser', format: 'iife', target: 'es2023' },
};

function optionsOf(bundle: Bundle, isMinified: boolean): esbuild.BuildOptions {
  return {
    ...byKind[bundle.kind],
    absWorkingDir: projectRoot,
    entryPoints: [bundle.entry],
    outfile: path.join('dist', bundle.name),
    bundle: true,
    minify: isMinified,
    sourcemap: isMinified ? false : 'linked',
    legalComments: 'none',
    define: {
      'process.env.NODE_ENV': '"production"',
    },
    // Packages that offer both forms are taken as modules, so that their unused parts can be dropped.
    mainFields: byKind[bundle.kind].platform === 'browser' ? ['browser', 'module', 'main'] : ['module', 'main'],
    logLevel: 'warning',
  };
}

/**
 * Builds everything, whether needed or not. Files are written only when all of it has been built, so that a failed build
 * leaves the last one usable.
 * @throws TaskFailure after esbuild has printed what is wrong.
 */
export async function build(isMinified: boolean): Promise<Record<string, BundleSize>> {
  const stamp = await currentStamp(isMinified);
  let files: esbuild.OutputFile[];
  try {
    const results = await Promise.all(
      bundles.map((bundle) => esbuild.build({ ...optionsOf(bundle, isMinified), write: false })),
    );
    files = results.flatMap((result) => result.outputFiles);
  } catch {
    throw new TaskFailure('The build failed; esbuild says above why.');
  }
  const sizes = measure(files);
  await mkdir(distFolder, { recursive: true });
  await Promise.all(files.map((file) => writeFile(file.path, file.contents)));
  await writeFile(path.join(distFolder, sizesFile), `${JSON.stringify(sizes, undefined, 2)}\n`);
  await writeStamp(stamp);
  await removeOthers(new Set([sizesFile, stampFile, ...files.map((file) => path.basename(file.path))]));
  return sizes;
}

async function removeOthers(kept: ReadonlySet<string>): Promise<void> {
  const names = await readdir(distFolder);
  const others = names.filter((name) => !kept.has(name));
  await Promise.all(others.map((name) => rm(path.join(distFolder, name), { recursive: true })));
}

export async function ensureBuilt(isMinified = false): Promise<void> {
  if (await isBuildFresh(isMinified)) return;
  process.stderr.write('Building … ');
  const startedMs = performance.now();
  await build(isMinified);
  process.stderr.write(`done in ${((performance.now() - startedMs) / 1000).toFixed(1)} s.\n`);
}

function measure(files: readonly esbuild.OutputFile[]): Record<string, BundleSize> {
  const shipped = files.filter((file) => !file.path.endsWith('.map'));
  const entries = shipped.map(({ path: file, contents }) => {
    const size: BundleSize = { bytes: contents.byteLength, gzipBytes: gzipSync(contents).byteLength };
    return [path.basename(file), size] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function describeSizes(sizes: Readonly<Record<string, BundleSize>>): string {
  const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0).padStart(7)} kB`;
  const lines = Object.entries(sizes).map(
    ([name, { bytes, gzipBytes }]) => `  ${name.padEnd(20)}${kilobytes(bytes)}${kilobytes(gzipBytes)} gzipped`,
  );
  return `${lines.join('\n')}\n`;
}

async function watchAll(): Promise<never> {
  const contexts = await Promise.all(
    bundles.map((bundle) => esbuild.context({ ...optionsOf(bundle, false), logLevel: 'info' })),
  );
  await Promise.all(contexts.map((context) => context.watch()));
  // Only here, because it reads tables of the sources, which a build must not stumble over before esbuild can say where.
  const { generate } = await import('./generate.ts');
  const grammarFolder = path.join(projectRoot, 'src', 'language');
  watch(grammarFolder, (_, file) => {
    if (file?.endsWith('.langium'))
      void generate().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  });
  return new Promise(() => undefined);
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--watch')) return watchAll();
  const sizes = await build(args.includes('--minify'));
  process.stdout.write(describeSizes(sizes));
}

if (import.meta.main) await runTask(main);
