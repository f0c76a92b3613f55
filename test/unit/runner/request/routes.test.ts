import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { BackendPlan } from '../../../../src/contract/plan.ts';
import { probe } from '../../../../src/runner/platform/probe.ts';
import { routeTo } from '../../../../src/runner/platform/http-route.ts';
import { startRawServer, type AnswerRequest } from '../../../helpers/raw-server.ts';
import {
  answerWell,
  openRequestBench,
  type RequestBench,
  type RequestBenchOptions,
} from '../../../helpers/request-bench.ts';

const certificateFile = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/tls/${name}.cert.pem`, import.meta.url));
const pair = (name: string): { readonly cert: string; readonly key: string } => ({
  cert: readFileSync(certificateFile(name), 'utf8'),
  key: readFileSync(certificateFile(name).replace('.cert.', '.key.'), 'utf8'),
});
const tls = pair('self-signed');

async function bench(t: TestContext, answer: AnswerRequest, options?: RequestBenchOptions): Promise<RequestBench> {
  const opened = await openRequestBench(answer, options);
  t.after(() => opened.close());
  return opened;
}

function setEnvironment(t: TestContext, values: Readonly<Record<string, string>>): void {
  const before = { ...process.env };
  Object.assign(process.env, values);
  t.after(() => {
    for (const name of Object.keys(values)) delete process.env[name];
    Object.assign(process.env, before);
  });
}

/** A proxy that opens every tunnel to the same server. */
async function startTunnelProxy(
  t: TestContext,
  target: () => number,
): Promise<Awaited<ReturnType<typeof startRawServer>>> {
  const proxy = await startRawServer((socket, { method, headers }) => {
    if (method !== 'CONNECT' || headers['proxy-authorization'] === undefined) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    socket.removeAllListeners('data');
    const through = connect(target(), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(through).pipe(socket);
    });
    through.on('error', () => socket.destroy());
    socket.on('close', () => through.destroy());
  });
  t.after(() => proxy.close());
  return proxy;
}

describe('certificates', () => {
  const plans: [name: string, shown: string, tls: BackendPlan['tls'], failure: string | undefined][] = [
    ['of an authority nobody knows are refused', 'self-signed', undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    [
      'of the file that the scenario names are taken',
      'self-signed',
      { verify: true, caFile: certificateFile('self-signed') },
      undefined,
    ],
    ['are taken unseen where the scenario says so', 'self-signed', { verify: false }, undefined],
    // Valid on 1 January 2020 only.
    [
      'that have expired are refused, also of a known authority',
      'expired',
      { verify: true, caFile: certificateFile('expired') },
      'CERT_HAS_EXPIRED',
    ],
    ['that have expired are taken where the scenario takes any', 'expired', { verify: false }, undefined],
  ];
  for (const [name, shown, plan, failure] of plans) {
    test(`${name}, by the run and by its preflight`, async (t) => {
      const opened = await bench(t, answerWell, {
        server: { tls: pair(shown) },
        plan: plan === undefined ? {} : { tls: plan },
      });
      const record = await opened.request();
      assert.equal(record.reason, failure === undefined ? undefined : 'tls-failed');
      const asked = probeThrough(opened, plan);
      if (failure === undefined) assert.equal((await asked).status, 200);
      else {
        assert.match(record.detail ?? '', new RegExp(failure));
        await assert.rejects(asked, { code: failure });
      }
    });
  }

  test('a file that is not there is named', () => {
    assert.throws(() => routeTo(planFor('https://engine.test', { verify: true, caFile: '/no/such.pem' })), {
      code: 'RUN_BACKEND_UNREACHABLE',
      message: /\/no\/such\.pem/,
    });
  });
});

describe('a proxy of the environment', () => {
  test('is asked for http by the whole address, with its credentials, and the server name stays in Host', async (t) => {
    const { server, request } = await bench(t, answerWell, { url: 'http://engine.test:8000' });
    setEnvironment(t, { HTTP_PROXY: `http://user:p%40ss@127.0.0.1:${server.port}` });
    const through = await bench(t, answerWell, { url: 'http://engine.test:8000' });
    assert.equal((await through.request()).outcome, 'ok');
    assert.equal((await through.request()).outcome, 'ok');
    assert.deepEqual(
      server.requests.map(({ path, headers }) => [path, headers['host'], headers['proxy-authorization']]),
      Array(2).fill([
        'http://engine.test:8000/v1/chat/completions',
        'engine.test:8000',
        `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
      ]),
    );
    assert.equal(server.connectionCount(), 1);
    assert.equal((await request()).reason, 'dns-failed', 'a client made without it goes its own way');
  });

  test('opens a tunnel for https; reads are stamped as they come', async (t) => {
    const opened = await bench(t, answerWell, { server: { tls } });
    const proxy = await startTunnelProxy(t, () => opened.server.port);
    setEnvironment(t, { HTTPS_PROXY: `http://user:pass@127.0.0.1:${proxy.port}` });
    const plan = { tls: { verify: false } };
    const through = await bench(t, answerWell, { url: 'https://engine.test', plan });
    const records = [await through.request(), await through.request()];
    assert.deepEqual(
      records.map(({ outcome, reads, connectMs }) => [outcome, reads, connectMs !== undefined]),
      [
        ['ok', 1, true],
        ['ok', 1, false],
      ],
    );
    for (const { sentMs, headersMs, firstMs, endMs } of records)
      assert.ok(sentMs! <= headersMs! && headersMs! <= firstMs! && firstMs! <= endMs!);
    assert.equal(proxy.requests[0]?.path, 'engine.test:443');
    assert.equal(opened.server.requests[0]?.headers['proxy-authorization'], undefined);
    assert.equal((await probeThrough(through, plan.tls, 'https://engine.test')).status, 200);
  });

  test('that does not let us through is told apart from the server, without the credentials', async (t) => {
    const refusing = await startTunnelProxy(t, () => 1);
    setEnvironment(t, { HTTPS_PROXY: `http://127.0.0.1:${refusing.port}` });
    const { request } = await bench(t, answerWell, { url: 'https://engine.test' });
    const record = await request();
    assert.equal(record.reason, 'connection-refused');
    assert.match(record.detail ?? '', /the proxy http:\/\/127\.0\.0\.1:\d+ answered CONNECT with HTTP 407/);
  });

  const direct: [name: string, url: string, environment: Readonly<Record<string, string>>][] = [
    ['this machine itself', 'http://localhost:8000', { HTTP_PROXY: 'http://proxy.test:3128' }],
    ['a loopback address', 'http://127.0.0.53:8000', { HTTP_PROXY: 'http://proxy.test:3128' }],
    ['a name in NO_PROXY', 'http://engine.test', { HTTP_PROXY: 'http://proxy.test', NO_PROXY: 'other,engine.test' }],
    ['https, where only HTTP_PROXY is set', 'https://engine.test', { HTTP_PROXY: 'http://proxy.test' }],
  ];
  for (const [name, url, environment] of direct)
    test(`is not used for ${name}`, (t) => {
      setEnvironment(t, environment);
      assert.equal(routeTo(planFor(url)).proxy, undefined);
    });

  const refused: [proxy: string, said: RegExp][] = [
    ['socks5://proxy.test:1080', /socks5 proxy for http:\/\/engine\.test/],
    ['http://[broken', /cannot be read/],
  ];
  for (const [proxy, said] of refused)
    test(`of a kind that is not spoken is refused: ${proxy}`, (t) => {
      setEnvironment(t, { HTTP_PROXY: proxy });
      assert.throws(() => routeTo(planFor('http://engine.test')), { code: 'RUN_BACKEND_UNREACHABLE', message: said });
    });
});

function planFor(url: string, trust?: BackendPlan['tls']): Parameters<typeof routeTo>[0] {
  const location = { file: 'a.bench', line: 1, column: 1, endLine: 1, endColumn: 2 };
  return { url, location, ...(trust === undefined ? {} : { tls: trust }) };
}

function probeThrough(
  { clock, server }: RequestBench,
  trust: BackendPlan['tls'],
  url = server.url,
): ReturnType<typeof probe> {
  return probe(routeTo(planFor(url, trust)), '/v1/models', { clock, headers: {}, connectMs: 5000, answerMs: 5000 });
}
