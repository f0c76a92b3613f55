import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecordFile, type RecordFile } from '../../../../src/runner/platform/record-file.ts';
import { openRecordFiles } from '../../../../src/runner/run/record-files.ts';
import { createFakeClock } from '../../../helpers/fake-clock.ts';

interface Disk {
  readonly texts: Map<string, string>;
  readonly closed: string[];
  refuses: ((name: string) => boolean) | undefined;
  open(name: string): Promise<RecordFile>;
}

function disk(): Disk {
  const texts = new Map<string, string>();
  const closed: string[] = [];
  return {
    texts,
    closed,
    refuses: undefined,
    async open(name) {
      if (this.refuses?.(name) === true) throw Object.assign(new Error('no descriptor'), { code: 'EMFILE' });
      texts.set(name, '');
      const sink = {
        write: async (bytes: Uint8Array) => {
          texts.set(name, texts.get(name) + new TextDecoder().decode(bytes));
          return bytes.length;
        },
        sync: async () => {},
        truncate: async () => {},
        close: async () => void closed.push(name),
        putBack: async () => false,
      };
      return createRecordFile(sink, { clock: createFakeClock(), onFailed: () => {} });
    },
  };
}

const line = (id: number): Uint8Array => new TextEncoder().encode(`{"id":${id}}\n`);
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function write(on: Disk, ids: number, options: Parameters<typeof openRecordFiles>[1]): Promise<void> {
  const files = await openRecordFiles((name) => on.open(name), options);
  for (let id = 0; id < ids; id++) {
    files.requests(line(id));
    await settle();
  }
  await files.close();
}

const partsOf = (on: Disk, name: string): string[] => [...on.texts.keys()].filter((each) => each.startsWith(name));

test('a part that has become large is followed by the next; no line is lost, cut or out of order', async () => {
  const on = disk();
  await write(on, 100, { partBytes: 100 });
  const parts = partsOf(on, 'requests');
  assert.ok(parts.length > 5, parts.join(', '));
  assert.deepEqual(parts.slice(0, 3), ['requests.jsonl', 'requests.2.jsonl', 'requests.3.jsonl']);
  const ids = parts.flatMap((part) =>
    on.texts
      .get(part)
      ?.split('\n')
      .filter((text) => text !== '')
      .map((text) => (JSON.parse(text) as { id: number }).id),
  );
  assert.deepEqual(
    ids,
    Array.from({ length: 100 }, (_, id) => id),
  );
  assert.deepEqual(new Set(on.closed), new Set(on.texts.keys()), 'every part is closed');
});

test('a resumed run begins parts of its own, and goes on with the log', async () => {
  const on = disk();
  await write(on, 1, { firstPart: 3 });
  assert.deepEqual([...on.texts.keys()], ['requests.3.jsonl', 'monitors.3.jsonl', 'events.3.jsonl', 'run.log']);
});

test('where the next part cannot be opened, the one before it grows on', async () => {
  const on = disk();
  on.refuses = (name) => name === 'requests.2.jsonl';
  await write(on, 100, { partBytes: 100 });
  assert.deepEqual(partsOf(on, 'requests'), ['requests.jsonl']);
  assert.equal(on.texts.get('requests.jsonl')?.trim().split('\n').length, 100);
});
