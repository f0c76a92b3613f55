/**
 * report.html for a webview. The file is whole in itself, but it may come from anybody's repository: only the scripts and
 * styles that stand in it may run, by their hashes, and nothing may be fetched.
 */
import { createHash } from 'node:crypto';

/** VS Code styles the bare elements of every webview; the report's own styles count from what a browser has. */
const RESET = '<style>body,a,code,pre,kbd,blockquote,img,table{all:revert}</style>';
const POLICY_META = /<meta\s+http-equiv="Content-Security-Policy"[^>]*>/i;

export function reportPage(html: string): string {
  // The file's own policy is made as this one is, but does not know the reset.
  const bare = html.replace(POLICY_META, '');
  const begin = `<meta http-equiv="Content-Security-Policy" content="${policyFor(RESET + bare)}" />${RESET}`;
  const head = /<head[^>]*>/i.exec(bare)?.[0];
  return head === undefined ? begin + bare : bare.replace(head, () => head + begin);
}

export function policyFor(html: string): string {
  const scripts = hashesOf(html, 'script');
  const styles = hashesOf(html, 'style');
  return [
    `default-src 'none'`,
    `img-src data:`,
    `font-src data:`,
    `style-src ${styles.length === 0 ? `'none'` : styles.join(' ')}`,
    `script-src ${scripts.length === 0 ? `'none'` : scripts.join(' ')}`,
  ].join('; ');
}

/** Inline elements only: one with `src` would be fetched, and nothing may be. */
function hashesOf(html: string, tag: 'script' | 'style'): readonly string[] {
  const elements = html.matchAll(new RegExp(`<${tag}\\b([^>]*)>([\\s\\S]*?)</${tag}\\s*>`, 'gi'));
  return [...elements]
    .filter(([, attributes = '']) => !/\bsrc\s*=|type\s*=\s*["']?application\/json/i.test(attributes))
    .map(([, , text = '']) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`);
}
