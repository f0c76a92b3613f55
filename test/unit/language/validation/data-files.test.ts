import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LanguageFileSystem } from '../../../../src/language/file-system.ts';
import { lookAtDataFile } from '../../../../src/language/validation/data-files.ts';
import { memoryFiles } from '../../../helpers/memory-files.ts';

/** One file that changes, and how often it was read. */
function changing(modified: boolean) {
  const file = { text: '', modifiedMs: 0, reads: 0 };
  const now = (): LanguageFileSystem => memoryFiles({ '/d': file.text });
  const files: LanguageFileSystem = {
    list: (directory) => now().list(directory),
    read(path, most) {
      file.reads += 1;
      return now().read(path, most);
    },
    async stat(path) {
      const status = await now().stat(path);
      return status === undefined || !modified ? status : { ...status, modifiedMs: file.modifiedMs };
    },
  };
  const look = (kind: 'jsonl' | 'sharegpt' = 'jsonl') => lookAtDataFile('/d', kind, files);
  return { file, look };
}

test('a file that has not changed is read once, one that has is read again', async () => {
  const { file, look } = changing(true);
  file.text = '{"a":1}\n';
  assert.deepEqual((await look()).entries, [{ a: 1 }]);
  await Promise.all([look(), look()]);
  assert.equal(file.reads, 1);
  file.text = '{"a":2}\n';
  file.modifiedMs = 1;
  assert.deepEqual((await look()).entries, [{ a: 2 }]);
  file.text = 'no\n';
  assert.deepEqual((await look()).malformed, { line: 1, problem: 'expected one JSON object per line' }, 'another size');
  assert.equal(file.reads, 3);
});

test('where nobody can tell when a file changed, it is read each time', async () => {
  const { file, look } = changing(false);
  file.text = '{"a":1}\n';
  await look();
  await look();
  assert.equal(file.reads, 2);
});

test('a file that could not be read is tried again', async () => {
  const { file, look } = changing(true);
  file.text = '{"a":1}\n';
  const broken = lookAtDataFile('/d', 'jsonl', {
    ...memoryFiles({ '/d': '' }),
    read: () => Promise.reject(new Error('EACCES')),
  });
  await assert.rejects(broken, /EACCES/);
  assert.equal((await look()).entries.length, 1);
});

test('conversations may come after other lines', async () => {
  const { file, look } = changing(true);
  const others = Array.from({ length: 200 }, (_, index) => `{"other":${index}}\n`).join('');
  file.text = others;
  assert.match((await look('sharegpt')).malformed?.problem ?? '', /expected conversations/);
  file.text = `${others}{"conversations":[]}\n`;
  assert.equal((await look('sharegpt')).malformed, undefined);
});
