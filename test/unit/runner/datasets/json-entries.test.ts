import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import type { DatasetFile } from '../../../../src/runner/datasets/dataset-file.ts';
import { readJsonEntries } from '../../../../src/runner/datasets/json-entries.ts';

function fileOf(pieces: Iterable<Uint8Array>): DatasetFile {
  return {
    path: 'test.json',
    async *read() {
      yield* pieces;
    },
    malformed: (line, { found }) => assert.fail(`${line}: ${found}`),
    empty: (why) => assert.fail(why),
  };
}

async function read(pieces: Iterable<Uint8Array>): Promise<{ line: number; value: unknown }[]> {
  const entries: { line: number; value: unknown }[] = [];
  for await (const entry of readJsonEntries(fileOf(pieces), 'objects')) entries.push(entry);
  return entries;
}

const tricky = [
  { text: 'braces } { and "quotes\\" and \\\\', nested: { list: [{}, { a: '}' }] } },
  {},
  { '{"': '\\', unicode: '🙂 世界 \u2028' },
];

describe('readJsonEntries', () => {
  it('finds the objects wherever the file is cut into pieces', async () => {
    for (const text of [JSON.stringify(tricky, null, 1), tricky.map((entry) => JSON.stringify(entry)).join('\n')]) {
      const bytes = Buffer.from(text);
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        const entries = await read([bytes.subarray(0, cut), bytes.subarray(cut)]);
        assert.deepEqual(
          entries.map(({ value }) => value),
          tricky,
        );
      }
      const byBytes = await read(Array.from(bytes, (byte) => Uint8Array.of(byte)));
      assert.equal(byBytes.length, tricky.length);
    }
  });

  it('knows on which line each begins', async () => {
    const entries = await read([Buffer.from('[\n\n {"a":\n 1},\n{"b": 2}, {"c": 3}\n]')]);
    assert.deepEqual(
      entries.map(({ line }) => line),
      [3, 5, 5],
    );
  });

  it('holds one entry at a time, however large the file', async () => {
    const piece = Buffer.from(`${JSON.stringify({ text: 'x'.repeat(1000) })}\n`.repeat(1000));
    function* pieces(): Generator<Uint8Array> {
      for (let index = 0; index < 64; index += 1) yield piece;
    }
    const startBytes = process.memoryUsage().rss;
    let count = 0;
    for await (const entry of readJsonEntries(fileOf(pieces()), 'objects')) count += entry.line > 0 ? 1 : 0;
    assert.equal(count, 64_000);
    const grownBytes = process.memoryUsage().rss - startBytes;
    assert.ok(grownBytes < 40e6, `${grownBytes} bytes more after a file of ${64 * piece.length}`);
  });

  it('does not wait for the end of an object that has none', async () => {
    function* pieces(): Generator<Uint8Array> {
      yield Buffer.from('{"a": "');
      for (;;) yield Buffer.alloc(2 ** 20, 0x78);
    }
    await assert.rejects(read(pieces()), /1: an object that does not end within 64 MiB/);
  });
});
