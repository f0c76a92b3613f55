/**
 * What every backend that speaks server-sent events over HTTP must get right: one suite, run against real sockets and
 * servers that misbehave on purpose. Each row says what the server does and what has to stand in the record.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { RequestRecord } from '../../src/contract/outcome.ts';
import { BACKENDS } from '../../src/contract/catalog/backends.ts';
import type { BackendPlan, TimeoutsPlan } from '../../src/contract/plan.ts';
import {
  READ_ANSWER,
  READ_FAILED,
  READ_OUTPUT,
  type AnswerEnd,
  type Backend,
} from '../../src/runner/backends/backend.ts';
import { loadBackend } from '../../src/runner/backends/registry.ts';
import { createClock, readOriginNs } from '../../src/runner/platform/clock.ts';
import { createRequestClient } from '../../src/runner/request/request-client.ts';
import * as answersElse from '../fixtures/servers/answers-something-else.ts';
import * as answersWell from '../fixtures/servers/answers-well.ts';
import { ending, event, type Behaviour, type Dialect } from '../fixtures/servers/behaviour.ts';
import * as breaksOff from '../fixtures/servers/breaks-off.ts';
import * as compresses from '../fixtures/servers/compresses.ts';
import * as cutsReads from '../fixtures/servers/cuts-reads-anywhere.ts';
import * as endsOddly from '../fixtures/servers/ends-oddly.ts';
import * as framesOddly from '../fixtures/servers/frames-oddly.ts';
import * as overwhelms from '../fixtures/servers/overwhelms.ts';
import * as refuses from '../fixtures/servers/refuses.ts';
import * as stalls from '../fixtures/servers/stalls.ts';
import { backendPlan } from '../helpers/backend-plan.ts';
import { startRawServer } from '../helpers/raw-server.ts';
import { inPieces, type Pieces } from './replay.ts';

export interface BackendUnderTest {
  /** Catalog id. */
  readonly id: string;
  readonly dialect: Dialect;
  /** An answer of a real server, below test/fixtures/streams, and what it says. */
  readonly recording: { readonly file: string; readonly text: string; readonly end: Partial<AnswerEnd> };
}

const KEY = 'sk-conformance-0123456789';

type Check = (record: RequestRecord, wroteMs: readonly number[], text: string | undefined) => void;

interface Row {
  readonly server: Behaviour;
  /** Of the record; every field named here must be equal. */
  readonly record: Partial<RequestRecord>;
  /** What else must hold; `wroteMs` tells when the server wrote each output. */
  readonly check?: Check;
  readonly timeouts?: Partial<TimeoutsPlan>;
  readonly needs?: 'reasoning' | 'toolCall';
}

const OK = { outcome: 'ok', status: 200 } as const;
const failed = (reason: RequestRecord['reason'], more: Partial<RequestRecord> = {}): Partial<RequestRecord> => ({
  outcome: 'failed',
  ...(reason === undefined ? {} : { reason }),
  ...more,
});

/** No stamp lies before the write that caused it, and each output has its own. */
const stampsFollowWrites: Check = (record, wroteMs) => {
  assert.equal(record.reads, wroteMs.length, 'one stamp for each write of output');
  assertNotBefore(record.firstMs, wroteMs[0], 'first');
  assertNotBefore(record.lastMs, wroteMs.at(-1), 'last');
  const sum = (record.itlMs ?? []).reduce((total, gap) => total + gap, 0);
  assert.ok(Math.abs(sum - ((record.lastMs ?? 0) - (record.firstMs ?? 0))) < 0.0005, 'gaps add up to last − first');
};

const textIs =
  (expected: string): Check =>
  (_record, _wroteMs, text) =>
    assert.equal(text, expected);

const detailHas =
  (...parts: string[]): Check =>
  ({ detail = '' }) => {
    for (const part of parts) assert.ok(detail.includes(part), `"${part}" in: ${detail}`);
  };

