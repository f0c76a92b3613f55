/** The standard library first, then files by path; each once, and none that nothing is used of. */
import type { LangiumDocument } from 'langium';
import { STANDARD_LIBRARY_NAME } from '../../library/standard-library.ts';
import { benchFileOf } from '../../references/imports.ts';
import { EditedText, spanOf } from './edit-blocks.ts';
import { fix, type Fix } from './problem.ts';

export function organizedImports(document: LangiumDocument): Fix[] {
  const { imports = [] } = benchFileOf(document);
  const text = new EditedText(document);
  const spans = imports.map(spanOf);
  const [first] = spans;
  const last = spans.at(-1);
  if (first === undefined || last === undefined) return [];
  const block = text.text.slice(first.start, last.end);
  // Comments and declarations between imports have their place there.
  if (!/^(\s*import\s+"[^"\n]*"\s*)*$/.test(block)) return [];
  const unused = new Set(
    (document.diagnostics ?? []).filter(({ code }) => code === 'BENCH2008').map(({ range }) => range.start.line),
  );
  const kept = imports
    .filter((each) => !unused.has(each.$cstNode?.range.start.line ?? -1))
    .map(({ path }) => path ?? '');
  const sorted = [...new Set(kept)].sort(byPath);
  const organized = sorted.map((path) => `import "${path}"`).join('\n');
  if (organized === block) return [];
  const edit = organized === '' ? text.remove(first.start, last.end) : text.replace(first.start, last.end, organized);
  return fix('Organise imports', [edit], false);
}

function byPath(left: string, right: string): number {
  if (left === STANDARD_LIBRARY_NAME || right === STANDARD_LIBRARY_NAME) return left === STANDARD_LIBRARY_NAME ? -1 : 1;
  return left < right ? -1 : left > right ? 1 : 0;
}
