/** What is shown to people compiles: the examples, and every block of the language in the documentation. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { compileFile, compileText, nodeFileSystem } from '../../../src/language/index.ts';

const root = path.join(import.meta.dirname, '..', '..', '..');

for (const file of globSync('examples/**/*.bench', { cwd: root }))
  test(`${file} has no errors`, async () => {
    const { diagnostics } = await compileFile(path.join(root, file), { fileSystem: nodeFileSystem });
    assert.deepEqual(
      diagnostics.filter(({ severity }) => severity === 'error'),
      [],
    );
  });

/** Pages with examples that are meant to be wrong have a test of their own. */
const pages = globSync(['README.md', 'docs/**/*.md'], { cwd: root }).filter((file) => !file.includes('diagnostics'));

for (const page of pages) {
  const blocks = [...readFileSync(path.join(root, page), 'utf8').matchAll(/^```bench\n([\s\S]*?)^```$/gm)];
  for (const [index, [, text = '']] of blocks.entries())
    test(`block ${index + 1} of ${page} has no errors`, async () => {
      const file = path.join(root, 'examples', 'block.bench');
      const { diagnostics } = await compileText(text, file, { fileSystem: nodeFileSystem });
      assert.deepEqual(
        diagnostics.filter(({ severity }) => severity === 'error'),
        [],
      );
    });
}