const ROWS: Readonly<Record<string, Row>> = {
  'the opening without output is not the first token': {
    server: answersWell.plainStream,
    record: { ...OK, reads: 3, inputTokens: 7, outputTokens: 3, tokenSource: 'usage', finishReason: 'stop' },
    check(record, wroteMs, text) {
      stampsFollowWrites(record, wroteMs, text);
      assert.equal(text, 'Hello wide world');
      assert.equal(record.itlMs?.length, 2);
      assert.ok((record.firstMs ?? 0) > (record.firstByteMs ?? Infinity), 'the opening came before');
    },
  },
  'white space is output': { server: answersWell.onlySpaces, record: { ...OK, reads: 1 }, check: textIs(' \n  x  ') },
  'one token has no gap': {
    server: answersWell.oneToken,
    record: { ...OK, reads: 1, outputTokens: 1 },
    check: (record) => assert.equal(record.itlMs, undefined),
  },
  'usage on each chunk: the last one counts': {
    server: answersWell.usageOnEachChunk,
    record: { ...OK, reads: 4, inputTokens: 7, outputTokens: 4 },
    check: stampsFollowWrites,
  },
  'no usage: no count is made up': {
    server: answersWell.noUsage,
    record: { ...OK, tokenSource: 'none' },
    check: (record) => assert.equal(record.outputTokens, undefined),
  },
  'impossible usage is not believed': {
    server: answersWell.wrongUsage,
    record: { ...OK, tokenSource: 'none' },
    check: (record) => assert.deepEqual([record.inputTokens, record.outputTokens], [undefined, undefined]),
  },
  'a usage chunk is not output': {
    server: answersWell.lateUsage,
    record: { ...OK, reads: 2, outputTokens: 2 },
    check: (record) => assert.ok((record.endMs ?? 0) > (record.lastMs ?? Infinity), 'the usage came later'),
  },
  'HTTP/1.0, closed at the end': {
    server: answersWell.http10Close,
    record: { ...OK, reads: 2, outputTokens: 2 },
    check: stampsFollowWrites,
  },
  'reasoning is output, but not the answer': {
    needs: 'reasoning',
    server: answersWell.reasonsFirst,
    record: { ...OK, reads: 4, outputTokens: 4 },
    check(record, wroteMs, text) {
      stampsFollowWrites(record, wroteMs, text);
      assert.equal(text, 'Hm, soYes.');
      assertNotBefore(record.firstAnswerMs, wroteMs[2], 'firstAnswer');
    },
  },
  'a tool call is output and answer': {
    needs: 'toolCall',
    server: answersWell.callsTool,
    record: { ...OK, reads: 3, outputTokens: 9, finishReason: 'tool_calls' },
    check: (record) => assert.equal(record.firstAnswerMs, record.firstMs),
  },

  'CRLF between events': { server: framesOddly.crlf, record: { ...OK, reads: 2 }, check: textIs('Hello 世界') },
  'CR between events': { server: framesOddly.crOnly, record: { ...OK, reads: 2 }, check: textIs('Hello 世界') },
  '`data:` without a space': {
    server: framesOddly.noSpaceAfterColon,
    record: { ...OK, reads: 2 },
    check: textIs('Hello 世界'),
  },
  'comments and empty events': {
    server: framesOddly.comments,
    record: { ...OK, reads: 2 },
    check: textIs('Hello 世界'),
  },
  'event names and ids': { server: framesOddly.namedEvents, record: { ...OK, reads: 2 }, check: textIs('Hello 世界') },
  'several data lines': { server: framesOddly.multiLineData, record: { ...OK, reads: 2 }, check: textIs('Hello 世界') },
  'a byte order mark': { server: framesOddly.byteOrderMark, record: { ...OK, reads: 2 }, check: textIs('Hello 世界') },

  'every byte a read': { server: cutsReads.everyByteAlone, record: { ...OK, outputTokens: 2 }, check: textIs('é👋 b') },
  'all events in one read: one stamp, no gap': {
    server: cutsReads.allAtOnce,
    record: { ...OK, reads: 1, outputTokens: 5 },
    check: (record) => {
      assert.equal(record.itlMs, undefined);
      assert.equal(record.firstMs, record.lastMs);
    },
  },
  'chunks in one read share its stamp': {
    server: cutsReads.chunksInOneRead,
    record: { ...OK, reads: 3, outputTokens: 9 },
    check: stampsFollowWrites,
  },
  'cut inside a character': {
    server: cutsReads.insideCharacter,
    record: { ...OK, reads: 1 },
    check(record, wroteMs, text) {
      stampsFollowWrites(record, wroteMs, text);
      assert.equal(text, '世界');
    },
  },
  'a head in pieces': { server: cutsReads.dribblingHead, record: { ...OK, reads: 1 }, check: stampsFollowWrites },

  'no [DONE], but a finish_reason': { server: endsOddly.noDone, record: { ...OK, outputTokens: 1 } },
  'neither [DONE] nor finish_reason: not known to be complete': {
    server: endsOddly.neitherDoneNorFinish,
    record: failed('stream-cut', { reads: 1 }),
  },
  'no blank line after [DONE]': { server: endsOddly.noLastBlankLine, record: { ...OK, outputTokens: 1 } },
  'a body that is left open after [DONE]': {
    server: endsOddly.neverEndsBody,
    record: { ...OK, outputTokens: 1 },
    check: (record) =>
      assert.ok((record.endMs ?? 0) - (record.lastMs ?? 0) < 500, 'the end is [DONE], not the wait after it'),
  },
  'a reset after [DONE]': { server: endsOddly.resetsAfterDone, record: { ...OK, outputTokens: 1 } },

  'a reset midway': { server: breaksOff.resetsMidway, record: failed('stream-cut', { status: 200, reads: 2 }) },
  'an orderly close midway': {
    server: breaksOff.closesMidway,
    record: failed('stream-cut', { status: 200, reads: 2 }),
  },
  'less than the promised length': { server: breaksOff.fallsShort, record: failed('stream-cut', { reads: 1 }) },
  'a close inside an event: its half is not output': {
    server: breaksOff.closesMidEvent,
    record: failed('stream-cut', { reads: 1 }),
  },
  'closed without an answer': {
    server: breaksOff.closesUnanswered,
    record: failed('connection-reset'),
    check: (record) => assert.equal(record.status, undefined),
  },
  'reset without an answer': { server: breaksOff.resetsUnanswered, record: failed('connection-reset') },
  'closed inside the head': { server: breaksOff.closesInHead, record: failed('connection-reset') },

  'never answers': {
    server: stalls.neverAnswers,
    timeouts: { firstTokenMs: 60 },
    record: failed('first-token-timeout'),
    check: (record) => assertLasted(record, 60),
  },
  'an opening is no first token': {
    server: stalls.opensAndStalls,
    timeouts: { firstTokenMs: 500 },
    record: failed('first-token-timeout', { status: 200, reads: 0 }),
  },
  'pings do not keep a request alive': {
    server: stalls.onlyPings,
    timeouts: { firstTokenMs: 60, betweenTokensMs: 30 },
    record: failed('first-token-timeout'),
  },
  'stalls midway': {
    server: stalls.stallsMidway,
    timeouts: { betweenTokensMs: 1000 },
    record: failed('between-tokens-timeout', { reads: 3 }),
    check: (record) => assert.ok((record.endMs ?? 0) - (record.lastMs ?? 0) >= 1000),
  },
  'never stops': {
    server: stalls.neverStops,
    timeouts: { totalMs: 500 },
    record: failed('total-timeout', { status: 200 }),
    check: (record) => assertLasted(record, 500),
  },
  'an error status is not waited for longer than its words deserve': {
    server: stalls.stallsWhileRefusing,
    record: failed('http-status', { status: 503, detail: 'warming up' }),
  },

  'HTTP 429': {
    server: refuses.rateLimits,
    record: failed('rate-limited', { status: 429, detail: '[retry-after: 2] Rate limit reached' }),
  },
  'HTTP 404': {
    server: refuses.unknownModel,
    record: failed('not-found', { status: 404, detail: 'The model `x` does not exist.' }),
  },
  'HTTP 500': {
    server: refuses.serverError,
    record: failed('http-status', { status: 500, detail: 'Internal Server Error' }),
  },
  'HTTP 502, a page': {
    server: refuses.badGateway,
    record: failed('http-status', { status: 502 }),
    check: detailHas('502 Bad Gateway'),
  },
  'HTTP 307 is not followed, and where it leads is said': {
    server: refuses.redirects,
    record: failed('http-status', { status: 307, detail: '[location: https://elsewhere.example/]' }),
  },
  'HTTP 400, in FastAPI words': {
    server: refuses.badRequest,
    record: failed('http-status', { status: 400, detail: 'max_tokens is too large' }),
  },
  'HTTP 401 that says the key back': {
    server: refuses.echoesKey,
    record: failed('unauthorized', { status: 401, detail: 'Incorrect API key provided: Bearer ***.' }),
  },
  'an error status in an encoding nobody knows': {
    server: refuses.refusesUnreadably,
    record: failed('http-status', { status: 503 }),
  },
  'an error status in broken gzip': {
    server: refuses.refusesInBrokenGzip,
    record: failed('http-status', { status: 503 }),
  },
  'an error page of megabytes': {
    server: refuses.refusesAtLength,
    record: failed('http-status', { status: 500 }),
    check: ({ detail }) => assert.equal(detail?.length, 200),
  },

  'an HTML page': {
    server: answersElse.htmlPage,
    record: failed('wrong-content', { status: 200 }),
    check: detailHas('text/html', 'Sign in'),
  },
  'plain text': {
    server: answersElse.plainText,
    record: failed('wrong-content'),
    check: detailHas('text/plain', 'all is well'),
  },
  'a whole answer where a stream was asked for': {
    server: answersElse.wholeInsteadOfStream,
    record: failed('wrong-content', { status: 200 }),
    check: detailHas('instead of a stream', 'stream off'),
  },
  'an error document with status 200': {
    server: answersElse.errorDocument,
    record: failed('error-in-stream', { status: 200, detail: 'no free slot' }),
  },
  'an empty 200': { server: answersElse.empty, record: failed('empty-answer', { status: 200 }) },
  'a 204': { server: answersElse.noContent, record: failed('empty-answer', { status: 204 }) },
  'a stream that says nothing': { server: answersElse.emptyStream, record: failed('empty-answer', { status: 200 }) },
  'malformed JSON in the stream': {
    server: answersElse.malformedJson,
    record: failed('malformed-stream', { reads: 1 }),
    check: detailHas('not JSON'),
  },
  'not HTTP at all': { server: answersElse.notHttp, record: failed('wrong-content') },
  'broken chunks': { server: answersElse.brokenChunks, record: failed('malformed-stream', { status: 200, reads: 1 }) },
  'an error object first': {
    server: answersElse.errorFirst,
    record: failed('error-in-stream', { status: 200, detail: 'context is full' }),
  },
  'an error object midway': {
    server: answersElse.errorMidway,
    record: failed('error-in-stream', { reads: 1, detail: 'the engine died' }),
  },
  'an event called error': {
    server: answersElse.errorEvent,
    record: failed('error-in-stream', { detail: 'overloaded' }),
  },
  'a field called error': {
    server: answersElse.errorField,
    record: failed('error-in-stream', { detail: 'slot unavailable' }),
  },

  gzip: { server: compresses.gzip, record: { ...OK, reads: 3, outputTokens: 3 }, check: stampsFollowWrites },
  deflate: { server: compresses.deflate, record: { ...OK, reads: 3, outputTokens: 3 }, check: stampsFollowWrites },
  brotli: { server: compresses.brotli, record: { ...OK, reads: 3, outputTokens: 3 }, check: stampsFollowWrites },
  zstd: { server: compresses.zstd, record: { ...OK, reads: 3, outputTokens: 3 }, check: stampsFollowWrites },
  'an encoding nobody knows': {
    server: compresses.unknownEncoding,
    record: failed('wrong-content'),
    check: detailHas('snappy'),
  },
  'broken gzip': { server: compresses.brokenGzip, record: failed('malformed-stream') },
  'a gzip bomb': { server: compresses.gzipBomb, record: failed('too-large') },

  'a line without end': { server: overwhelms.endlessLine, record: failed('too-large', { reads: 1 }) },
  'a page without end': { server: overwhelms.endlessPage, record: failed('wrong-content') },
  'a document without end': { server: overwhelms.endlessDocument, record: failed('too-large') },
  'ten thousand headers': { server: overwhelms.tenThousandHeaders, record: failed('too-large') },
};

