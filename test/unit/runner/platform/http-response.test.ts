import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { request } from 'node:http';
import fc from 'fast-check';
import { ResponseReader } from '../../../../src/runner/platform/http-response.ts';

interface Answer {
  status: number | undefined;
  fields: Record<string, unknown>;
  body: string;
  end: 'complete' | 'cut' | 'malformed' | 'too-large';
  keepsAlive: boolean;
}

/** What comes of these network reads, and then of the connection's end. */
function read(...pieces: readonly (string | Uint8Array)[]): Answer {
  const reader = new ResponseReader();
  const answer: Answer = { status: undefined, fields: {}, body: '', end: 'cut', keepsAlive: false };
  reader.begin({
    onHead(status, fields) {
      answer.status = status;
      answer.fields = { ...fields };
    },
    onBody(bytes, start, end) {
      assert.ok(end > start, 'no empty pieces');
      answer.body += bytes.toString('latin1', start, end);
    },
    onEnd: () => (answer.end = 'complete'),
    onBroken: (kind) => (answer.end = kind),
  });
  for (const piece of pieces) {
    const bytes = Buffer.from(piece as string, 'latin1');
    // As the socket's buffer is: longer than what was read, with an older read behind it.
    const buffer = Buffer.concat([bytes, Buffer.from('0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n')]);
    reader.read(buffer, 0, bytes.length);
    buffer.fill(88);
  }
  answer.keepsAlive = reader.keepsAlive;
  if (!reader.isOver) reader.endOfInput();
  return answer;
}

const CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';

