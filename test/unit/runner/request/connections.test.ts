import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, test, type TestContext } from 'node:test';
import { rootCertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import type { RequestRecord } from '../../../../src/contract/outcome.ts';
import { RESEND_WITHIN_MS } from '../../../../src/runner/request/exchange.ts';
import type { AnswerRequest } from '../../../helpers/raw-server.ts';
import {
  answerWell,
  GOOD_ANSWER,
  openRequestBench,
  until,
  type RequestBench,
  type RequestBenchOptions,
} from '../../../helpers/request-bench.ts';

async function bench(t: TestContext, answer: AnswerRequest, options?: RequestBenchOptions): Promise<RequestBench> {
  const opened = await openRequestBench(answer, options);
  t.after(() => opened.close());
  return opened;
}

const never = new AbortController().signal;

describe('connections are kept and used again', () => {
  test('one after the other: one connection, set up once, its time told by the request that opened it', async (t) => {
    const { request, client, server } = await bench(t, answerWell);
    const records = [await request(), await request(), await request()];
    assert.deepEqual(
      records.map(({ outcome }) => outcome),
      ['ok', 'ok', 'ok'],
    );
    assert.ok((records[0]?.connectMs ?? 0) > 0);
    assert.deepEqual(
      records.slice(1).map(({ connectMs }) => connectMs),
      [undefined, undefined],
    );
    assert.deepEqual(client.connections, { open: 1, opened: 1, reused: 2, resent: 0 });
    assert.equal(server.connectionCount(), 1);
  });

  test('a user who sends again as soon as the answer is there needs no second connection', async (t) => {
    const { client, job, server } = await bench(t, answerWell);
    await new Promise<void>((resolve) => {
      let left = 20;
      const send = (): void => {
        client.send(job(), (record) => {
          assert.equal(record.outcome, 'ok');
          left -= 1;
          if (left === 0) resolve();
          else send();
        });
      };
      send();
    });
    assert.equal(server.connectionCount(), 1);
  });

  test('as many connections as requests in flight: there is no hidden cap', async (t) => {
    const held: (() => void)[] = [];
    const { start, client, server } = await bench(t, (socket) => {
      held.push(() => socket.write(GOOD_ANSWER));
    });
    const records = Array.from({ length: 300 }, () => start().record);
    await until(() => held.length === 300, '300 requests at the server');
    assert.equal([...client.inFlight].length, 300);
    for (const answer of held) answer();
    assert.ok((await Promise.all(records)).every(({ outcome }) => outcome === 'ok'));
    assert.equal(server.connectionCount(), 300);
    assert.equal([...client.inFlight].length, 0);
  });

  test('a server that closes after each answer gets a new connection each time', async (t) => {
    const { request, client } = await bench(t, (socket) => {
      socket.end(GOOD_ANSWER.replace('\r\n', '\r\nconnection: close\r\n'));
    });
    for (let number = 0; number < 3; number += 1) assert.equal((await request()).outcome, 'ok');
    await until(() => client.connections.open === 0, 'all closed');
    assert.deepEqual(client.connections, { open: 0, opened: 3, reused: 0, resent: 0 });
  });

  test('one that the server closed while it was idle is not used', async (t) => {
    const { request, client, server } = await bench(t, answerWell);
    await request();
    for (const socket of server.sockets) socket.end();
    await until(() => client.connections.open === 0, 'the close was noticed');
    const record = await request();
    assert.deepEqual([record.outcome, record.resends], ['ok', undefined]);
    assert.equal(server.connectionCount(), 2);
  });

  test('one that has been idle for longer than servers keep them is closed instead of used', async (t) => {
    const { request, server, skipMs } = await bench(t, answerWell);
    await request();
    skipMs(4500);
    assert.ok((await request()).connectMs !== undefined);
    assert.equal(server.connectionCount(), 2);
  });
});

describe('a kept connection that turns out to be closed', () => {
  const closesOnSecond: AnswerRequest = (socket, { index }) => {
    if (index === 0) socket.write(GOOD_ANSWER);
    else socket.resetAndDestroy();
  };

  test('costs the request nothing but time: it goes out again on a new one', async (t) => {
    const { request, client, server } = await bench(t, closesOnSecond);
    await request();
    const record = await request();
    assert.deepEqual([record.outcome, record.resends], ['ok', 1]);
    assert.ok((record.connectMs ?? 0) > 0, 'and tells of the connection it opened');
    assert.equal(client.connections.resent, 1);
    assert.equal(server.requests.length, 3);
  });

  test('a server that fails on a new connection too has failed', async (t) => {
    let answered = false;
    const { request, server } = await bench(t, (socket) => {
      if (answered) socket.resetAndDestroy();
      else socket.write(GOOD_ANSWER);
      answered = true;
    });
    await request();
    const record = await request();
    assert.deepEqual([record.outcome, record.reason, record.resends], ['failed', 'connection-reset', 1]);
    assert.equal(server.requests.length, 3);
  });

  test('a new connection that is closed unanswered is the server failing: nothing is sent again', async (t) => {
    const { request, server } = await bench(t, (socket) => void socket.end());
    const record = await request();
    assert.deepEqual([record.reason, record.resends], ['connection-reset', undefined]);
    assert.equal(server.requests.length, 1);
  });

  test('once a byte of an answer came, the server had the request', async (t) => {
    const { request, server } = await bench(t, (socket, { index }) => {
      if (index === 0) socket.write(GOOD_ANSWER);
      else socket.end('HTTP/1.1 ');
    });
    await request();
    assert.equal((await request()).reason, 'connection-reset');
    assert.equal(server.requests.length, 2);
  });

  test('after more than a moment, too', async (t) => {
    const opened = await bench(t, (socket, { index }) => {
      if (index === 0) socket.write(GOOD_ANSWER);
      else {
        opened.skipMs(RESEND_WITHIN_MS + 1);
        socket.end();
      }
    });
    await opened.request();
    assert.equal((await opened.request()).reason, 'connection-reset');
    assert.equal(opened.server.requests.length, 2);
  });
});

describe('connections opened ahead', () => {
  test('come at the asked pace, and serve the first requests', async (t) => {
    const { client, start, clock, server } = await bench(t, answerWell);
    const beganMs = clock.nowMs();
    await client.openConnections(10, 200, never);
    assert.ok(clock.nowMs() - beganMs >= 45, 'ten at 200 per second take 45 ms');
    await until(() => server.connectionCount() === 10, 'the server has accepted ten');
    await client.openConnections(10, 200, never);
    assert.equal(client.connections.opened, 10, 'ten are open already');
    const records = await Promise.all(Array.from({ length: 10 }, () => start().record));
    assert.ok(records.every(({ outcome, connectMs }) => outcome === 'ok' && connectMs === undefined));
    assert.deepEqual(client.connections, { open: 10, opened: 10, reused: 10, resent: 0 });
  });

  test('stop when told, and when nobody answers', async (t) => {
    const stop = new AbortController();
    const { client, server } = await bench(t, answerWell, { server: { onConnection: () => stop.abort() } });
    await client.openConnections(1_000_000, 1, stop.signal);
    assert.equal(server.connectionCount(), 1);

    const closed = await bench(t, answerWell, { url: 'http://127.0.0.1:1' });
    await closed.client.openConnections(5, 1000, never);
    assert.equal(closed.client.connections.opened, 0);
  });

  test('are dropped when something is said on them before anything was asked', async (t) => {
    const { client, request } = await bench(t, answerWell, {
      server: { onConnection: (socket, connection) => void (connection === 0 && socket.write('220 smtp ready\r\n')) },
    });
    await client.openConnections(1, 1000, never);
    await until(() => client.connections.open === 0, 'it was dropped');
    assert.equal((await request()).outcome, 'ok');
  });

  test('that the server gave up meanwhile cost a request nothing', async (t) => {
    const { client, request, server } = await bench(t, answerWell);
    await client.openConnections(1, 1000, never);
    for (const socket of server.sockets) socket.destroy();
    assert.equal((await request()).outcome, 'ok');
  });
});

describe('a connection that cannot be had', () => {
  const reasonAt = async (t: TestContext, url: string): Promise<RequestRecord> =>
    (await bench(t, answerWell, { url })).request();

  test('nothing listens', async (t) => {
    const record = await reasonAt(t, 'http://127.0.0.1:1');
    assert.equal(record.reason, 'connection-refused');
    assert.match(record.detail ?? '', /ECONNREFUSED/);
    assert.equal(record.sentMs, undefined);
  });

  test('nothing listens on any of the addresses of a name', async (t) => {
    const record = await reasonAt(t, 'http://localhost:1');
    assert.equal(record.reason, 'connection-refused');
    assert.match(record.detail ?? '', /ECONNREFUSED 127\.0\.0\.1:1/);
  });

  test('the name does not resolve', async (t) => {
    assert.equal((await reasonAt(t, 'http://no-such-host.invalid')).reason, 'dns-failed');
  });

  test('a self-signed certificate is refused, also where the environment would let it pass', async (t) => {
    const cert = readFileSync(new URL('../../../fixtures/tls/self-signed.cert.pem', import.meta.url), 'utf8');
    const key = readFileSync(new URL('../../../fixtures/tls/self-signed.key.pem', import.meta.url), 'utf8');
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    t.after(() => delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']);
    const opened = await bench(t, answerWell, { server: { tls: { cert, key } } });
    const record = await opened.request();
    assert.equal(record.reason, 'tls-failed');
    assert.match(record.detail ?? '', /SELF_SIGNED/);
    assert.equal(opened.server.requests.length, 0, 'nothing was sent to it');

    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    setDefaultCACertificates([cert]);
    t.after(() => setDefaultCACertificates([...rootCertificates]));
    const trusted = await opened.request();
    assert.deepEqual([trusted.outcome, trusted.reads], ['ok', 1]);
    assert.ok((trusted.firstMs ?? 0) >= (trusted.sentMs ?? 0));
    assert.equal((await opened.request()).connectMs, undefined, 'and kept');
  });

  test('TLS is spoken to a server that does not', async (t) => {
    const { server } = await bench(t, answerWell, {
      server: { onConnection: (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n') },
    });
    assert.equal((await reasonAt(t, `https://127.0.0.1:${server.port}`)).reason, 'tls-failed');
  });

  test('set-up takes longer than `timeout connect`, here in the TLS handshake', async (t) => {
    const { server } = await bench(t, () => {});
    const { request } = await bench(t, () => {}, {
      url: `https://127.0.0.1:${server.port}`,
      timeouts: { connectMs: 50 },
    });
    const record = await request();
    assert.equal(record.reason, 'connect-timeout');
    assert.ok((record.endMs ?? 0) - record.dueMs >= 50);
    await until(() => server.sockets.size === 0, 'the half-open connection is closed');
  });

  test('this machine is out of file descriptors: the generator failed, not the server', async (t) => {
    const { server } = await bench(t, (socket) => {
      setTimeout(() => socket.write(GOOD_ANSWER), 100);
    });
    const script = new URL('../../../fixtures/out-of-descriptors.ts', import.meta.url).pathname;
    const { stdout } = await promisify(execFile)('sh', [
      '-c',
      'ulimit -n 64 && exec "$0" "$1" "$2"',
      process.execPath,
      script,
      server.url,
    ]);
    const ends = JSON.parse(stdout) as Record<string, number>;
    assert.deepEqual(Object.keys(ends).toSorted(), ['ok', 'out-of-sockets']);
    assert.equal((ends['ok'] ?? 0) + (ends['out-of-sockets'] ?? 0), 100);
  });
});
