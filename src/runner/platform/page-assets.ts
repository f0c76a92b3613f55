/** Script and styles of the interactive report page, which are built as bundles of their own. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { inlineScript, inlineStyle } from '../reports/html/inline-assets.ts';
import type { PageAssets } from '../reports/report-format.ts';

/** Next to the running bundle; from source, where the build puts it. `undefined` where nothing has been built. */
export async function readPageAssets(folder: URL = builtFolder()): Promise<PageAssets | undefined> {
  try {
    const script = await readFile(new URL('report-page.js', folder), 'utf8');
    const style = await readFile(new URL('report-page.css', folder), 'utf8');
    return createPageAssets(script, style);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function createPageAssets(builtScript: string, builtStyle: string): PageAssets {
  const [script, style] = [inlineScript(builtScript), inlineStyle(builtStyle)];
  return { script, style, scriptSha256: hash(script), styleSha256: hash(style) };
}

function builtFolder(): URL {
  const isSource = fileURLToPath(import.meta.url).endsWith('.ts');
  return new URL(isSource ? '../../../dist/' : './', import.meta.url);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
