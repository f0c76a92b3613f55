import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hrtime } from 'node:process';
import { parseGroundTruth } from '../../../../src/runner/simulator/ground-truth.ts';
import { readSimulatorOptions } from '../../../../src/runner/simulator/options.ts';
import { startSimulatorServer, type SimulatorServer } from '../../../../src/runner/simulator/server.ts';

const options = readSimulatorOptions({ firstTokenMs: 5, interTokenMs: 2, outputTokens: 4 });
const prompt = { messages: [{ role: 'user', content: 'How are you' }] };

let directory: string;
let recordFile: string;
let server: SimulatorServer;

before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'simulator-'));
  recordFile = join(directory, 'record.jsonl');
  server = await startSimulatorServer({ options, seed: 1, recordFile });
});
after(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

const post = (path: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(server.url + path, { method: 'POST', body: JSON.stringify(body), headers });

interface Chunk {
  readonly object: string;
  readonly model: string;
  readonly choices: readonly {
    readonly delta?: { readonly role?: string; readonly content?: string };
    readonly text?: string;
    readonly finish_reason: string | null;
  }[];
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
}

/** The events of a stream; the last one is `[DONE]` and is left out. */
async function events(response: Response): Promise<Chunk[]> {
  const texts = (await response.text()).split('\n\n');
  assert.deepEqual(texts.slice(-2), ['data: [DONE]', '']);
  return texts.slice(0, -2).map((text) => JSON.parse(text.replace(/^data: /, '')) as Chunk);
}

/** Sends raw bytes, resolves with everything the server said until it closed. */
function talk(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(request));
    let text = '';
    socket.setEncoding('latin1').on('data', (part: string) => (text += part));
    socket.on('end', () => resolve(text)).on('error', reject);
  });
}