const TIMEOUTS: TimeoutsPlan = { connectMs: 5000, firstTokenMs: 5000, betweenTokensMs: 5000, totalMs: 10_000 };

/** Registers the suite. */
export function describeBackend(under: BackendUnderTest): void {
  describe(`${under.id} over sockets`, { concurrency: 8 }, () => {
    for (const [name, row] of Object.entries(ROWS)) {
      if (row.needs !== undefined && under.dialect[row.needs] === undefined) continue;
      test(name, () => runRow(under, row));
    }
  });

  for (const pieces of ['byte by byte', 'all at once'] as const)
    describe(`${under.id} over sockets, ${pieces}`, { concurrency: 8 }, () => {
      for (const [name, row] of Object.entries(ROWS)) {
        if (row.needs !== undefined && under.dialect[row.needs] === undefined) continue;
        if (REPLAYED.has(row.server)) test(name, () => runRow(under, inOtherPieces(row, pieces)));
      }
    });

  describe(`${under.id}, read in any pieces`, () => {
    for (const [name, stream] of Object.entries(streamsOf(under.dialect)))
      test(name, async () => checkEveryCut(await createBackend(under), stream));
    test('nothing of an answer is read into the next one', async () =>
      checkEveryOrder(await createBackend(under), Object.values(streamsOf(under.dialect))));
    test('the recorded answer of a real server', async () => {
      const backend = await createBackend(under);
      const stream = readFileSync(new URL(`../fixtures/streams/${under.recording.file}`, import.meta.url));
      const summary = readAll(backend, [stream]);
      assert.equal(summary.end.text, under.recording.text);
      assert.equal(summary.end.failure, undefined);
      for (const [key, value] of Object.entries(under.recording.end))
        assert.deepEqual(summary.end[key as keyof AnswerEnd], value, key);
      checkEveryCut(backend, stream.toString('utf8'));
    });
  });

  test(`${under.id} is in the catalog, and available`, () => {
    const entry = BACKENDS.find(({ id }) => id === under.id);
    assert.ok(entry !== undefined && entry.unavailable !== true);
  });
}

