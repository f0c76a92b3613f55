import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { RequestRecord } from '../../../../src/contract/outcome.ts';
import { READ_DONE, READ_OUTPUT, type AnswerReader, type Backend } from '../../../../src/runner/backends/backend.ts';
import { chunk, END_OF_BODY, event, pause, STREAM_HEAD } from '../../../fixtures/servers/behaviour.ts';
import { chatDialect } from '../../../fixtures/servers/openai-dialect.ts';
import type { AnswerRequest } from '../../../helpers/raw-server.ts';
import {
  answerWell,
  GOOD_ANSWER,
  openRequestBench,
  PROMPT,
  until,
  type RequestBench,
  type RequestBenchOptions,
} from '../../../helpers/request-bench.ts';

async function bench(t: TestContext, answer: AnswerRequest, options?: RequestBenchOptions): Promise<RequestBench> {
  const opened = await openRequestBench(answer, options);
  t.after(() => opened.close());
  return opened;
}

/** One token, and then nothing more. */
const streamsOn: AnswerRequest = (socket) => {
  socket.write(STREAM_HEAD + chunk(event(chatDialect.token('a'))).toString());
};

/** Lets a test wait for what has been read. */
function watchBits(): { readonly wrap: (backend: Backend) => Backend; bits: number } {
  const watch = {
    bits: 0,
    wrap: (backend: Backend): Backend => ({
      ...backend,
      createReader: (options) => {
        const reader = backend.createReader(options);
        return {
          head: (status, headers) => reader.head(status, headers),
          end: (complete) => reader.end(complete),
          reset: () => reader.reset(),
          read: (bytes, start, end) => {
            const bits = reader.read(bytes, start, end);
            watch.bits |= bits;
            return bits;
          },
        };
      },
    }),
  };
  return watch;
}

describe('a request that is sent', () => {
  test('carries what was prepared for it, made once', async (t) => {
    let prepared = 0;
    const { client, job, server } = await bench(t, answerWell, {
      wrap: (backend) => ({
        ...backend,
        prepare: (prompt) => {
          prepared += 1;
          return backend.prepare(prompt);
        },
      }),
    });
    const one = job();
    const record = await new Promise<RequestRecord>((resolve) => client.send(one, resolve));
    assert.equal(prepared, 1);
    assert.equal(record.outcome, 'ok');
    const [request] = server.requests;
    assert.deepEqual([request?.method, request?.path], ['POST', '/v1/chat/completions']);
    assert.equal(request?.headers['content-type'], 'application/json');
    assert.deepEqual((JSON.parse(request?.body ?? '') as { messages: unknown }).messages, PROMPT.messages);
  });

  test('is recorded in full, to the microsecond, with nothing that did not happen', async (t) => {
    const { request } = await bench(t, answerWell);
    const prompt = { messages: [], text: '', outputTokens: 5, session: 'chat-1', turn: 2 };
    const record = await request({ id: -3, stage: 'warmup', dueMs: 1.23456789, prompt });
    const { id, stage, backend, dueMs, askedOutputTokens, session, turn, outcome } = record;
    assert.deepEqual(
      { id, stage, backend, dueMs, askedOutputTokens, session, turn, outcome },
      {
        id: -3,
        stage: 'warmup',
        backend: 'engine',
        dueMs: 1.235,
        askedOutputTokens: 5,
        session: 'chat-1',
        turn: 2,
        outcome: 'ok',
      },
    );
    assert.ok(!Object.values(record).includes(undefined));
    for (const key of ['reason', 'detail', 'itlMs', 'resends', 'reasoningTokens']) assert.ok(!(key in record), key);
    for (const [key, value] of Object.entries(record))
      if (key.endsWith('Ms')) assert.match(String(value), /^\d+(\.\d{1,3})?$/, key);
  });

  test('is never told to be over before `send` has returned', async (t) => {
    const { client, job } = await bench(t, answerWell, {
      url: 'http://model.test:80',
      lookup: () => {
        throw new Error('no way there');
      },
    });
    let hasReturned = false;
    const ended = new Promise<boolean>((resolve) => client.send(job(), () => resolve(hasReturned)));
    hasReturned = true;
    assert.equal(await ended, true);
  });

  test('has the dataset’s own length where the server counts nothing and the tokenizer is a local one', async (t) => {
    const answer: AnswerRequest = (socket) => {
      socket.write(GOOD_ANSWER.replace('"usage"', '"no_use"'));
    };
    const prompt = { ...PROMPT, inputTokens: 42 };
    const local = await bench(t, answer, { plan: { tokenizer: { kind: 'file', path: '/t.json' } } });
    assert.equal((await local.request({ prompt })).inputTokens, 42);
    const remote = await bench(t, answer);
    assert.equal((await remote.request({ prompt })).inputTokens, undefined);
  });

  test('without streaming has no first token, and an end', async (t) => {
    const { request } = await bench(
      t,
      (socket) => {
        const body = chatDialect.whole('Hello', 7, 2);
        socket.write(
          `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        );
      },
      { plan: { options: { stream: false } } },
    );
    const record = await request();
    assert.deepEqual(
      [record.outcome, record.outputTokens, record.reads, record.firstMs],
      ['ok', 2, undefined, undefined],
    );
    assert.ok((record.lastMs ?? 0) >= (record.sentMs ?? Infinity));
  });

  test('without streaming may take longer to its first byte than a first token may', async (t) => {
    const { request } = await bench(
      t,
      (socket) => {
        const body = chatDialect.whole('Hello', 7, 2);
        setTimeout(() => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`), 60);
      },
      { plan: { options: { stream: false } }, timeouts: { firstTokenMs: 10, betweenTokensMs: 10 } },
    );
    assert.equal((await request()).outcome, 'ok');
  });
});

