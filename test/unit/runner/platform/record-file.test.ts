import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRecordFile, openRecordFile, type RecordSink } from '../../../../src/runner/platform/record-file.ts';
import { createFakeClock } from '../../../helpers/fake-clock.ts';

/** A disk of so many bytes that writes at most so many at a time. */
function createSink(
  roomBytes: number,
  atOnceBytes = Number.POSITIVE_INFINITY,
): RecordSink & { text(): string; roomBytes: number; syncs: number } {
  let content = Buffer.alloc(0);
  return {
    roomBytes,
    syncs: 0,
    text: () => content.toString(),
    async write(bytes) {
      const count = Math.min(bytes.length, atOnceBytes, this.roomBytes - content.length);
      if (count <= 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      content = Buffer.concat([content, bytes.subarray(0, count)]);
      return count;
    },
    async sync() {
      this.syncs += 1;
    },
    async truncate(sizeBytes) {
      content = content.subarray(0, sizeBytes);
    },
    async close() {},
    putBack: async () => false,
  };
}

describe('a record file', () => {
  it('writes everything in order, however little the system takes at once', async () => {
    const sink = createSink(1_000, 3);
    const file = createRecordFile(sink, { clock: createFakeClock(), onFailed: assert.fail });
    for (let line = 0; line < 20; line += 1) file.append(`line ${line}\n`);
    assert.equal(await file.close(), undefined);
    assert.equal(sink.text(), Array.from({ length: 20 }, (_, line) => `line ${line}\n`).join(''));
    assert.equal(file.sizeBytes, sink.text().length);
  });

  it('on a full disk keeps whole lines, tells once, and goes on when there is room again', async () => {
    const sink = createSink(20, 7);
    const failures: string[] = [];
    const file = createRecordFile(sink, {
      clock: createFakeClock(),
      onFailed: (error) => failures.push(error.code ?? ''),
    });
    file.append('first\nsecond\n');
    await file.flushed();
    file.append('third line\nfourth\n');
    await file.flushed();
    assert.deepEqual(failures, ['ENOSPC']);
    assert.equal(sink.text(), 'first\nsecond\n');
    file.append('fifth\n');
    await file.flushed();
    assert.deepEqual(failures, ['ENOSPC']);
    sink.roomBytes = 1_000;
    await file.retry();
    assert.equal(sink.text(), 'first\nsecond\nthird line\nfourth\nfifth\n');
    assert.equal(await file.close(), undefined);
  });

  it('keeps the lines of a piece that were written before the disk was full', async () => {
    const sink = createSink(10);
    const file = createRecordFile(sink, { clock: createFakeClock(), onFailed: () => {} });
    file.append('one\ntwo\nthree\n');
    await file.flushed();
    assert.equal(sink.text(), 'one\ntwo\n');
    assert.equal((await file.close())?.message, 'no space left on device');
  });

  it('forces what was written to the disk at most every second', async () => {
    const clock = createFakeClock();
    const sink = createSink(10_000);
    const file = createRecordFile(sink, { clock, onFailed: assert.fail });
    for (let tick = 0; tick < 12; tick += 1) {
      clock.advance(250);
      file.append(`${tick}\n`);
      await file.flushed();
    }
    assert.equal(sink.syncs, 3);
    await file.close();
    assert.equal(sink.syncs, 4);
  });

  it('lies on the disk, and is never opened over another', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'benchwright-'));
    try {
      const path = join(directory, 'requests.jsonl');
      const file = await openRecordFile(path, { clock: createFakeClock(), onFailed: assert.fail });
      file.append('{"id":0}\n');
      file.append(new TextEncoder().encode('{"id":1}\n'));
      await file.flushed();
      assert.equal(await readFile(path, 'utf8'), '{"id":0}\n{"id":1}\n');
      await file.close();
      await assert.rejects(openRecordFile(path, { clock: createFakeClock(), onFailed: assert.fail }), {
        code: 'EEXIST',
      });
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('removed or moved away with its directory, it is made again with all that it held, within a second or when it is closed', async () => {
    const root = await mkdtemp(join(tmpdir(), 'benchwright-'));
    try {
      const directory = join(root, 'results', 'r1');
      await mkdir(directory, { recursive: true });
      const path = join(directory, 'requests.jsonl');
      const clock = createFakeClock();
      let putBack = 0;
      const file = await openRecordFile(path, { clock, onFailed: assert.fail, onPutBack: () => void (putBack += 1) });
      file.append('{"id":0}\n');
      await file.flushed();
      await rm(join(root, 'results'), { recursive: true });
      clock.advance(1_000);
      file.append('{"id":1}\n');
      await file.flushed();
      assert.equal(await readFile(path, 'utf8'), '{"id":0}\n{"id":1}\n');
      await rename(directory, join(root, 'moved'));
      file.append('{"id":2}\n');
      assert.equal(await file.close(), undefined);
      assert.equal(await readFile(path, 'utf8'), '{"id":0}\n{"id":1}\n{"id":2}\n');
      assert.equal(putBack, 2);
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