describe('the simulator, chat stream', () => {
  it('sends the role alone, one chunk per token, the finish reason, the usage and [DONE]', async () => {
    const response = await post('/v1/chat/completions', {
      ...prompt,
      model: 'any',
      stream: true,
      max_tokens: 3,
      ignore_eos: true,
      stream_options: { include_usage: true },
    });
    assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    assert.match(response.headers.get('server') ?? '', /^benchwright-simulator\/\d/);
    const chunks = await events(response);
    const [role, ...rest] = chunks;
    assert.deepEqual(role?.choices[0]?.delta, { role: 'assistant', content: '' });
    const words = rest.slice(0, 3).map((chunk) => chunk.choices[0]?.delta?.content);
    assert.match(words.join('|'), /^[a-z]+\| [a-z]+\| [a-z]+$/);
    assert.deepEqual(rest[3]?.choices[0]?.delta, {});
    assert.equal(rest[3]?.choices[0]?.finish_reason, 'length');
    assert.deepEqual(rest[4]?.choices, []);
    assert.deepEqual(rest[4]?.usage, { prompt_tokens: 3, completion_tokens: 3, total_tokens: 6 });
    assert.deepEqual(
      chunks.slice(0, -1).map((chunk) => chunk.usage),
      [null, null, null, null, null],
    );
    assert.equal(chunks.length, 6);
  });

  it('answers as long as its own distribution says when no length is asked, and says nothing of usage', async () => {
    const chunks = await events(await post('/v1/chat/completions', { ...prompt, stream: true }));
    assert.equal(chunks.filter((chunk) => (chunk.choices[0]?.delta?.content ?? '') !== '').length, 4);
    assert.equal(chunks.at(-1)?.choices[0]?.finish_reason, 'stop');
    assert.ok(chunks.every((chunk) => !('usage' in chunk)));
  });

  it('echoes a model of any name in ASCII', async () => {
    for (const model of ['|', '"|"', 'modèle-模型-🙂']) {
      const chunks = await events(await post('/v1/chat/completions', { ...prompt, model, stream: true }));
      assert.ok(
        chunks.every((chunk) => chunk.model === model),
        model,
      );
    }
  });

  it('keeps a connection for the next request', async () => {
    const body = JSON.stringify({ ...prompt, stream: true, max_tokens: 1 });
    const request = (connection: string): string =>
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: ${connection}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const text = await talk(request('keep-alive') + request('close'));
    assert.equal(text.match(/^HTTP\/1\.1 200/gm)?.length, 2);
    assert.equal(text.match(/data: \[DONE\]/g)?.length, 2);
    assert.ok(text.endsWith('0\r\n\r\n'));
  });

  it('speaks to a client of HTTP/1.0 without chunks', async () => {
    const body = JSON.stringify({ ...prompt, stream: true, max_tokens: 2 });
    const text = await talk(`POST /v1/chat/completions HTTP/1.0\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    const [head = '', stream = ''] = text.split('\r\n\r\n');
    assert.doesNotMatch(head, /transfer-encoding/i);
    assert.match(stream, /^data: \{[^]*data: \[DONE\]\n\n$/);
  });
});

describe('the simulator, other answers', () => {
  it('streams text completions', async () => {
    const chunks = await events(await post('/v1/completions', { prompt: 'Once upon', stream: true, max_tokens: 2 }));
    assert.deepEqual(
      chunks.map((chunk) => [chunk.object, chunk.choices[0]?.text === '', chunk.choices[0]?.finish_reason]),
      [
        ['text_completion', false, null],
        ['text_completion', false, null],
        ['text_completion', true, 'length'],
      ],
    );
  });

  it('answers a request without stream whole, not before its last token is due', async () => {
    const startMs = performance.now();
    const response = await post('/v1/chat/completions', { ...prompt, max_tokens: 20 });
    const answer = (await response.json()) as { choices: { message: { content: string } }[]; usage: unknown };
    assert.ok(performance.now() - startMs >= 5 + 19 * 2);
    assert.equal(answer.choices[0]?.message.content.split(' ').length, 20);
    assert.deepEqual(answer.usage, { prompt_tokens: 3, completion_tokens: 20, total_tokens: 23 });
  });

  it('offers its model and its health', async () => {
    const models = (await (await fetch(`${server.url}/v1/models`)).json()) as { data: { id: string }[] };
    assert.deepEqual(
      models.data.map(({ id }) => id),
      ['simulator'],
    );
    assert.equal((await fetch(`${server.url}/health`)).status, 200);
  });

  it('refuses like an engine: status, and an error object that says what is wrong', async () => {
    const expected = [
      [() => post('/v1/chat/completions', { messages: 'hello' }), 400, /messages/],
      [() => post('/v1/embeddings', {}), 404, /embeddings/],
      [() => fetch(`${server.url}/v1/chat/completions`), 405, /GET/],
      [() => post('/health', {}), 405, /POST/],
      [() => post('/v1/completions', { prompt: 'x'.repeat(65 * 2 ** 20) }), 413, /too large/],
    ] as const;
    for (const [ask, status, message] of expected) {
      const response = await ask();
      assert.equal(response.status, status);
      assert.match(((await response.json()) as { error: { message: string } }).error.message, message);
    }
  });

  it('says which port it cannot have', async () => {
    const port = Number(new URL(server.url).port);
    await assert.rejects(startSimulatorServer({ options, seed: 1, port }), {
      code: 'RUN_PORT_UNAVAILABLE',
      message: new RegExp(`127.0.0.1:${port}`),
    });
  });
});

describe('the simulator, its record', () => {
  it('has the instants at which tokens were written, on the clock that all processes share', async () => {
    const sentMs = Number(hrtime.bigint()) / 1e6;
    const response = await post(
      '/v1/chat/completions',
      { ...prompt, stream: true, max_tokens: 30 },
      { 'x-request-id': 'mine' },
    );
    await response.text();
    const endedMs = Number(hrtime.bigint()) / 1e6;
    const line = await until(() => readRecord().find((each) => each.requestId === 'mine'));
    assert.equal(line.writtenAfterMs.length, 30);
    assert.equal(line.ended, 'complete');
    assert.ok(line.receivedMs >= sentMs && line.receivedMs + (line.writtenAfterMs.at(-1) ?? 0) <= endedMs);
    // Constant distributions: each token is due at 5 ms + 2 ms each, and is never written before.
    line.writtenAfterMs.forEach((afterMs, index) =>
      assert.ok(afterMs >= 5 + 2 * index - 0.001, `${index}: ${afterMs}`),
    );
  });

  it('tells its own lateness, over HTTP and in the process, and can count anew', async () => {
    await (await post('/v1/chat/completions', { ...prompt, stream: true, max_tokens: 50 })).text();
    const told = (await (await fetch(`${server.url}/simulator/lateness`)).json()) as Record<string, number>;
    assert.ok((told['tokens'] ?? 0) >= 50);
    const { p50Ms = -1, p99Ms = -1, maxMs = -1 } = await server.lateness({ reset: true });
    assert.ok(p50Ms >= 0 && p99Ms >= p50Ms && maxMs >= p99Ms);
    assert.deepEqual(await server.lateness(), { tokens: 0 });
  });

  it('cuts a client that reads nothing, before its answer fills the memory', async () => {
    const greedy = await startSimulatorServer({
      options: readSimulatorOptions({ firstTokenMs: 0, interTokenMs: 0 }),
      seed: 1,
      recordFile,
    });
    const body = JSON.stringify({ ...prompt, stream: true, max_tokens: 1_000_000 });
    const socket = connect(Number(new URL(greedy.url).port), '127.0.0.1', () =>
      socket.write(
        `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-request-id: greedy\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      ),
    );
    socket.on('error', () => {});
    const line = await until(() => readRecord().find((each) => each.requestId === 'greedy'));
    assert.equal(line.ended, 'client-gone');
    assert.ok(line.writtenAfterMs.length < 200_000, `${line.writtenAfterMs.length} tokens written`);
    socket.destroy();
    await greedy.stop();
  });

  it('knows the clients that hung up', async () => {
    const abort = new AbortController();
    const response = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ ...prompt, stream: true, max_tokens: 100_000 }),
      headers: { 'x-request-id': 'gone' },
      signal: abort.signal,
    });
    assert.equal(response.status, 200);
    abort.abort();
    const line = await until(() => readRecord().find((each) => each.requestId === 'gone'));
    assert.equal(line.ended, 'client-gone');
    assert.ok(line.writtenAfterMs.length < line.outputTokens);
  });
});

function readRecord(): ReturnType<typeof parseGroundTruth> {
  return parseGroundTruth(readFileSync(recordFile, 'utf8'));
}

/** The record is written in the background: asks again until it is there; the test's own timeout ends it. */
async function until<Value>(find: () => Value | undefined): Promise<Value> {
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