/** Behaviours that are what they write, not when: their answer means the same in any pieces. */
const REPLAYED: ReadonlySet<Behaviour> = new Set(
  [answersElse, answersWell, breaksOff, compresses, cutsReads, endsOddly, framesOddly, refuses]
    .flatMap((module) => Object.values<Behaviour>(module))
    .filter((server) => ![compresses.gzipBomb, refuses.refusesAtLength].includes(server)),
);

/** Of the record, what does not tell of reads. */
const MEANING = [
  'outcome',
  'reason',
  'status',
  'detail',
  'finishReason',
  'inputTokens',
  'outputTokens',
  'tokenSource',
] as const;

function inOtherPieces(row: Row, pieces: Pieces): Row {
  const known = MEANING.filter((key) => Object.hasOwn(row.record, key)).map((key) => [key, row.record[key]]);
  return { ...row, server: inPieces(row.server, pieces), record: Object.fromEntries(known), check: () => {} };
}

async function runRow(under: BackendUnderTest, row: Row): Promise<void> {
  const clock = createClock(readOriginNs());
  const wroteMs: number[] = [];
  const server = await startRawServer((socket, request) =>
    row.server({ socket, request, dialect: under.dialect, wroteMs, nowMs: () => clock.nowMs() }),
  );
  const plan = planFor(under, { url: server.url, timeouts: { ...TIMEOUTS, ...row.timeouts } });
  const secrets = { KEY };
  const client = createRequestClient({
    backend: await loadBackend(plan, secrets),
    plan,
    clock,
    secrets,
    keepText: true,
    onBug: (error) => assert.fail(error as Error),
  });
  try {
    const { record, text } = await new Promise<{ record: RequestRecord; text: string | undefined }>((resolve) => {
      const bytes = client.prepare({ messages: [], text: '' });
      const job = { id: 0, stage: 's', dueMs: clock.nowMs(), prompt: {}, bytes };
      client.send(job, (sent, kept) => resolve({ record: sent, text: kept }));
    });
    for (const [key, value] of Object.entries(row.record))
      assert.deepEqual(record[key as keyof RequestRecord], value, `${key} in ${JSON.stringify(record)}`);
    assertOrdered(record);
    assert.ok(!JSON.stringify(record).includes(KEY), 'no secret in the record');
    row.check?.(record, wroteMs, text);
  } finally {
    await client.close();
    await server.close();
  }
}

