import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestRecord } from '../../../../src/contract/outcome.ts';
import { LIVE_METRICS } from '../../../../src/runner/measure/batch.ts';
import { createBatchBuilder, transferablesOf } from '../../../../src/runner/measure/batch-builder.ts';
import { failedRecord, okRecord, slaOf } from './example-run.ts';

const goodput = slaOf({
  kind: 'goodput',
  metric: 'goodput',
  comparison: '>',
  limit: 0.95,
  dimension: 'ratio',
  where: [
    { metric: 'ttft', comparison: '<', limit: 150, dimension: 'duration' },
    { metric: 'tpot', comparison: '<', limit: 30, dimension: 'duration' },
  ],
});

const textOf = (lines: Uint8Array): string => new TextDecoder().decode(lines);

test('a record line carries every key in the order of the contract, times to the microsecond', () => {
  const builder = createBatchBuilder({ slas: [] });
  const { outcome, dueMs, id, ...rest } = okRecord(7, 1.23456789, { itlMs: [20.0004, 1 / 3], turn: 2, session: 'a"b' });
  builder.add({ ...rest, outcome, dueMs, id });
  const line = textOf(builder.take().lines);
  assert.ok(line.endsWith('}\n'));
  const keys = Object.keys(JSON.parse(line) as object);
  assert.deepEqual(keys.slice(0, 4), ['id', 'stage', 'backend', 'dueMs']);
  assert.deepEqual(keys.slice(-4), ['status', 'session', 'turn', 'itlMs']);
  const read = JSON.parse(line) as RequestRecord;
  assert.equal(read.dueMs, 1.235);
  assert.deepEqual(read.itlMs, [20, 0.333]);
  assert.equal(read.session, 'a"b');
});

test('a line reads back as the record it was made of', () => {
  const builder = createBatchBuilder({ slas: [] });
  const record = failedRecord(1, 5, {
    reason: 'error-in-stream',
    detail: 'overloaded\u2028"\\',
    finishReason: 'error',
  });
  builder.add(record);
  assert.deepEqual(JSON.parse(textOf(builder.take().lines)), record);
});

test('warm-up requests are recorded but give no value, no reason and no measured count', () => {
  const builder = createBatchBuilder({ slas: [goodput] });
  builder.due('warmup');
  builder.sent('warmup');
  builder.add(okRecord(-1, 0, { stage: 'warmup' }));
  builder.add(failedRecord(-2, 0, { stage: 'warmup' }));
  const batch = builder.take();
  assert.equal(textOf(batch.lines).split('\n').length, 3);
  assert.equal(batch.warmup.due, 1);
  assert.equal(batch.warmup.sent, 1);
  assert.equal(batch.warmup.ok, 1);
  assert.equal(batch.warmup.failed, 1);
  assert.deepEqual(Object.values(batch.counters), [0, 0, 0, 0, 0, 0, 0, 0, 0]);
  for (const metric of LIVE_METRICS) assert.equal(batch.values[metric].length, 0, metric);
  assert.deepEqual(batch.byReason, {});
  assert.deepEqual(batch.goodBySla, [0]);
});

test('failed requests are counted by reason and give no latency', () => {
  const builder = createBatchBuilder({ slas: [] });
  builder.add(failedRecord(1, 0, { firstMs: 40, lastMs: 45 }));
  builder.add(failedRecord(2, 0, { reason: 'rate-limited', status: 429 }));
  const batch = builder.take();
  assert.deepEqual(batch.byReason, { 'http-status 503': 1, 'rate-limited': 1 });
  assert.equal(batch.values.ttft.length, 0);
  assert.equal(batch.values.e2e.length, 0);
});

test('values follow the definitions, and a single token has no time per output token', () => {
  const builder = createBatchBuilder({ slas: [] });
  builder.add(okRecord(1, 10));
  builder.add(okRecord(2, 20, { outputTokens: 1, reads: 1, itlMs: [] }));
  const { values } = builder.take();
  assert.deepEqual([...values.ttft], [100, 100]);
  assert.deepEqual([...values['ttft.intended']], [101, 101]);
  assert.deepEqual([...values.e2e], [300, 300]);
  assert.deepEqual([...values['e2e.intended']], [301, 301]);
  assert.deepEqual([...values.queue], [1, 1]);
  assert.deepEqual([...values.tpot], [20]);
  assert.equal(values.itl.length, 10);
});

test('goodput counts requests within every limit at once; a single token cannot be slow between tokens', () => {
  const builder = createBatchBuilder({ slas: [goodput] });
  builder.add(okRecord(1, 0));
  builder.add(okRecord(2, 0, { firstMs: 200 }));
  builder.add(okRecord(3, 0, { lastMs: 901 }));
  builder.add(okRecord(4, 0, { outputTokens: 1, reads: 1, itlMs: [] }));
  const { outputTokens, ...uncounted } = okRecord(5, 0);
  assert.equal(outputTokens, 11);
  builder.add(uncounted);
  builder.add(failedRecord(6, 0));
  assert.deepEqual(builder.take().goodBySla, [2]);
});

test('taking begins anew, and every buffer can be transferred away', () => {
  const builder = createBatchBuilder({ slas: [goodput] });
  for (let id = 0; id < 1_000; id++) builder.add(okRecord(id, id));
  assert.equal(builder.size, 1_000);
  const first = builder.take();
  structuredClone(first, { transfer: transferablesOf(first) });
  assert.equal(first.lines.byteLength, 0, 'the buffers were its own');
  assert.equal(builder.size, 0);
  builder.add(okRecord(1, 0));
  const second = builder.take();
  assert.equal(second.counters.ok, 1);
  assert.deepEqual([...second.values.ttft], [100]);
  assert.equal(second.values.itl.length, 10);
});
