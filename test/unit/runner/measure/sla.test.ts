import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestRecord } from '../../../../src/contract/outcome.ts';
import type { RunPlan } from '../../../../src/contract/plan.ts';
import type { ReportData, SlaResult } from '../../../../src/contract/report.ts';
import { decide } from '../../../../src/runner/measure/decide.ts';
import { failedRecord, okRecord, planOf, slaOf, statisticSla } from './example-run.ts';
import { CALM, eventsOf, reportOf } from './example-record.ts';

const many = (count: number, over: (id: number) => Partial<RequestRecord> = () => ({})): RequestRecord[] =>
  Array.from({ length: count }, (_, id) => okRecord(id, id / 10, over(id)));

async function judge(
  sla: RunPlan['slas'][number],
  records: readonly RequestRecord[],
  over: Partial<RunPlan> = {},
): Promise<SlaResult> {
  const report = await reportOf({ plan: planOf({ slas: [sla], ...over }), records });
  assert.equal(report.sla.length, 1);
  return report.sla[0] as SlaResult;
}

test('the interval decides: within, beyond, or across the limit', () => {
  const cases: [number, { lower?: number; upper?: number } | undefined, '<' | '<=' | '>' | '>=', number, string][] = [
    [90, { lower: 80, upper: 99 }, '<', 100, 'met'],
    [90, { lower: 80, upper: 100 }, '<', 100, 'undecided'],
    [90, { lower: 80, upper: 100 }, '<=', 100, 'met'],
    [110, { lower: 100, upper: 120 }, '<', 100, 'breached'],
    [110, { lower: 100, upper: 120 }, '<=', 100, 'undecided'],
    [90, { lower: 80 }, '<', 100, 'undecided'],
    [110, { lower: 101 }, '<', 100, 'breached'],
    [90, {}, '<', 100, 'undecided'],
    [110, { lower: 101, upper: 120 }, '>', 100, 'met'],
    [110, { lower: 100, upper: 120 }, '>', 100, 'undecided'],
    [110, { lower: 100, upper: 120 }, '>=', 100, 'met'],
    [90, { upper: 99 }, '>', 100, 'breached'],
    [99, undefined, '<', 100, 'met'],
    [100, undefined, '<', 100, 'breached'],
  ];
  for (const [actual, ci, comparison, limit, verdict] of cases)
    assert.equal(decide(actual, ci, comparison, limit), verdict, JSON.stringify([actual, ci, comparison, limit]));
});

test('requests that were cut leave a percentile without a bound, however many succeeded', async () => {
  const cut = (id: number): RequestRecord => {
    const { firstMs: _, lastMs: __, itlMs: ___, ...sent } = okRecord(id, 11);
    return { ...sent, outcome: 'censored' };
  };
  const records = [...many(112), ...Array.from({ length: 6 }, (_, index) => cut(112 + index))];
  const { verdict, note } = await judge(statisticSla('ttft', 'p95', 500), records);
  assert.equal(verdict, 'undecided');
  assert.match(note ?? '', /requests cut while they were running leave it without a bound/);
});

test('a percentile the sample cannot bound is undecided, and the note says how many requests would do', async () => {
  const few = await judge(statisticSla('ttft', 'p99', 500), many(100));
  assert.equal(few.verdict, 'undecided');
  assert.equal(few.actual, 100);
  assert.match(
    few.note ?? '',
    /100 successful requests cannot bound this percentile from above: at least 368 are needed/,
  );
  assert.equal((await judge(statisticSla('ttft', 'p99', 500), many(367))).verdict, 'undecided');
  assert.equal((await judge(statisticSla('ttft', 'p99', 500), many(368))).verdict, 'met');
});

test('an interval across the limit is undecided, and the note says that a longer run would decide', async () => {
  const spread = (id: number): Partial<RequestRecord> => ({ firstMs: id / 10 + 1 + (id % 200) });
  const result = await judge(statisticSla('ttft', 'p50', 100), many(400, spread));
  assert.equal(result.verdict, 'undecided');
  assert.match(result.note ?? '', /reaches across the limit of 100 ms: a longer run would decide/);
});

test('what was not measured is unmeasured, never met', async () => {
  const { firstMs, ...unstreamed } = okRecord(1, 10);
  assert.ok(firstMs);
  const result = await judge(statisticSla('ttft', 'p95', 500), [unstreamed]);
  assert.equal(result.verdict, 'unmeasured');
  assert.equal(result.actual, undefined);
  assert.match(result.note ?? '', /None of the 1 successful requests has a value/);
  const nothing = await judge(statisticSla('ttft', 'p95', 500), [failedRecord(1, 10)]);
  assert.equal(nothing.note, 'No request succeeded.');
});

test('statistics beyond percentiles can be limited', async () => {
  const mean = await judge(
    statisticSla('ttft', 'mean', 200),
    many(50, (id) => ({ firstMs: id / 10 + 1 + 90 + (id % 3) })),
  );
  assert.equal(mean.verdict, 'met');
  assert.notEqual(mean.ci?.upper, undefined);
  const max = await judge(statisticSla('ttft', 'max', 99), many(50));
  assert.equal(max.verdict, 'breached');
  const odd = await judge(statisticSla('ttft', 'p97.5', 200), many(400));
  assert.equal(odd.verdict, 'met');
  const shape = await judge(statisticSla('ttft', 'geomean', 200), many(50));
  assert.equal(shape.actual, 100);
  const count = await judge(statisticSla('ttft', 'count', 200), many(50));
  assert.deepEqual([count.actual, count.unit, count.verdict], [50, '', 'met']);
});

const errorRate = slaOf({ kind: 'window', metric: 'error-rate', comparison: '<', limit: 0.01, dimension: 'ratio' });