function planFor(under: BackendUnderTest, more: Partial<BackendPlan> = {}): BackendPlan {
  return backendPlan({ protocol: under.id, model: 'm', key: { kind: 'secret', name: 'KEY' }, ...more });
}

function createBackend(under: BackendUnderTest): Promise<Backend> {
  return loadBackend(planFor(under), { KEY });
}

/** Bodies whose reading must not depend on how they are cut. */
function streamsOf(dialect: Dialect): Record<string, string> {
  const tokens = ['Hello', ' ', '世界', ' "quoted" \\ \n', '👋🏽', ''].map((text) => event(dialect.token(text))).join('');
  const well = event(dialect.opening()) + tokens + ending(dialect, 7, 6);
  return {
    'a good stream': well,
    'with CRLF': well.replaceAll('\n', '\r\n'),
    'with CR': well.replaceAll('\n', '\r'),
    'with several data lines': well.replaceAll(',"choices"', ',\ndata: "choices"'),
    'with a byte order mark, names and ids': `\ufeff${well.replaceAll('data: ', 'id: 7\nevent: message\ndata: ')}`,
    'without spaces, with comments': `: hi\n\n${well.replaceAll('data: ', ':\ndata:')}`,
    'with usage on each chunk':
      ['a', 'b', 'c'].map((text, at) => event(dialect.tokenWithUsage(text, 7, at + 1))).join('') + event('[DONE]'),
    'without [DONE]': well.replace('data: [DONE]\n\n', ''),
    'without anything after the output': event(dialect.opening()) + tokens,
    'without the last blank line': well.trimEnd(),
    'with an error object midway': `${event(dialect.token('a'))}${event('{"error":{"message":"no"}}')}${well}`,
    'with malformed JSON': `${event(dialect.token('a'))}data: {"a\n\n`,
    'with a number for an event': `${event(dialect.token('a'))}data: 5\n\n`,
    'with a field called error': 'error: {"message":"no"}\n\n',
    ...(dialect.reasoning === undefined
      ? {}
      : { 'with reasoning': event(dialect.reasoning('Hm')) + event(dialect.reasoning(' x')) + well }),
    ...(dialect.toolCall === undefined
      ? {}
      : {
          'with a tool call':
            event(dialect.toolCall('f', '')) + event(dialect.toolCall('', '{"a":1}')) + ending(dialect, 1, 5),
        }),
    'a page': '<!doctype html><title>x</title>',
    'a whole answer': dialect.whole('Hello', 7, 1),
    nothing: '',
  };
}

