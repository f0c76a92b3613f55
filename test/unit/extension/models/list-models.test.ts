import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listModels, modelsOf, modelsUrl, quoted } from '../../../../src/extension/models/list-models.ts';

const ANSWERS: readonly (readonly [string, unknown, readonly string[]])[] = [
  [
    'the list of an OpenAI-like server',
    { data: [{ id: 'qwen-7b' }, { id: 'qwen-7b-awq' }] },
    ['qwen-7b', 'qwen-7b-awq'],
  ],
  ['a list of names', { models: [{ name: 'llama3' }, 'phi'] }, ['llama3', 'phi']],
  ['the same name twice', { data: [{ id: 'a' }, { id: 'a' }] }, ['a']],
  [
    'names that cannot be written',
    { data: [{ id: 'a\nb' }, { id: '' }, { id: 5 }, null, { id: 'x'.repeat(301) }] },
    [],
  ],
  ['something else', 'hello', []],
  ['nothing', undefined, []],
];

for (const [what, answer, expected] of ANSWERS) {
  test(`models are read from ${what}`, () => {
    assert.deepEqual(modelsOf(answer), expected);
  });
}

for (const [url, expected] of [
  ['http://a:8000', 'http://a:8000/v1/models'],
  ['http://a:8000/', 'http://a:8000/v1/models'],
  ['http://a:8000/v1/', 'http://a:8000/v1/models'],
  ['https://a/llm/v1', 'https://a/llm/v1/models'],
] as const) {
  test(`${url} is asked at ${expected}`, () => {
    assert.equal(modelsUrl(url), expected);
  });
}

test('the key goes along, and no redirect is followed with it', async () => {
  const asked: unknown[] = [];
  const models = await listModels('http://a', 'k', (url, init) => {
    asked.push([url, init.headers, init.redirect]);
    return Promise.resolve(new Response('{"data":[{"id":"m"}]}'));
  });
  assert.deepEqual(models, ['m']);
  assert.deepEqual(asked, [['http://a/v1/models', { authorization: 'Bearer k' }, 'error']]);
});

const FAILURES: readonly (readonly [string, () => Promise<Response>, RegExp])[] = [
  ['does not answer', () => Promise.reject(new TypeError('fetch failed')), /http:\/\/a\/v1\/models does not answer/],
  ['refuses', () => Promise.resolve(new Response('', { status: 401 })), /answers with 401/],
];

for (const [what, answer, expected] of FAILURES) {
  test(`a server that ${what} is an error that says so`, async () => {
    await assert.rejects(listModels('http://a', undefined, answer), expected);
  });
}

test('an answer without end is not read to its end', async () => {
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new TextEncoder().encode('x'.repeat(100_000)));
    },
  });
  assert.deepEqual(await listModels('http://a', undefined, () => Promise.resolve(new Response(endless))), []);
  assert.ok(pulled < 20, String(pulled));
});

test('a name is written as a text of the language', () => {
  assert.equal(quoted('a"b\\c$d'), '"a\\"b\\\\c\\$d"');
});
