/** The fold against brute force: random records, every statistic computed again in the plainest way there is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RequestRecord } from '../../../../src/contract/outcome.ts';
import { isSample, type MetricTable } from '../../../../src/contract/report.ts';
import { planOf, slaOf, stageOf } from './example-run.ts';
import { eventsOf, reportOf } from './example-record.ts';

const WINDOW_MS = 20_000;
const LIMIT_MS = 400;

const instant = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: max * 1000 }).map((us) => us / 1000);

/** Any record a run could write, warm-up ones among them. */
const anyRecord: fc.Arbitrary<RequestRecord> = fc
  .record({
    dueMs: instant(WINDOW_MS - 1),
    isWarmup: fc.boolean(),
    queueMs: instant(5),
    ttftMs: instant(800),
    gaps: fc.array(instant(60), { maxLength: 20 }),
    tokensPerRead: fc.constantFrom(1, 1, 2),
    tail: instant(3),
    outcome: fc.constantFrom('ok', 'ok', 'ok', 'ok', 'failed', 'abandoned', 'dropped', 'censored'),
    reason: fc.constantFrom('http-status', 'rate-limited', 'first-token-timeout', 'stream-cut', 'connection-refused'),
    status: fc.constantFrom(500, 503),
    hasInput: fc.boolean(),
    hasOutput: fc.boolean(),
    connectMs: fc.option(instant(20), { nil: undefined }),
  })
  .map(({ outcome, ...parts }): RequestRecord => {
    const sentMs = parts.dueMs + parts.queueMs;
    const firstMs = sentMs + parts.ttftMs;
    const lastMs = firstMs + parts.gaps.reduce((sum, gap) => sum + gap, 0);
    const base = {
      id: 0,
      stage: parts.isWarmup ? 'warmup' : 'steady',
      backend: 'demo',
      dueMs: parts.dueMs,
      outcome,
    };
    if (outcome === 'dropped') return base;
    const sent = {
      ...base,
      sentMs,
      endMs: lastMs + parts.tail,
      ...(parts.connectMs === undefined ? {} : { connectMs: parts.connectMs }),
    };
    if (outcome === 'failed')
      return { ...sent, reason: parts.reason, ...(parts.reason === 'http-status' ? { status: parts.status } : {}) };
    return {
      ...sent,
      firstMs,
      lastMs,
      reads: parts.gaps.length + 1,
      itlMs: parts.gaps,
      ...(parts.hasInput ? { inputTokens: 100 } : {}),
      ...(parts.hasOutput ? { outputTokens: (parts.gaps.length + 1) * parts.tokensPerRead } : {}),
    };
  });

const records = fc
  .array(anyRecord, { maxLength: 120 })
  .map((list) => list.map((record, index) => ({ ...record, id: record.stage === 'warmup' ? -1 - index : index })));

/** As the record's lines say it: to the microsecond. */
const us = (value: number): number => Math.round(value * 1000) / 1000;

function valuesOf(measured: readonly RequestRecord[]): Record<string, number[]> {
  const ok = measured.filter(({ outcome }) => outcome === 'ok');
  const each = (value: (record: RequestRecord) => number | undefined): number[] =>
    ok.map(value).filter((one) => one !== undefined);
  const at = (record: RequestRecord, key: 'sentMs' | 'firstMs' | 'lastMs'): number => us(record[key] as number);
  return {
    ttft: each((record) => at(record, 'firstMs') - at(record, 'sentMs')),
    ttftIntended: each((record) => at(record, 'firstMs') - us(record.dueMs)),
    e2e: each((record) => at(record, 'lastMs') - at(record, 'sentMs')),
    e2eIntended: each((record) => at(record, 'lastMs') - us(record.dueMs)),
    queue: each((record) => at(record, 'sentMs') - us(record.dueMs)),
    connect: each((record) => record.connectMs),
    itl: ok.flatMap((record) => record.itlMs ?? []),
    inputTokens: each((record) => record.inputTokens),
    outputTokens: each((record) => record.outputTokens),
    tokensPerRead: each((record) => record.outputTokens && record.outputTokens / (record.reads as number)),
    tpot: each((record) =>
      record.outputTokens === undefined || record.outputTokens < 2 || record.reads === 1
        ? undefined
        : (at(record, 'lastMs') - at(record, 'firstMs')) / (record.outputTokens - 1),
    ),
  };
}

function assertSample(metrics: MetricTable, key: string, values: readonly number[]): void {
  const summary = metrics[key];
  if (values.length === 0) return assert.equal(summary, undefined, `${key} is absent without values`);
  assert.ok(isSample(summary), key);
  const sorted = [...values].sort((left, right) => left - right);
  const near = (actual: number | undefined, expected: number, what: string): void =>
    assert.ok(
      actual !== undefined && Math.abs(actual - expected) <= 1e-6 + 1e-9 * Math.abs(expected),
      `${key} ${what}: ${actual}, brute force ${expected}`,
    );
  assert.equal(summary.count, values.length);
  assert.equal(summary.method, 'exact');
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  near(summary.mean, mean, 'mean');
  near(summary.min, sorted[0] as number, 'min');
  near(summary.max, sorted.at(-1) as number, 'max');
  if (values.length === 1) assert.equal(summary.stddev, undefined);
  else
    near(
      summary.stddev,
      Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)),
      'stddev',
    );
  for (const [name, thousandths] of Object.entries({ p50: 500, p75: 750, p90: 900, p95: 950, p99: 990, p999: 999 })) {
    const rank = Math.ceil((thousandths * values.length) / 1000);
    near(summary[name as 'p50'], sorted[rank - 1] as number, name);
  }
}