interface Summary {
  readonly bits: number;
  readonly end: AnswerEnd;
}

function readAll(
  backend: Backend,
  pieces: readonly Uint8Array[],
  reader = backend.createReader({ keepText: true }),
): Summary {
  reader.head(200, {});
  let bits = 0;
  for (const piece of pieces) {
    const bytes = piece.slice();
    bits |= reader.read(bytes);
    // As the socket's buffer is, once it has been read.
    bytes.fill(88);
    if ((bits & READ_FAILED) !== 0) break;
  }
  const end = reader.end(true);
  return { bits: (bits | (end.bits ?? 0)) & (READ_OUTPUT | READ_ANSWER), end: { ...end, bits: 0 } };
}

function checkEveryCut(backend: Backend, stream: string): void {
  const bytes = new TextEncoder().encode(stream);
  const whole = readAll(backend, [bytes]);
  const byEvent = stream.split(/(?<=\n\n|\r\n\r\n|\r\r)/).map((each) => new TextEncoder().encode(each));
  assert.deepEqual(readAll(backend, byEvent), whole, 'event by event');
  assert.deepEqual(
    readAll(
      backend,
      [...bytes].map((byte) => Uint8Array.of(byte)),
    ),
    whole,
    'byte by byte',
  );
  for (let cut = 1; cut < bytes.length; cut += 1)
    assert.deepEqual(readAll(backend, [bytes.subarray(0, cut), bytes.subarray(cut)]), whole, `cut at ${cut}`);
}

