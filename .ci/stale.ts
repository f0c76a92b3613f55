/** Is dist/ what the sources say? Compared by content, since a fresh clone gives all files the same, new time. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundles } from './bundles.ts';
import { distFolder, projectRoot } from './project.ts';

export interface BuildStamp {
  readonly sourcesSha256: string;
  readonly isMinified: boolean;
}

export const stampFile = 'build-stamp.json';
const inputs = ['src', 'webview', 'package-lock.json', '.ci/build.ts', '.ci/bundles.ts', 'tsconfig.base.json'];

/** Of all files under the given paths, by name and content, in an order that does not depend on the file system. */
export async function hashSources(root: string, paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  const files = (await Promise.all(paths.map((each) => filesUnder(root, each)))).flat().sort();
  for (const file of files) {
    const content = await readFile(path.join(root, file));
    hash.update(`${file}\0${content.byteLength}\0`).update(content);
  }
  return hash.digest('hex');
}

async function filesUnder(root: string, relative: string): Promise<string[]> {
  const place = path.join(root, relative);
  if (!existsSync(place)) return [];
  try {
    const entries = await readdir(place, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return [relative];
    throw error;
  }
}

/** A minified build serves everybody; an unminified one does not serve the package. */
export function satisfies(present: BuildStamp | undefined, wanted: BuildStamp): boolean {
  return present?.sourcesSha256 === wanted.sourcesSha256 && (present.isMinified || !wanted.isMinified);
}

export async function currentStamp(isMinified: boolean): Promise<BuildStamp> {
  return { sourcesSha256: await hashSources(projectRoot, inputs), isMinified };
}

export async function isBuildFresh(isMinified: boolean): Promise<boolean> {
  if (!bundles.every(({ name }) => existsSync(path.join(distFolder, name)))) return false;
  const text = await readFile(path.join(distFolder, stampFile), 'utf8').catch(() => undefined);
  return satisfies(text === undefined ? undefined : (JSON.parse(text) as BuildStamp), await currentStamp(isMinified));
}

export async function writeStamp(stamp: BuildStamp): Promise<void> {
  await writeFile(path.join(distFolder, stampFile), `${JSON.stringify(stamp)}\n`);
}