describe('a request that is cut', () => {
  test('keeps what it had, and the server sees the hang-up', async (t) => {
    const watch = watchBits();
    const { start, client, server } = await bench(t, streamsOn, { wrap: watch.wrap });
    const { active, record } = start();
    assert.equal(active.sentMs, undefined);
    await until(() => (watch.bits & READ_OUTPUT) !== 0, 'output was read');
    assert.ok(active.sentMs !== undefined);
    active.cut('censored');
    const cut = await record;
    assert.deepEqual([cut.outcome, cut.reason, cut.reads], ['censored', undefined, 1]);
    assert.ok(cut.firstMs !== undefined && cut.endMs !== undefined);
    await until(() => server.sockets.size === 0, 'the server sees it');
    assert.deepEqual([[...client.inFlight].length, client.connections.open], [0, 0]);
    active.cut('abandoned');
  });

  test('before it has a connection leaves none behind', async (t) => {
    const { server } = await bench(t, () => {});
    const { start } = await bench(t, () => {}, { url: `https://127.0.0.1:${server.port}` });
    const { active, record } = start();
    await until(() => server.sockets.size === 1, 'the handshake hangs');
    active.cut('censored');
    const cut = await record;
    assert.deepEqual([cut.outcome, cut.sentMs], ['censored', undefined]);
    await until(() => server.sockets.size === 0, 'the socket is closed');
  });

  test('as soon as it was written takes its connection with it', async (t) => {
    const { start, request, server } = await bench(t, answerWell);
    await request();
    const { active, record } = start();
    active.cut('censored');
    const cut = await record;
    assert.deepEqual([cut.outcome, cut.sentMs !== undefined, cut.headersMs], ['censored', true, undefined]);
    await until(() => server.sockets.size === 0, 'the server sees it');
    assert.equal((await request()).outcome, 'ok', 'and the next one goes out on a new connection');
  });

  test('by a user who hangs up after a while', async (t) => {
    const { request, server } = await bench(t, streamsOn);
    const record = await request({ abandonAfterMs: 40 });
    assert.equal(record.outcome, 'abandoned');
    const heldMs = (record.endMs ?? 0) - (record.sentMs ?? 0);
    assert.ok(heldMs >= 40 && heldMs < 1000, `${heldMs} ms`);
    await until(() => server.sockets.size === 0, 'the server sees it');
  });

  test('when the stream has said it is complete is complete', async (t) => {
    const watch = watchBits();
    const answer: AnswerRequest = (socket) => {
      socket.write(GOOD_ANSWER.slice(0, -END_OF_BODY.length));
    };
    const { start } = await bench(t, answer, { wrap: watch.wrap });
    const { active, record } = start();
    await until(() => (watch.bits & READ_DONE) !== 0, '[DONE] was read');
    active.cut('censored');
    assert.equal((await record).outcome, 'ok');
  });

  test('closing the client cuts all that are in flight', async (t) => {
    const { start, client, server } = await bench(t, streamsOn);
    const records = Array.from({ length: 5 }, () => start().record);
    await until(() => server.requests.length === 5, 'all arrived');
    await client.close();
    assert.ok((await Promise.all(records)).every(({ outcome }) => outcome === 'censored'));
    await until(() => server.sockets.size === 0, 'all closed');
  });
});

