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
/** How the names of files begin that several programs load. */
const SHARED_PART = 'part-';

// vscode-languageserver is CommonJS and `require`s Node's own modules, which an ES module has no function for.
const requireBanner =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);";

const byKind: Readonly<Record<BundleKind, esbuild.BuildOptions>> = {
  extension: { platform: 'node', format: 'cjs', target: 'node22', external: ['vscode'] },
  node: { platform: 'node', format: 'esm', target: 'node22', banner: { js: requireBanner } },
  launcher: { platform: 'node', format: 'esm', target: 'node18' },
  browser: { platform: 'browser', format: 'iife', target: 'es2023' },
  'web-extension': { platform: 'browser', format: 'cjs', target: 'es2023', external: ['vscode'] },
  worker: { platform: 'browser', format: 'iife', target: 'es2023' },
};

/** What Node loads as modules is built together, so that what its programs share is there once; the others are one file each. */
function buildsOf(isMinified: boolean): readonly esbuild.BuildOptions[] {
  const isModule = ({ kind }: Bundle): boolean => kind === 'node';
  return [
    { ...optionsOf('node', bundles.filter(isModule), isMinified), splitting: true, chunkNames: `${SHARED_PART}[hash]` },
    ...bundles.filter((bundle) => !isModule(bundle)).map((bundle) => optionsOf(bundle.kind, [bundle], isMinified)),
  ];
}

function optionsOf(kind: BundleKind, together: readonly Bundle[], isMinified: boolean): esbuild.BuildOptions {
  return {
    ...byKind[kind],
    absWorkingDir: projectRoot,
    entryPoints: together.map(({ entry, name }) => ({ in: entry, out: path.parse(name).name })),
    outdir: 'dist',
    outExtension: { '.js': path.extname(together[0]?.name ?? '.js') },
    bundle: true,
    minify: isMinified,
    sourcemap: isMinified ? false : 'linked',
    legalComments: 'none',
    define: {
      'process.env.NODE_ENV': '"production"',
    },
    // Packages that offer both forms are taken as modules, so that their unused parts can be dropped.
    mainFields: byKind[kind].platform === 'browser' ? ['browser', 'module', 'main'] : ['module', 'main'],
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
      buildsOf(isMinified).map((options) => esbuild.build({ ...options, write: false })),
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
  const isShared = (name: string): boolean => name.startsWith(SHARED_PART);
  const shared = Object.entries(sizes).filter(([name]) => isShared(name));
  const own = Object.entries(sizes).filter(([name]) => !isShared(name));
  const total = (key: keyof BundleSize): number => shared.reduce((sum, [, size]) => sum + size[key], 0);
  const together = { bytes: total('bytes'), gzipBytes: total('gzipBytes') };
  const lines = [...own, [`${shared.length} shared parts`, together] as const].map(
    ([name, { bytes, gzipBytes }]) => `  ${name.padEnd(20)}${kilobytes(bytes)}${kilobytes(gzipBytes)} gzipped`,
  );
  return `${lines.join('\n')}\n`;
}

async function watchAll(): Promise<never> {
  const contexts = await Promise.all(
    buildsOf(false).map((options) => esbuild.context({ ...options, logLevel: 'info' })),
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