test('an error rate of few requests is undecided even without an error', async () => {
  assert.equal((await judge(errorRate, many(100))).verdict, 'undecided');
  assert.equal((await judge(errorRate, many(1_000))).verdict, 'met');
  const failing = [...many(900), ...Array.from({ length: 100 }, (_, index) => failedRecord(1_000 + index, 5))];
  assert.equal((await judge(errorRate, failing)).verdict, 'breached');
});

test('goodput counts failed, dropped and cut requests against it', async () => {
  const goodput = slaOf({
    kind: 'goodput',
    metric: 'goodput',
    comparison: '>',
    limit: 0.85,
    dimension: 'ratio',
    where: [{ metric: 'ttft', comparison: '<', limit: 150, dimension: 'duration' }],
  });
  const base = { stage: 'steady', backend: 'demo', dueMs: 5 } as const;
  const records: RequestRecord[] = [
    ...many(600),
    ...Array.from({ length: 100 }, (_, index) => failedRecord(1_000 + index, 5)),
    ...Array.from({ length: 100 }, (_, index) => ({ ...base, id: 2_000 + index, outcome: 'dropped' as const })),
    ...Array.from({ length: 100 }, (_, index) => ({
      ...base,
      id: 3_000 + index,
      sentMs: 6,
      endMs: 900,
      outcome: 'censored' as const,
    })),
    ...Array.from({ length: 100 }, (_, index) => ({
      ...base,
      id: 4_000 + index,
      sentMs: 6,
      endMs: 900,
      outcome: 'abandoned' as const,
    })),
  ];
  const result = await judge(goodput, records);
  assert.ok(Math.abs((result.actual ?? 0) - 600 / 900) < 1e-9);
  assert.equal(result.verdict, 'breached');
  assert.match(result.note ?? '', /600 of 900 requests were within every limit/);
});

test('throughput is judged by its value, per GPU where asked', async () => {
  const throughput = (limit: number, perGpu: boolean): RunPlan['slas'][number] =>
    slaOf({ kind: 'window', metric: 'output-throughput', comparison: '>', limit, dimension: 'throughput', perGpu });
  const backend = { ...planOf().backend, gpus: 4 };
  const whole = await judge(throughput(1_000, false), many(100));
  assert.equal(whole.actual, 1_100);
  assert.equal(whole.verdict, 'met');
  const each = await judge(throughput(1_000, true), many(100), { backend });
  assert.equal(each.actual, 275);
  assert.equal(each.verdict, 'breached');
  assert.equal((await judge(throughput(1_000, true), many(100))).verdict, 'unmeasured');
});

test('a monitor’s series is judged by its worst device', async () => {
  const sla = slaOf({
    kind: 'monitor',
    monitor: 'gpu',
    metric: 'gpu.memory',
    statistic: 'max',
    comparison: '<',
    limit: 0.95,
    dimension: 'ratio',
  });
  const plan = planOf({ slas: [sla] });
  const monitors = ['gpu0', 'gpu1'].map((device, index) => ({
    monitor: 'gpu',
    device,
    atMs: 500,
    values: { memory: 0.9 + index / 15 },
  }));
  const [result] = (await reportOf({ plan, records: [okRecord(1, 10)], monitors })).sla;
  assert.equal(result?.verdict, 'breached');
  assert.match(result?.note ?? '', /worst of 2 devices: gpu1/);
  assert.equal(result?.unit, 'ratio');
  const [missing] = (await reportOf({ plan, records: [okRecord(1, 10)] })).sla;
  assert.equal(missing?.verdict, 'unmeasured');
});

test('a regression is judged against a stored report', async () => {
  const slow = many(400, (id) => ({ firstMs: id / 10 + 1 + 150 }));
  const stored = await reportOf({ plan: planOf(), records: many(400) });
  const sla = slaOf({
    kind: 'regression',
    metric: 'ttft',
    statistic: 'p95',
    comparison: '<',
    limit: 0.1,
    dimension: 'ratio',
    baseline: '/base.json',
  });
  const plan = planOf({ slas: [sla] });
  const against = (records: RequestRecord[], baseline: ReportData | undefined) =>
    reportOf({ plan, records, elsewhere: baseline === undefined ? {} : { '/base.json': JSON.stringify(baseline) } });
  const worse = (await against(slow, stored)).sla[0];
  assert.equal(worse?.verdict, 'breached');
  assert.ok(Math.abs((worse?.actual ?? 0) - 0.5) < 1e-9);
  assert.equal((await against(many(400), stored)).sla[0]?.verdict, 'met');
  assert.equal((await against(slow, undefined)).sla[0]?.verdict, 'unmeasured');
});

test('outcome and exit code: breached, undecided, met, and invalid over all of them', async () => {
  const outcome = async (limit: number, count: number, lag = 1) => {
    const plan = planOf({ slas: [statisticSla('ttft', 'p95', limit)] });
    const events = eventsOf(plan, { sample: { ...CALM, loopLagMsP99: lag } });
    const { run, validity } = await reportOf({ plan, records: many(count), events });
    return [run.outcome, run.exitCode, validity.verdict];
  };
  assert.deepEqual(await outcome(500, 400), ['passed', 0, 'valid']);
  assert.deepEqual(await outcome(50, 400), ['failed', 1, 'valid']);
  assert.deepEqual(await outcome(500, 40), ['undecided', 0, 'valid']);
  assert.deepEqual(await outcome(50, 400, 300), ['failed', 4, 'invalid']);
  assert.deepEqual(await outcome(500, 400, 300), ['passed', 4, 'invalid']);
  assert.deepEqual(await outcome(500, 400, 30), ['passed', 0, 'suspect']);
});