describe('timeouts', () => {
  test('bytes that waited in the kernel while this thread was held up are in time', async (t) => {
    const { request } = await bench(
      t,
      (socket) => {
        setTimeout(() => {
          socket.write(GOOD_ANSWER);
          // Longer than the timeout, on the very thread that has to read the answer.
          const untilMs = performance.now() + 120;
          while (performance.now() < untilMs);
        }, 10);
      },
      { timeouts: { firstTokenMs: 60 } },
    );
    assert.equal((await request()).outcome, 'ok');
  });

  test('between tokens counts from the newest output, not from the first', async (t) => {
    const { request } = await bench(
      t,
      async (socket) => {
        socket.write(STREAM_HEAD);
        for (let token = 0; token < 8; token += 1) {
          socket.write(chunk(event(chatDialect.token('a'))));
          await pause(100);
        }
        socket.write(GOOD_ANSWER.slice(STREAM_HEAD.length));
      },
      { timeouts: { betweenTokensMs: 600 } },
    );
    const record = await request();
    assert.deepEqual([record.outcome, record.reads], ['ok', 9]);
  });

  test('one request that times out leaves the others untouched', async (t) => {
    const { start, client } = await bench(
      t,
      (socket, { body }) => {
        if (body.includes('silent')) return;
        setTimeout(() => socket.write(GOOD_ANSWER), 150);
      },
      { timeouts: { firstTokenMs: 1000 } },
    );
    const silent = client.prepare({ messages: [{ role: 'user', content: 'silent' }], text: '' });
    const records = await Promise.all([start({ bytes: silent }).record, start().record, start().record]);
    assert.deepEqual(
      records.map(({ reason, outcome }) => reason ?? outcome),
      ['first-token-timeout', 'ok', 'ok'],
    );
  });
});

test('a mistake of ours in reading is told as such, and stays with its request', async (t) => {
  const broken = (reader: AnswerReader): AnswerReader => ({
    head: (status, headers) => reader.head(status, headers),
    end: (complete) => reader.end(complete),
    reset: () => reader.reset(),
    read: () => {
      throw new TypeError('a bug');
    },
  });
  let created = 0;
  const wrap = (backend: Backend): Backend => ({
    ...backend,
    createReader: (options) => {
      const reader = backend.createReader(options);
      created += 1;
      return created === 1 ? broken(reader) : reader;
    },
  });
  const { request, bugs } = await bench(t, answerWell, { wrap });
  const record = await request();
  assert.deepEqual([record.outcome, record.reason, record.detail], ['failed', 'internal', 'a bug']);
  assert.deepEqual(bugs.map(String), ['TypeError: a bug']);
  assert.equal((await request()).outcome, 'ok');
});
