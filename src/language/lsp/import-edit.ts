/** Writes an import where imports stand: after the last one, else before the first declaration. */
import type { LangiumDocument } from 'langium';
import type { TextEdit } from 'vscode-languageserver-protocol';
import { benchFileOf } from '../references/imports.ts';
import { EditedText, spanOf } from './actions/edit-blocks.ts';

export function importEdit(document: LangiumDocument, path: string): TextEdit {
  const text = new EditedText(document);
  const { imports = [], declarations = [] } = benchFileOf(document);
  const last = spanOf(imports.at(-1));
  if (last !== undefined) return text.insert(last.end, `\nimport "${path}"`);
  const first = spanOf(declarations[0]);
  return text.insert(first === undefined ? 0 : text.startWithComments(first.start), `import "${path}"\n\n`);
}