/** In flight at a moment, counted one by one. */
function levelAt(all: readonly RequestRecord[], atMs: number): number {
  return all.filter(({ sentMs, endMs }) => sentMs !== undefined && us(sentMs) <= atMs && atMs < us(endMs as number))
    .length;
}

test('whatever the records, the report says what brute force says', async () => {
  const plan = planOf({
    load: {
      stages: [stageOf({ until: { kind: 'time', durationMs: WINDOW_MS } })],
      overload: 'drop',
      drainMs: 1_000,
    },
    slas: [
      slaOf({
        kind: 'goodput',
        metric: 'goodput',
        comparison: '>',
        limit: 0.5,
        dimension: 'ratio',
        where: [{ metric: 'ttft', comparison: '<', limit: LIMIT_MS, dimension: 'duration' }],
      }),
    ],
  });
  const events = eventsOf(plan);
  await fc.assert(
    fc.asyncProperty(records, async (all) => {
      const report = await reportOf({ plan, records: all, events });
      const measured = all.filter(({ stage }) => stage !== 'warmup');
      const count = (is: (record: RequestRecord) => boolean): number => measured.filter(is).length;
      const isTimeout = ({ reason }: RequestRecord): boolean => reason === 'first-token-timeout';
      const failed = count((each) => each.outcome === 'failed');
      const timedOut = count((each) => each.outcome === 'failed' && isTimeout(each));
      const succeeded = count(({ outcome }) => outcome === 'ok');
      const { byReason, ...counts } = report.requests;
      assert.deepEqual(counts, {
        due: measured.length,
        sent: count(({ sentMs }) => sentMs !== undefined),
        succeeded,
        failed: failed - timedOut,
        timedOut,
        abandoned: count(({ outcome }) => outcome === 'abandoned'),
        dropped: count(({ outcome }) => outcome === 'dropped'),
        censored: count(({ outcome }) => outcome === 'censored'),
      });
      assert.equal(
        Object.values(byReason).reduce((sum, each) => sum + each, 0),
        failed,
      );
      assert.equal(report.warmup?.requests ?? 0, all.length - measured.length);

      for (const [key, values] of Object.entries(valuesOf(measured))) {
        assertSample(report.metrics, key, values);
        if (measured.length > 0) assertSample(report.stages[0]?.metrics ?? {}, key, values);
      }

      const value = (key: string): number | undefined => {
        const entry = report.metrics[key];
        return entry === undefined || isSample(entry) ? undefined : entry.value;
      };
      const same = (key: string, expected: number | undefined): void =>
        expected === undefined
          ? assert.equal(value(key), undefined, key)
          : assert.ok(
              Math.abs((value(key) ?? Number.NaN) - expected) <= 1e-9 * Math.max(1, expected),
              `${key}: ${value(key)}, brute force ${expected}`,
            );
      const ended = succeeded + failed;
      same('errorRate', ended === 0 ? undefined : failed / ended);
      same('timeoutRate', ended === 0 ? undefined : timedOut / ended);
      same('abnormalRate', ended === 0 ? undefined : count(({ reason }) => reason === 'stream-cut') / ended);
      const answerable = count(({ outcome }) => outcome !== 'abandoned');
      const good = count(
        (each) => each.outcome === 'ok' && us(each.firstMs as number) - us(each.sentMs as number) < LIMIT_MS,
      );
      same('goodput', answerable === 0 ? undefined : good / answerable);
      const windowMs = report.windowMs as number;
      assert.ok(windowMs >= WINDOW_MS);
      const hasSent = count(({ sentMs }) => sentMs !== undefined) > 0;
      same('requestThroughput', hasSent ? (succeeded * 1000) / windowMs : undefined);
      const secondOf = ({ dueMs }: RequestRecord): number => Math.floor(us(dueMs) / 1000);
      const seconds = [...new Set(measured.map(secondOf))];
      const up = seconds.filter((second) =>
        measured.some((each) => secondOf(each) === second && each.outcome !== 'failed'),
      );
      same('availability', seconds.length === 0 ? undefined : up.length / seconds.length);

      const area = all.reduce((sum, { sentMs, endMs }) => {
        const from = us(sentMs ?? WINDOW_MS);
        return sum + Math.max(0, Math.min(WINDOW_MS, us(endMs ?? 0)) - from);
      }, 0);
      same('concurrency', area / WINDOW_MS);
      const starts = all.flatMap(({ sentMs }) => (sentMs !== undefined && us(sentMs) < WINDOW_MS ? [us(sentMs)] : []));
      const peak = Math.max(0, ...starts.map((startMs) => levelAt(all, startMs)));
      assert.equal(report.stages[0]?.delivered.concurrencyPeak, peak);

      const total = (column: string): number =>
        (report.series.columns[column]?.values ?? []).reduce<number>((sum, each) => sum + (each ?? 0), 0);
      assert.ok(
        Math.abs(total('due') - all.length) < 1e-6 * Math.max(1, all.length),
        'every request stands in the series',
      );
    }),
    { numRuns: 150 },
  );
});
