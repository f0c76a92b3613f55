/** Over real sockets: what the simulator did, what it wrote in its record, what its model wanted, and what a client saw. */
import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hrtime } from 'node:process';
import { lognormalFromMeanAndP99, type Distribution } from '../../../../src/contract/distribution.ts';
import { engineRequest } from '../../../helpers/engine-request.ts';
import { createDistributionModel } from '../../../../src/runner/simulator/distribution-model.ts';
import {
  formatGroundTruth,
  parseGroundTruth,
  type GroundTruthLine,
} from '../../../../src/runner/simulator/ground-truth.ts';
import type { SimulatorOptions } from '../../../../src/runner/simulator/options.ts';
import { startSimulatorServer, type SimulatorServer } from '../../../../src/runner/simulator/server.ts';

const SEED = 5;
const STREAMS = 40;
const TOKENS = 15;
const options: SimulatorOptions = {
  firstTokenMs: lognormalFromMeanAndP99(40, 120) as Distribution,
  interTokenMs: { kind: 'normal', mean: 10, stddev: 2 },
  outputTokens: { kind: 'constant', value: TOKENS },
};

const nowMs = (): number => Number(hrtime.bigint()) / 1e6;

/** Reads one stream with nothing but a stamp for each read that brings a token. */
function readStream(url: string, requestId: string): Promise<number[]> {
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'Go' }], stream: true });
  const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-request-id: ${requestId}\r\nconnection: close\r\n`;
  const seenMs: number[] = [];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () =>
      socket.write(`${head}content-length: ${body.length}\r\n\r\n${body}`),
    );
    socket.on('data', (bytes) => {
      const atMs = nowMs();
      // Several tokens in one read were seen at the same moment.
      for (const _ of bytes.toString('latin1').matchAll(/"content":"[^"]/g)) seenMs.push(atMs);
    });
    socket.on('close', () => resolve(seenMs)).on('error', reject);
  });
}

/** When the model wants the tokens of this request, counted from its arrival. */
function modelDueMs(request: number): number[] {
  const model = createDistributionModel({ ...options, seed: SEED });
  const dueMs: number[] = [];
  model.submit(engineRequest(request, { inputTokens: 1, outputTokens: TOKENS }), 0);
  model.advance(Number.MAX_VALUE, TOKENS, (_, atMs) => dueMs.push(atMs));
  return dueMs;
}

const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[Math.ceil(values.length / 2) - 1] ?? Number.NaN;

describe('the ground truth of the simulator', () => {
  let server: SimulatorServer;
  let lines: readonly GroundTruthLine[];
  const seen = new Map<string, readonly number[]>();

  before(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ground-truth-'));
    const recordFile = join(directory, 'record.jsonl');
    server = await startSimulatorServer({ options, seed: SEED, recordFile });
    const ids = Array.from({ length: STREAMS }, (_, index) => `stream-${index}`);
    await Promise.all(ids.map(async (id) => seen.set(id, await readStream(server.url, id))));
    await server.stop();
    lines = parseGroundTruth(readFileSync(recordFile, 'utf8'));
    rmSync(directory, { recursive: true });
  });
  after(() => server.stop());

  it('has a line for each answer, under the number of its arrival and the name the client gave', () => {
    assert.deepEqual(
      lines.map(({ request }) => request).sort((left, right) => left - right),
      Array.from({ length: STREAMS }, (_, index) => index),
    );
    assert.deepEqual(new Set(lines.map(({ requestId }) => requestId)), new Set(seen.keys()));
    assert.ok(lines.every(({ writtenAfterMs, ended }) => writtenAfterMs.length === TOKENS && ended === 'complete'));
  });

  it('shows each token written when the model wanted it, never before', () => {
    const lateMs = lines.flatMap(({ request, writtenAfterMs }) =>
      modelDueMs(request).map((dueMs, index) => (writtenAfterMs[index] ?? Number.NaN) - dueMs),
    );
    // How late it is depends on what else the machine does (test/accuracy); that it is not always late does not.
    const leastMs = Math.min(...lateMs);
    assert.ok(leastMs > -0.001 && leastMs < 1, `${leastMs} ms`);
  });

  it('shows each token written before a client saw it', () => {
    const delaysMs = lines.flatMap(({ requestId = '', receivedMs, writtenAfterMs }) => {
      const stampsMs = seen.get(requestId) ?? [];
      assert.equal(stampsMs.length, TOKENS);
      return writtenAfterMs.map((afterMs, index) => (stampsMs[index] ?? Number.NaN) - (receivedMs + afterMs));
    });
    // The two anchors of the clock differ by less than 10 µs.
    const leastMs = Math.min(...delaysMs);
    assert.ok(leastMs > -0.01 && leastMs < 1, `${leastMs} ms`);
  });

  it('says the same of its lateness as its record does', async () => {
    const lateMs = lines.flatMap(({ request, writtenAfterMs }) =>
      modelDueMs(request).map((dueMs, index) => (writtenAfterMs[index] ?? Number.NaN) - dueMs),
    );
    const { tokens, p50Ms = Number.NaN, maxMs = Number.NaN } = await server.lateness();
    assert.equal(tokens, STREAMS * TOKENS);
    assert.ok(Math.abs(maxMs - Math.max(...lateMs)) < 0.002);
    // A microsecond of the histogram's steps, one of the record's, and a thousandth of the value.
    assert.ok(Math.abs(p50Ms - median(lateMs)) < 0.002 + median(lateMs) / 500, `${p50Ms} against ${median(lateMs)}`);
  });
});

describe('a record file', () => {
  const line: GroundTruthLine = {
    request: 3,
    receivedMs: 123456789.1234567,
    writtenAfterMs: [1.23456, 2],
    inputTokens: 4,
    outputTokens: 2,
    ended: 'complete',
  };

  it('keeps instants to the nanosecond and gaps to the microsecond', () => {
    assert.deepEqual(parseGroundTruth(`${formatGroundTruth(line)}\n`), [
      { ...line, receivedMs: 123456789.123457, writtenAfterMs: [1.235, 2] },
    ]);
  });

  it('is read up to its last whole line', () => {
    const text = `${formatGroundTruth(line)}\n${formatGroundTruth(line)}\n`;
    for (let length = 0; length < text.length; length += 1)
      assert.equal(parseGroundTruth(text.slice(0, length)).length, length > text.length / 2 - 1 ? 1 : 0);
    assert.equal(parseGroundTruth(text).length, 2);
  });
});