const GOOD: Readonly<Record<string, { readonly bytes: string } & Partial<Answer>>> = {
  'a length': { bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', body: 'hello', keepsAlive: true },
  'a length of nothing': { bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', body: '', keepsAlive: true },
  'the same length twice': { bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\n\r\nab', body: 'ab', keepsAlive: true },
  chunks: { bytes: `${CHUNKED}5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n`, body: 'hello world', keepsAlive: true },
  'sizes in capitals, with zeros, blanks and extensions': {
    bytes: `${CHUNKED}00a;x="y;z"\r\n0123456789\r\nA \r\nabcdefghij\r\n0;last\r\n\r\n`,
    body: '0123456789abcdefghij',
  },
  trailers: { bytes: `${CHUNKED}1\r\na\r\n0\r\nx-sum: 1\r\nx-more: 2\r\n\r\n`, body: 'a', keepsAlive: true },
  'lines that end with LF alone': {
    bytes: 'HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n3\nabc\n0\n\n',
    body: 'abc',
    keepsAlive: true,
  },
  'until the connection closes': { bytes: 'HTTP/1.1 200 OK\r\n\r\nhello', body: 'hello', keepsAlive: false },
  'HTTP/1.0': { bytes: 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nab', body: 'ab', keepsAlive: false },
  'HTTP/1.0 that keeps alive': {
    bytes: 'HTTP/1.0 200 OK\r\nconnection: Keep-Alive\r\ncontent-length: 2\r\n\r\nab',
    body: 'ab',
    keepsAlive: true,
  },
  'a connection that closes': {
    bytes: 'HTTP/1.1 200 OK\r\nconnection: foo, Close\r\ncontent-length: 1\r\n\r\na',
    body: 'a',
    keepsAlive: false,
  },
  'both a length and chunks: chunks count': {
    bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
    body: 'a',
    keepsAlive: false,
  },
  'no body, whatever the length says': {
    bytes: 'HTTP/1.1 204 No Content\r\ncontent-length: 7\r\n\r\n',
    status: 204,
    body: '',
  },
  'interim answers first': {
    bytes:
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 201 Made\r\ncontent-length: 1\r\n\r\na',
    status: 201,
    fields: { 'content-length': '1' },
    body: 'a',
  },
  'no reason phrase, several fields of a name, a folded line': {
    bytes: 'HTTP/1.1 200\r\nA: 1\r\na:2\r\nB:\tx\r\n  y \r\n__proto__: z\r\ncontent-length: 0\r\n\r\n',
    fields: { a: ['1', '2'], b: 'x y', ['__proto__']: 'z', 'content-length': '0' },
    body: '',
  },
  'more than was asked': {
    bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\naHTTP/1.1 200 OK\r\n\r\n',
    body: 'a',
    keepsAlive: false,
  },
};

const BAD: Readonly<Record<string, { readonly bytes: string; readonly end: Answer['end']; readonly body?: string }>> = {
  'something else than HTTP': { bytes: 'SSH-2.0-OpenSSH_9.2\r\n', end: 'malformed' },
  'HTTP/2': { bytes: 'HTTP/2 200\r\n\r\n', end: 'malformed' },
  'a status of two digits': { bytes: 'HTTP/1.1 20 OK\r\n\r\n', end: 'malformed' },
  'another protocol': { bytes: 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n', end: 'malformed' },
  'a header without colon': { bytes: 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n', end: 'malformed' },
  'a header name with a space': { bytes: 'HTTP/1.1 200 OK\r\na b: c\r\n\r\n', end: 'malformed' },
  'two lengths': { bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab', end: 'malformed' },
  'a negative length': { bytes: 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n', end: 'malformed' },
  'an encoding of the transfer': {
    bytes: 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n',
    end: 'malformed',
  },
  'no size': { bytes: `${CHUNKED}\r\n`, end: 'malformed' },
  'a size that is none': { bytes: `${CHUNKED}1\r\na\r\nxyz\r\n`, end: 'malformed', body: 'a' },
  'a size beyond all measure': { bytes: `${CHUNKED}fffffffffffff\r\n`, end: 'malformed' },
  'a chunk longer than it says': { bytes: `${CHUNKED}1\r\nab\r\n`, end: 'malformed', body: 'a' },
  'headers without end': { bytes: `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`, end: 'too-large' },
  'an extension without end': { bytes: `${CHUNKED}1;${'x'.repeat(5000)}`, end: 'too-large' },
  'trailers without end': { bytes: `${CHUNKED}0\r\n${'x: y\r\n'.repeat(20_000)}`, end: 'too-large' },
  nothing: { bytes: '', end: 'cut' },
  'half a head': { bytes: 'HTTP/1.1 200 OK\r\ncontent-le', end: 'cut' },
  'less than its length': { bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab', end: 'cut', body: 'ab' },
  'no last chunk': { bytes: `${CHUNKED}2\r\nab\r\n`, end: 'cut', body: 'ab' },
};

describe('an answer', () => {
  for (const [name, { bytes, ...expected }] of Object.entries(GOOD))
    test(`with ${name}`, () => {
      const whole = read(bytes);
      assert.deepEqual({ ...whole, ...expected }, whole);
      assert.equal(whole.end, 'complete');
      checkEveryCut(bytes, whole);
    });
});

describe('what is no answer', () => {
  for (const [name, { bytes, end, body = '' }] of Object.entries(BAD))
    test(name, () => {
      const whole = read(bytes);
      assert.deepEqual([whole.end, whole.body, whole.keepsAlive && end !== 'cut'], [end, body, false]);
      if (bytes.length < 1000) checkEveryCut(bytes, whole);
    });
});

function checkEveryCut(bytes: string, whole: Answer): void {
  assert.deepEqual(read(...bytes), whole, 'byte by byte');
  for (let cut = 1; cut < bytes.length; cut += 1)
    assert.deepEqual(read(bytes.slice(0, cut), bytes.slice(cut)), whole, `cut at ${cut}`);
}

test('how long the server keeps an idle connection is told', () => {
  const reader = new ResponseReader();
  reader.begin({ onHead() {}, onBody() {}, onEnd() {}, onBroken() {} });
  const bytes = Buffer.from('HTTP/1.1 200 OK\r\nkeep-alive: max=5, timeout=7\r\ncontent-length: 0\r\n\r\n');
  reader.read(bytes, 0, bytes.length);
  assert.equal(reader.keepAliveMs, 7000);
});

test('chunked bodies, cut anywhere, are read as Node’s own client reads them', async () => {
  const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 });
  const extension = fc.constantFrom('', ';a', ';a=b', ';a="c"');
  await fc.assert(
    fc.asyncProperty(pieces, extension, fc.array(fc.nat(400), { maxLength: 6 }), async (chunks, ext, cutsAt) => {
      const bytes = Buffer.concat([
        Buffer.from(CHUNKED),
        ...chunks.flatMap((each) => [Buffer.from(`${each.length.toString(16)}${ext}\r\n`), each, Buffer.from('\r\n')]),
        Buffer.from('0\r\n\r\n'),
      ]);
      const cuts = [0, ...cutsAt.map((at) => at % bytes.length).toSorted((a, b) => a - b), bytes.length];
      const reads = cuts.slice(1).map((cut, index) => bytes.subarray(cuts[index], cut));
      assert.equal(read(...reads.map((each) => each.toString('latin1'))).body, await bodyByNode(bytes));
    }),
    { numRuns: 40 },
  );
});

async function bodyByNode(answer: Buffer): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await new Promise((resolve, reject) => {
      request({ port: (server.address() as AddressInfo).port, agent: false }, (response) => {
        let body = '';
        response.setEncoding('latin1').on('data', (text: string) => (body += text));
        response.on('end', () => resolve(body));
      })
        .on('error', reject)
        .end();
    });
  } finally {
    server.close();
  }
}
