import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBatchBuilder } from '../../../../src/runner/measure/batch-builder.ts';
import { createLiveFold } from '../../../../src/runner/measure/live-fold.ts';
import { failedRecord, okRecord, planOf, slaOf, statisticSla } from './example-run.ts';

const near = (actual: number | undefined, expected: number): void => {
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) <= expected * 0.001,
    `${actual} is not near ${expected}`,
  );
};

test('batches of several workers fold into one interval and one total', () => {
  const plan = planOf();
  const fold = createLiveFold(plan);
  for (const worker of [0, 1]) {
    const builder = createBatchBuilder(plan);
    for (let number = 0; number < 50; number++) {
      const firstMs = 1 + number * 2 + worker + 1;
      builder.due('steady');
      builder.sent('steady');
      builder.add(okRecord(number, 0, { firstMs, lastMs: firstMs + 200 }));
    }
    fold.merge(builder.take());
  }
  const { interval, total } = fold.snapshotPart(1_000);
  assert.equal(interval.due, 100);
  assert.equal(interval.ok, 100);
  assert.equal(interval.outputTokens, 1_100);
  assert.equal(total.ttftMs?.count, 100);
  near(total.ttftMs?.p50, 50);
  near(total.ttftMs?.p99, 99);
  near(interval.ttftMs?.p95, 95);
});

test('an interval holds only what happened in it, and nothing at all leaves no percentiles', () => {
  const plan = planOf();
  const fold = createLiveFold(plan);
  const builder = createBatchBuilder(plan);
  builder.add(okRecord(1, 0));
  fold.merge(builder.take());
  assert.equal(fold.snapshotPart(250).interval.ttftMs?.count, 1);
  const quiet = fold.snapshotPart(500);
  assert.equal(quiet.interval.ok, 0);
  assert.equal('ttftMs' in quiet.interval, false);
  assert.equal(quiet.total.ttftMs?.count, 1);
});

test('warm-up shows in the interval and never in the total', () => {
  const plan = planOf();
  const fold = createLiveFold(plan);
  const builder = createBatchBuilder(plan);
  builder.due('warmup');
  builder.sent('warmup');
  builder.add(okRecord(-1, 0, { stage: 'warmup' }));
  fold.merge(builder.take());
  const { interval, total } = fold.snapshotPart(0);
  assert.equal(interval.ok, 1);
  assert.equal(total.ok, 0);
  assert.equal('ttftMs' in total, false);
  assert.equal(fold.warmup.ok, 1);
});

test('a live SLA is undecided until the sample bounds its percentile, then met or breached', () => {
  const plan = planOf({ slas: [statisticSla('ttft', 'p95', 150), statisticSla('ttft', 'p95', 90)] });
  const fold = createLiveFold(plan);
  const add = (count: number): void => {
    const builder = createBatchBuilder(plan);
    for (let id = 0; id < count; id++) builder.add(okRecord(id, 0));
    fold.merge(builder.take());
  };
  assert.deepEqual(
    fold.snapshotPart(0).sla.map(({ verdict }) => verdict),
    ['unmeasured', 'unmeasured'],
  );
  add(20);
  assert.equal(fold.snapshotPart(0).sla[0]?.verdict, 'undecided');
  add(200);
  const [slow, fast] = fold.snapshotPart(0).sla;
  assert.equal(slow?.verdict, 'met');
  assert.equal(fast?.verdict, 'breached');
  near(slow?.actual, 100);
});

test('goodput, error rate, throughput and monitors are judged live', () => {
  const ratio = { comparison: '<', limit: 0.01, dimension: 'ratio' } as const;
  const plan = planOf({
    slas: [
      slaOf({ kind: 'window', metric: 'error-rate', ...ratio }),
      slaOf({
        kind: 'goodput',
        metric: 'goodput',
        comparison: '>',
        limit: 0.5,
        dimension: 'ratio',
        where: [{ metric: 'ttft', comparison: '<', limit: 150, dimension: 'duration' }],
      }),
      slaOf({ kind: 'window', metric: 'output-throughput', comparison: '>', limit: 100, dimension: 'throughput' }),
      slaOf({ kind: 'monitor', monitor: 'gpu', metric: 'memory', statistic: 'max', ...ratio, limit: 0.95 }),
    ],
  });
  const fold = createLiveFold(plan);
  const builder = createBatchBuilder(plan);
  for (let id = 0; id < 80; id++) builder.add(okRecord(id, 0));
  for (let id = 80; id < 100; id++) builder.add(failedRecord(id, 0));
  fold.merge(builder.take());
  fold.monitor({ monitor: 'gpu', device: 'gpu0', atMs: 0, values: { memory: 0.96 } });
  const { sla, total } = fold.snapshotPart(10_000);
  assert.deepEqual(
    sla.map(({ actual, verdict }) => [actual, verdict]),
    [
      [0.2, 'breached'],
      [0.8, 'met'],
      [88, 'breached'],
      [0.96, 'breached'],
    ],
  );
  assert.deepEqual(total.byReason, { 'http-status 503': 20 });
});
