import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestRecord } from '../../../../src/contract/outcome.ts';
import { createBatchBuilder } from '../../../../src/runner/measure/batch-builder.ts';
import { createLiveFold } from '../../../../src/runner/measure/live-fold.ts';
import { createRandom } from '../../../../src/runner/platform/random.ts';
import { reportOf } from './example-record.ts';
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

test('on the same requests the live verdicts are those of the report', async () => {
  const ratio = {
    dimension: 'ratio',
    where: [{ metric: 'ttft', comparison: '<', limit: 150, dimension: 'duration' }],
  } as const;
  const limits = [60, 90, 95, 100, 105, 110, 130, 150, 200, 250];
  const slas = [
    ...['ttft', 'itl', 'e2e'].flatMap((metric) =>
      ['p50', 'p95', 'p99', 'mean', 'max'].flatMap((statistic) =>
        limits.map((limit) => statisticSla(metric, statistic, metric === 'e2e' ? limit * 6 : limit)),
      ),
    ),
    ...[0.02, 0.05, 0.1, 0.2].flatMap((limit) => [
      slaOf({ kind: 'window', metric: 'error-rate', comparison: '<', limit, dimension: 'ratio' }),
      slaOf({ kind: 'goodput', metric: 'goodput', comparison: '>', limit: 1 - 4 * limit, ...ratio }),
    ]),
    ...[0.4, 0.6, 0.8].map((limit) =>
      slaOf({
        kind: 'monitor',
        monitor: 'gpu',
        metric: 'memory',
        statistic: 'mean',
        comparison: '<',
        limit,
        dimension: 'ratio',
      }),
    ),
  ];
  const plan = planOf({
    slas,
    monitors: [
      { name: 'gpu', source: 'nvidia', everyMs: 1_000, options: {}, alerts: [], location: planOf().source.location },
    ],
  });
  const samples = ['gpu0', 'gpu1'].flatMap((device, index) =>
    [500, 1_500].map((atMs) => ({ monitor: 'gpu', device, atMs, values: { memory: 0.3 + index * 0.4 } })),
  );
  const verdicts = new Set<string>();
  for (const seed of [1, 2, 3, 4]) {
    const random = createRandom(seed, 'live');
    const records = Array.from({ length: 40 * seed }, (_, id): RequestRecord => {
      const dueMs = (id * 1_900) / (40 * seed);
      if (random() < 0.05) return failedRecord(id, dueMs);
      if (random() < 0.05) {
        const cut: Pick<RequestRecord, 'firstMs'> = random() < 0.5 ? {} : { firstMs: dueMs + 90 };
        return {
          id,
          stage: 'steady',
          backend: 'demo',
          dueMs,
          sentMs: dueMs,
          ...cut,
          endMs: 3_000,
          outcome: 'censored',
        };
      }
      const firstMs = dueMs + 60 + 80 * random();
      // Gaps of one answer are alike.
      const gapMs = 60 + 80 * random();
      const itlMs = Array.from({ length: 8 }, () => gapMs + random());
      const lastMs = firstMs + 8 * gapMs;
      return okRecord(id, dueMs, { sentMs: dueMs, firstMs, lastMs, endMs: lastMs, itlMs });
    });
    const fold = createLiveFold(plan);
    const builders = [createBatchBuilder(plan), createBatchBuilder(plan)];
    for (const record of records) builders[record.id % 2]?.add(record);
    for (const builder of builders) fold.merge(builder.take());
    for (const sample of samples) fold.monitor(sample);
    const live = fold.snapshotPart(2_000).sla.map(({ verdict }) => verdict);
    const report = await reportOf({ plan, records, monitors: samples });
    report.sla.forEach(({ text, verdict }, index) => {
      verdicts.add(verdict);
      assert.equal(live[index], verdict, `${text} ${JSON.stringify(slas[index]?.check)} seed ${seed}`);
    });
  }
  assert.deepEqual([...verdicts].toSorted(), ['breached', 'met', 'undecided']);
});
