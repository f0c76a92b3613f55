/** Files that lie on no disk: how they are named, and how the client is asked for them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { URI } from 'langium';
import type { FileParams } from '../../../src/contract/protocol/language.ts';
import { createClientFileSystem, createSplitFileSystem } from '../../../src/language/client-file-system.ts';
import { compileText } from '../../../src/language/index.ts';
import { lookAtDataFile } from '../../../src/language/validation/data-files.ts';
import { noFiles, pathOf, uriOfPath, type LanguageFileSystem } from '../../../src/language/file-system.ts';

/** A client with these files, by their URI. */
function clientWith(
  files: Readonly<Record<string, string>>,
  { modifiedMs, onRead }: { modifiedMs?: number; onRead?: (uri: string) => void } = {},
): LanguageFileSystem {
  const answers: Readonly<Record<string, (params: FileParams) => unknown>> = {
    'bench/fileStat': ({ uri }) =>
      files[uri] === undefined ? null : { kind: 'file', sizeBytes: Buffer.byteLength(files[uri]), modifiedMs },
    'bench/fileRead': ({ uri, maximumBytes }) => {
      onRead?.(uri);
      return {
        base64: Buffer.from(files[uri] ?? '')
          .subarray(0, maximumBytes)
          .toString('base64'),
      };
    },
    'bench/fileList': () => Object.keys(files).map((uri) => ({ name: uri.split('/').at(-1), kind: 'file' })),
  };
  const sendRequest = (method: string, params: FileParams): Promise<unknown> => {
    const answer = answers[method];
    return answer === undefined ? Promise.reject(new Error('unknown method')) : Promise.resolve(answer(params));
  };
  return createClientFileSystem({ sendRequest } as never);
}

for (const uri of ['file:///home/ada/a%20b.bench', 'vscode-vfs://github/ada/x/chat.bench', 'pagefs:/w/chat.bench'])
  test(`${uri} survives being a path`, () => {
    assert.equal(uriOfPath(pathOf(URI.parse(uri))).toString(), uri);
  });

test('a drive of Windows is no scheme', () => {
  assert.equal(uriOfPath('c:\\bench\\chat.bench').scheme, 'file');
});

test('the client’s files are read, up to as much as is wanted', async () => {
  const files = clientWith({ 'pagefs:/w/a.jsonl': 'grüße' });
  assert.deepEqual(await files.stat('pagefs:/w/a.jsonl'), { kind: 'file', sizeBytes: 7, modifiedMs: undefined });
  assert.equal(await files.stat('pagefs:/w/b.jsonl'), undefined);
  assert.deepEqual(Buffer.from(await files.read('pagefs:/w/a.jsonl', 3)), Buffer.from('grüße').subarray(0, 3));
  assert.deepEqual(await files.list('pagefs:/w'), [{ name: 'a.jsonl', kind: 'file' }]);
});

test('a data file of the client is read once as long as the client says it has not changed', async () => {
  const uri = 'pagefs:/w/a.jsonl';
  for (const [modifiedMs, expected] of [
    [5, 1],
    [undefined, 2],
  ] as const) {
    const reads: string[] = [];
    const files = clientWith(
      { [uri]: '{"prompt":"a"}\n' },
      { ...(modifiedMs === undefined ? {} : { modifiedMs }), onRead: (read) => reads.push(read) },
    );
    await lookAtDataFile(uri, 'jsonl', files);
    await lookAtDataFile(uri, 'jsonl', files);
    assert.equal(reads.length, expected);
  }
});

test('to a client that does not know the request, there is no such file', async () => {
  const files = createClientFileSystem({ sendRequest: () => Promise.reject(new Error('unhandled method')) } as never);
  assert.equal(await files.stat('pagefs:/w/a.jsonl'), undefined);
});

test('a scenario in a virtual folder finds its imports and data there, and misses what is missing', async () => {
  const fileSystem = createSplitFileSystem(
    noFiles,
    clientWith({
      'pagefs:/w/lib/t.bench': 'backend server { protocol simulator }\n',
      'pagefs:/w/chats.jsonl': '{ "prompt": "Hello" }\n',
    }),
  );
  const text = `import "./lib/t.bench"
dataset chats { from jsonl "./chats.jsonl" }
dataset lost { from jsonl "./lost.jsonl" }
benchmark b { on server  send chats  load { warmup 1 requests  stage s { users 1 for 1 min } } }
benchmark c extends b { send lost }
`;
  const { diagnostics } = await compileText(text, 'pagefs:/w/chat.bench', { fileSystem });
  assert.deepEqual(
    diagnostics.filter((each) => /^BENCH(2003|9)/.test(each.code)).map((each) => [each.code, each.line, each.file]),
    [['BENCH9001', 3, 'pagefs:/w/chat.bench']],
  );
});