/** One reader for all, each stream after each of the others, which are broken off anywhere, refused, or read to their end. */
function checkEveryOrder(backend: Backend, streams: readonly string[]): void {
  const bytes = streams.map((stream) => new TextEncoder().encode(stream));
  const whole = bytes.map((each) => readAll(backend, [each]));
  const reader = backend.createReader({ keepText: true });
  for (const before of bytes)
    for (const [index, after] of bytes.entries())
      for (const cut of [before.length, Math.ceil(before.length / 2), Math.ceil(before.length / 3), 2]) {
        reader.head(cut === 2 ? 429 : 200, { 'retry-after': '7' });
        reader.read(before.slice(0, cut));
        reader.end(cut === before.length);
        reader.reset();
        assert.deepEqual(
          readAll(backend, [after], reader),
          whole[index],
          `${streams[index]} after ${streams.at(bytes.indexOf(before))} to ${cut}`,
        );
        reader.reset();
      }
}

function assertNotBefore(stampMs: number | undefined, wroteMs: number | undefined, what: string): void {
  assert.ok(stampMs !== undefined && wroteMs !== undefined, `${what} is there`);
  // The record is rounded to the microsecond.
  assert.ok(stampMs >= wroteMs - 0.001, `${what} ${stampMs} is not before it was written ${wroteMs}`);
}

function assertLasted(record: RequestRecord, atLeastMs: number): void {
  assert.ok((record.endMs ?? 0) - (record.sentMs ?? 0) >= atLeastMs, `ended too early: ${JSON.stringify(record)}`);
}

function assertOrdered(record: RequestRecord): void {
  const { dueMs, sentMs, headersMs, firstByteMs, firstMs, lastMs, endMs } = record;
  const instants = [dueMs, sentMs, headersMs, firstByteMs, firstMs, lastMs, endMs].filter((each) => each !== undefined);
  assert.deepEqual(
    instants,
    instants.toSorted((a, b) => a - b),
    `instants out of order: ${JSON.stringify(record)}`,
  );
  assert.ok(endMs !== undefined, 'every request that was sent has an end');
}
