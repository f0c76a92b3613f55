import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STANDARD_LIBRARY_TEXT, STANDARD_LIBRARY_URI } from '../../../../src/language/library/standard-library.ts';
import { LibraryContentProvider } from '../../../../src/language/lsp/library-content.ts';

const provider = new LibraryContentProvider();

test('the library opens as the text that names are looked up in', async () => {
  assert.deepEqual(provider.schemes, [STANDARD_LIBRARY_URI.scheme]);
  const content = await provider.provideTextDocumentContent({ uri: STANDARD_LIBRARY_URI.toString() });
  assert.equal(content?.text, STANDARD_LIBRARY_TEXT);
});

test('nothing else is made up', async () => {
  assert.equal(await provider.provideTextDocumentContent({ uri: 'benchwright://library/other.bench' }), undefined);
});
