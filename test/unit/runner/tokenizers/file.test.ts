import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTokenizer } from '../../../../src/runner/tokenizers/open-tokenizer.ts';

const tiny = join(import.meta.dirname, '../../../fixtures/tokenizers/tiny');
const path = join(tiny, 'tokenizer.json');
/** Made by the reference implementation (make-tiny.py). */
const reference = JSON.parse(readFileSync(join(tiny, 'counts.json'), 'utf8')) as {
  readonly counts: readonly { readonly text: string; readonly tokens: number }[];
};

describe('a local tokenizer file', () => {
  for (const { text, tokens } of reference.counts)
    it(`counts ${JSON.stringify(text.slice(0, 30))} as the reference does, without special tokens`, async () => {
      const tokenizer = await openTokenizer({ kind: 'file', path });
      assert.equal(tokenizer?.count(text), tokens);
    });

  it('is refused with the file and the reason', async (context) => {
    const directory = mkdtempSync(join(tmpdir(), 'tokenizer-'));
    context.after(() => rmSync(directory, { recursive: true }));
    const write = (name: string, text: string): string => {
      writeFileSync(join(directory, name), text);
      return join(directory, name);
    };
    const cases = [
      [join(directory, 'absent.json'), /there is no such file/],
      [directory, /it is a folder/],
      [write('text.json', 'hello'), /it is not JSON/],
      [write('list.json', '7'), /no JSON object/],
      [write('config.json', '{"hidden_size": 4}'), /it has no `model`/],
      [write('strange.json', '{"model": {"type": "Telepathy"}}'), /cannot be used/],
    ] as const;
    for (const [file, message] of cases)
      await assert.rejects(openTokenizer({ kind: 'file', path: file }), (error: Error & { code: string }) => {
        assert.equal(error.code, 'RUN_TOKENIZER_UNUSABLE');
        assert.match(error.message, message);
        return error.message.includes(file);
      });
  });
});

describe('other tokenizers', () => {
  it('count nothing here, where the server counts or nobody does', async () => {
    assert.equal(await openTokenizer({ kind: 'server' }), undefined);
    assert.equal(await openTokenizer({ kind: 'none' }), undefined);
  });

  it('are refused by name where they are not available', async () => {
    await assert.rejects(openTokenizer({ kind: 'tiktoken', encoding: 'o200k_base' }), {
      code: 'RUN_NOT_AVAILABLE',
      message: /o200k_base/,
    });
  });
});
