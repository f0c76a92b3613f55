import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestRecord } from '../../../../src/contract/outcome.ts';
import type { RunPlan } from '../../../../src/contract/plan.ts';
import type { RunEventRecord } from '../../../../src/contract/record.ts';
import { isSample, type ReportData, type SampleSummary } from '../../../../src/contract/report.ts';
import { foldRecord } from '../../../../src/runner/measure/fold-record.ts';
import { failedRecord, okRecord, planOf, stageOf } from './example-run.ts';
import { eventsOf, fileTexts, reportOf, sourceOf, STARTED } from './example-record.ts';

function sampleOf(report: Pick<ReportData, 'metrics'>, key: string): SampleSummary {
  const summary = report.metrics[key];
  assert.ok(isSample(summary), `${key} is measured`);
  return summary;
}

function valueOf(report: Pick<ReportData, 'metrics'>, key: string): number | undefined {
  const entry = report.metrics[key];
  return entry === undefined || isSample(entry) ? undefined : entry.value;
}

/** One open-loop stage; requests come evenly and are answered by a server that does so many at a time, first come first served. */
function openLoop(asked: number, capacity: number, seconds: number): { plan: RunPlan; records: RequestRecord[] } {
  const plan = planOf({
    load: {
      stages: [
        stageOf({
          shape: { kind: 'open', arrivals: { kind: 'constant' }, rate: { kind: 'flat', ratePerSecond: asked } },
          until: { kind: 'time', durationMs: seconds * 1000 },
        }),
      ],
      overload: 'queue',
      drainMs: 60_000,
    },
  });
  let freeMs = 0;
  const records = Array.from({ length: asked * seconds }, (_, id) => {
    const dueMs = ((id + 0.5) * 1000) / asked;
    freeMs = Math.max(freeMs, dueMs) + 1000 / capacity;
    const lastMs = freeMs + 500;
    return okRecord(id, dueMs, {
      sentMs: dueMs,
      firstMs: lastMs - 200,
      lastMs,
      endMs: lastMs,
      itlMs: [200],
      reads: 2,
      outputTokens: 2,
    });
  });
  return { plan, records };
}

test('a server that keeps up shows the rate it was asked for', async () => {
  const report = await reportOf(openLoop(50, 500, 20));
  assert.equal(report.windowMs, 20_000);
  assert.equal(valueOf(report, 'requestThroughput'), 50);
  assert.equal(report.findings.length, 0);
});

test('an overloaded server shows its capacity, not the rate it was asked for', async () => {
  const report = await reportOf(openLoop(100, 50, 20));
  assert.equal(report.requests.succeeded, 2_000);
  const throughput = valueOf(report, 'requestThroughput') ?? 0;
  assert.ok(Math.abs(throughput - 50) < 1, `${throughput} req/s`);
  assert.equal(report.findings[0]?.code, 'saturation');
  assert.equal(report.validity.verdict, 'valid', 'a slow server does not make the measurement invalid');
});

test('a closed loop shows what its users got, also where answers end after the window', async () => {
  const users = 32;
  const plan = planOf({
    load: {
      stages: [stageOf({ shape: { kind: 'closed', users }, until: { kind: 'time', durationMs: 20_000 } })],
      overload: 'queue',
      drainMs: 60_000,
    },
  });
  // Each user sends the next request when the answer is there, after 1.6 s: 20 requests per second in all.
  const records = Array.from({ length: users * 13 }, (_, id) => {
    const dueMs = Math.floor(id / users) * 1_600;
    return okRecord(id, dueMs, { sentMs: dueMs, firstMs: dueMs + 100, lastMs: dueMs + 1_600, endMs: dueMs + 1_600 });
  });
  const report = await reportOf({ plan, records });
  assert.equal(valueOf(report, 'requestThroughput'), 20);
  assert.equal(report.stages[0]?.delivered.ksPValue, undefined);
  assert.deepEqual(report.stages[0]?.asked, { users });
});

test('a stage that follows another is not charged for its predecessor’s answers', async () => {
  const stage = (name: string) =>
    stageOf({ name, shape: { kind: 'closed', users: 10 }, until: { kind: 'time', durationMs: 10_000 } });
  const plan = planOf({ load: { stages: [stage('one'), stage('two')], overload: 'queue', drainMs: 0 } });
  const records = Array.from({ length: 10 * 13 }, (_, id) => {
    const dueMs = Math.floor(id / 10) * 1_600;
    const name = dueMs < 10_000 ? 'one' : 'two';
    return okRecord(id, dueMs, {
      stage: name,
      sentMs: dueMs,
      firstMs: dueMs + 1,
      lastMs: dueMs + 1_600,
      endMs: dueMs + 1_600,
    });
  });
  const report = await reportOf({ plan, records });
  for (const each of report.stages) assert.equal(valueOf(each, 'requestThroughput'), 6.25, each.name);
});

test('users who begin after an open loop do not wait for its answers', async () => {
  const open = stageOf({ name: 'open', until: { kind: 'time', durationMs: 10_000 } });
  const shape = { kind: 'closed', users: 10 } as const;
  const closed = stageOf({ name: 'closed', shape, until: { kind: 'time', durationMs: 10_000 } });
  const plan = planOf({ load: { stages: [open, closed], overload: 'queue', drainMs: 0 } });
  const slow = Array.from({ length: 100 }, (_, id) =>
    okRecord(id, id * 100, { stage: 'open', firstMs: 19_000, lastMs: 19_900, endMs: 19_900 }),
  );
  const answers = Array.from({ length: 10 * 10 }, (_, index) => {
    const dueMs = 10_000 + Math.floor(index / 10) * 1_000;
    return okRecord(100 + index, dueMs, {
      stage: 'closed',
      sentMs: dueMs,
      lastMs: dueMs + 1_000,
      endMs: dueMs + 1_000,
    });
  });
  const report = await reportOf({ plan, records: [...slow, ...answers] });
  assert.equal(valueOf(report.stages[1] as ReportData['stages'][number], 'requestThroughput'), 10);
});

test('stages are windows by when requests were due, and the run is all of them', async () => {
  const plan = planOf({
    load: {
      stages: [stageOf({ name: 'low' }), stageOf({ name: 'high' })],
      overload: 'queue',
      drainMs: 0,
    },
  });
  const records = [
    okRecord(1, 900, { stage: 'low', firstMs: 1_500, lastMs: 1_600, endMs: 1_600 }),
    okRecord(2, 1_100, { stage: 'high' }),
  ];
  const report = await reportOf({ plan, records });
  assert.deepEqual(
    report.stages.map(({ name, startedMs, endedMs, requests }) => [name, startedMs, endedMs, requests.due]),
    [
      ['low', 0, 1_000, 1],
      ['high', 1_000, 2_000, 1],
    ],
  );
  assert.equal(sampleOf(report.stages[0] as ReportData['stages'][number], 'ttft').max, 599);
  assert.equal(sampleOf(report, 'ttft').count, 2);
});

test('warm-up requests count nowhere, and are shown', async () => {
  const plan = planOf();
  const warm = Array.from({ length: 5 }, (_, index) =>
    okRecord(-1 - index, index, { stage: 'warmup', firstMs: 5_000, lastMs: 9_000, endMs: 9_000 }),
  );
  const failed = failedRecord(-9, 3, { stage: 'warmup' });
  const report = await reportOf({ plan, records: [...warm, failed, okRecord(1, 500)] });
  assert.deepEqual(report.warmup, { requests: 6, failed: 1 });
  assert.equal(report.requests.due, 1);
  assert.equal(sampleOf(report, 'ttft').max, 100);
  assert.deepEqual(report.requests.byReason, {});
  assert.equal(valueOf(report, 'outputThroughput'), 11);
});

test('an answer of one token has no time per token, and nothing is 0 instead of absent', async () => {
  const plan = planOf();
  const one = okRecord(1, 10, { outputTokens: 1, reads: 1, itlMs: [], lastMs: 111 });
  const split = okRecord(2, 20, { outputTokens: 1, reads: 2, itlMs: [5] });
  const report = await reportOf({ plan, records: [one, split] });
  assert.equal('tpot' in report.metrics, false);
  assert.equal('throughputPerUser' in report.metrics, false);
  assert.equal('goodput' in report.metrics, false, 'no limit is declared');
  const { inputTokens, outputTokens, itlMs, reads, ...bare } = okRecord(1, 10);
  assert.ok(inputTokens && outputTokens && itlMs && reads);
  const uncounted = await reportOf({ plan, records: [bare] });
  for (const key of ['itl', 'outputTokens', 'tokensPerRead', 'outputThroughput', 'inputThroughput', 'totalThroughput'])
    assert.equal(key in uncounted.metrics, false, key);
  assert.ok(uncounted.validity.reasons.some(({ code }) => code === 'tokens-uncounted'));
});

test('a run of which nothing succeeded has a report that says so', async () => {
  const report = await reportOf({
    plan: planOf(),
    records: [failedRecord(1, 10, { detail: 'overloaded' }), failedRecord(2, 20)],
  });
  assert.equal(report.run.outcome, 'failed');
  assert.equal(report.run.exitCode, 1);
  assert.equal('ttft' in report.metrics, false);
  assert.equal(valueOf(report, 'requestThroughput'), 0);
  assert.deepEqual(report.failures, [
    { reason: 'http-status 503', class: 'http', count: 2, firstAtMs: 61, detail: 'overloaded' },
  ]);
  assert.equal(report.findings[0]?.severity, 'critical');
});

test('requests cut while running widen the upper bounds, up to none at all', async () => {
  const answers = Array.from({ length: 500 }, (_, id) => okRecord(id, id));
  const cut = (count: number): RequestRecord[] =>
    Array.from({ length: count }, (_, index) => ({
      id: 1_000 + index,
      stage: 'steady',
      backend: 'demo',
      dueMs: 900,
      sentMs: 901,
      endMs: 5_000,
      outcome: 'censored' as const,
    }));
  const calm = await reportOf({ plan: planOf(), records: answers });
  assert.notEqual(sampleOf(calm, 'ttft').ci['p95']?.upper, undefined);
  const censored = await reportOf({ plan: planOf(), records: [...answers, ...cut(60)] });
  assert.equal(censored.requests.censored, 60);
  assert.equal(sampleOf(censored, 'ttft').count, 500);
  assert.equal(sampleOf(censored, 'ttft').ci['p95']?.upper, undefined);
  const errorRate = censored.metrics['errorRate'];
  assert.ok(errorRate !== undefined && !isSample(errorRate));
  assert.ok((errorRate.ci?.upper ?? 0) > 0.1, 'any of them could have failed');
});

test('too many values to keep become a histogram, within a thousandth', async () => {
  const perRequest = 700;
  const count = 400;
  const gaps = (id: number): number[] =>
    Array.from({ length: perRequest }, (_, index) => 10 + ((id * perRequest + index) % 9_973) / 100);
  const records = Array.from({ length: count }, (_, id) =>
    okRecord(id, id * 2, { outputTokens: perRequest + 1, reads: perRequest + 1, itlMs: gaps(id) }),
  );
  const itl = sampleOf(await reportOf({ plan: planOf(), records }), 'itl');
  const sorted = Array.from({ length: count }, (_, id) => gaps(id))
    .flat()
    .sort((left, right) => left - right);
  assert.equal(itl.method, 'histogram');
  assert.equal(itl.count, count * perRequest);
  assert.equal(itl.skewness, undefined, 'not known without the values');
  for (const [key, quantile] of [
    ['p50', 0.5],
    ['p90', 0.9],
    ['p99', 0.99],
  ] as const) {
    const exact = sorted[Math.ceil(quantile * sorted.length) - 1] as number;
    assert.ok(Math.abs(itl[key] / exact - 1) <= 0.001, `${key}: ${itl[key]}, exactly ${exact}`);
  }
});

test('wherever a record is torn, it is reported: what is whole counts, what is not is counted', async () => {
  const plan = planOf();
  const example = {
    plan,
    records: [okRecord(1, 10), okRecord(2, 20), failedRecord(3, 30, { detail: 'zu viele Anfragen — später' })],
  };
  const files = fileTexts(example);
  const whole = new TextEncoder().encode(files['requests.jsonl']);
  const text = new TextDecoder();
  const lastLineAt = text.decode(whole).trimEnd().lastIndexOf('\n') + 1;
  for (let cut = lastLineAt; cut <= whole.length; cut++) {
    const source = sourceOf(files);
    const torn = {
      ...source,
      async *readChunks(name: string) {
        yield* name === 'requests.jsonl' ? [whole.slice(0, cut)] : source.readChunks(name);
      },
    };
    const { report } = await foldRecord(torn);
    const isWhole = cut >= whole.length - 1;
    assert.equal(report.requests.due, isWhole ? 3 : 2, `cut at ${cut}`);
    assert.equal(report.run.torn, undefined, 'the run ended');
    const isCounted = report.validity.reasons.some(({ code }) => code === 'record-unreadable');
    assert.equal(isCounted, cut > lastLineAt && !isWhole, `cut at ${cut}`);
  }
});

test('a killed run is reported as far as it got', async () => {
  const plan = planOf({
    load: { stages: [stageOf({ until: { kind: 'time', durationMs: 60_000 } })], overload: 'queue', drainMs: 0 },
  });
  const events = eventsOf(plan).filter(({ type }) => type === 'run.started' || type === 'stage.started');
  const records = Array.from({ length: 100 }, (_, id) => okRecord(id, id * 100));
  const report = await reportOf({ plan, records, events });
  assert.equal(report.run.torn, true);
  assert.equal(report.run.outcome, 'aborted');
  assert.equal(report.run.exitCode, 3);
  assert.equal(report.run.error?.code, 'RUN_INTERRUPTED');
  assert.ok(report.stages[0] !== undefined && report.stages[0].endedMs < 10_500, 'no longer than what was seen');
  assert.equal(sampleOf(report, 'ttft').count, 100);
  assert.ok(report.validity.reasons.some(({ code }) => code === 'record-torn'));
});

test('events that were lost leave the stages to the requests', async () => {
  const plan = planOf();
  const events: readonly RunEventRecord[] = [STARTED];
  const report = await reportOf({ plan, records: [okRecord(1, 100), okRecord(2, 900)], events });
  assert.equal(report.stages[0]?.requests.due, 2);
  assert.equal(report.stages[0]?.startedMs, 100);
});

test('a directory without a plan, or without a beginning, is refused by name', async () => {
  const files = fileTexts({ plan: planOf(), records: [] });
  const refused = { code: 'RUN_RECORD_UNREADABLE', message: /\/results\/one/ };
  await assert.rejects(foldRecord(sourceOf({})), refused);
  await assert.rejects(foldRecord(sourceOf({ ...files, 'plan.json': '{"schema":' })), refused);
  await assert.rejects(foldRecord(sourceOf({ ...files, 'plan.json': '{"schema":"other@1"}' })), refused);
  await assert.rejects(foldRecord(sourceOf({ ...files, 'events.jsonl': '' })), refused);
});

test('a run that was stopped ends its stage there', async () => {
  const plan = planOf({
    load: {
      stages: [stageOf({ until: { kind: 'time', durationMs: 10_000 } }), stageOf({ name: 'never' })],
      overload: 'queue',
      drainMs: 0,
    },
  });
  const [started, stage, generator] = eventsOf(plan) as [RunEventRecord, RunEventRecord, RunEventRecord];
  const stopping = { type: 'stopping', atMs: 2_000, why: 'user-stop', message: 'Stopped by you.' } as const;
  const ended = { type: 'run.ended', atMs: 3_000, endedAt: '2026-11-21T10:00:03.000Z' } as const;
  const report = await reportOf({
    plan,
    records: [okRecord(1, 100)],
    events: [started, stage, generator, stopping, ended],
  });
  assert.equal(report.run.outcome, 'aborted');
  assert.deepEqual(report.run.error, { code: 'RUN_INTERRUPTED', message: 'Stopped by you.', exitCode: 3 });
  assert.deepEqual(
    report.stages.map(({ name, endedMs }) => [name, endedMs]),
    [['steady', 2_000]],
  );
});

test('token counts of server and tokenizer that differ are a finding, and so are reads of several tokens', async () => {
  const records = Array.from({ length: 50 }, (_, id) => okRecord(id, id * 20, { countedOutputTokens: 12, reads: 5 }));
  const codes = (await reportOf({ plan: planOf(), records })).findings.map(({ code }) => code);
  assert.deepEqual(codes, ['token-mismatch', 'several-tokens-per-read']);
  const agreeing = Array.from({ length: 50 }, (_, id) => okRecord(id, id * 20, { countedOutputTokens: 11 }));
  assert.deepEqual((await reportOf({ plan: planOf(), records: agreeing })).findings, []);
});

test('the series counts each thing when it happened', async () => {
  const plan = planOf({
    load: { stages: [stageOf({ until: { kind: 'time', durationMs: 3_000 } })], overload: 'queue', drainMs: 0 },
  });
  const record = okRecord(1, 900, {
    sentMs: 901,
    firstMs: 1_950,
    lastMs: 2_150,
    endMs: 2_151,
    itlMs: [100, 100],
    reads: 3,
    outputTokens: 3,
  });
  const { series } = await reportOf({
    plan,
    records: [record, failedRecord(2, 1_000)],
    monitors: [{ monitor: 'host', device: '', atMs: 1_500, values: { cpu: 0.5 } }],
  });
  const column = (name: string) => series.columns[name]?.values.slice(0, 3);
  assert.equal(series.binMs, 1_000);
  assert.deepEqual(column('asked'), [10, 10, 10]);
  assert.deepEqual(column('due'), [1, 1, 0]);
  assert.deepEqual(column('sent'), [1, 1, 0]);
  assert.deepEqual(column('failed'), [0, 1, 0]);
  assert.deepEqual(column('succeeded'), [0, 0, 1]);
  assert.deepEqual(column('outputThroughput'), [0, 1, 2]);
  assert.deepEqual(column('ttftP50'), [null, 1_049, null]);
  assert.deepEqual(column('itlP99'), [null, null, 100]);
  assert.deepEqual(column('host.cpu'), [null, 0.5, null]);
});

test('monitors are summarised within the measured window', async () => {
  const plan = planOf({
    monitors: [
      { name: 'host', location: planOf().source.location, source: 'system', everyMs: 1_000, alerts: [], options: {} },
    ],
  });
  const sample = (atMs: number, cpu: number) => ({ monitor: 'host', device: '', atMs, values: { cpu } });
  const events = eventsOf(plan, { startMs: 1_000 });
  const monitors = [sample(500, 1), sample(1_200, 0.2), sample(1_800, 0.4), sample(2_500, 1)];
  const report = await reportOf({ plan, records: [okRecord(1, 1_100)], events, monitors });
  assert.deepEqual(report.monitors['host'], [
    { series: 'cpu', device: '', unit: 'ratio', count: 2, mean: 0.3, min: 0.2, max: 0.4, p95: 0.4, last: 1 },
  ]);
});

test('of a rate that was changed while the run went on, the changed one was asked for', async () => {
  const { plan, records } = openLoop(50, 500, 10);
  // Ten seconds: four as planned, six at twice the rate, sent as they should be.
  const changed = [
    ...records.filter(({ dueMs }) => dueMs < 4_000),
    ...Array.from({ length: 600 }, (_, index) =>
      okRecord(200 + index, 4_005 + 10 * index, { sentMs: 4_005 + 10 * index }),
    ),
  ];
  const events: RunEventRecord[] = [...eventsOf(plan), { type: 'rate.changed', atMs: 4_000, factor: 2 }];
  const report = await reportOf({ plan, records: changed, events });
  const [stage] = report.stages;
  assert.deepEqual(stage?.asked, { ratePerSecond: 80, changes: [{ atMs: 4_000, factor: 2 }] });
  assert.equal(stage?.delivered.ratePerSecond, 80);
  assert.ok((stage?.delivered.dispersion?.ratio ?? 1) < 0.01, 'as even as the changed rate wants it');
  assert.deepEqual(report.series.columns['asked']?.values.slice(3, 6), [50, 100, 100]);
  // Without the event the same record is not what was asked for.
  const silent = await reportOf({ plan, records: changed, events: eventsOf(plan) });
  assert.ok((silent.stages[0]?.delivered.dispersion?.ratio ?? 0) > 0.01);
});

test('conversations: arrivals are compared with the schedule, and what became of them is counted', async () => {
  const { plan } = openLoop(10, 500, 10);
  const turnOf = (session: number, turn: number, changes: Partial<RequestRecord> = {}): RequestRecord => {
    const dueMs = 50 + 100 * session + 600 * (turn - 1);
    return okRecord(session + (turn - 1) * 1_000_000_000, dueMs, {
      sentMs: dueMs,
      session: String(session),
      turn,
      turns: 3,
      inputTokens: 100 * turn,
      ...changes,
    });
  };
  const records = Array.from({ length: 100 }, (_, session) => {
    if (session === 5) return [turnOf(5, 1), turnOf(5, 2, { outcome: 'failed', reason: 'rate-limited' })];
    if (session === 99) return [turnOf(99, 1)];
    return [turnOf(session, 1), turnOf(session, 2), turnOf(session, 3)];
  }).flat();
  const { sessions, stages, requests } = await reportOf({ plan, records });
  assert.deepEqual(
    {
      ...sessions,
      byTurn: sessions?.byTurn.map(({ turn, requests: count, succeeded, inputTokensMean }) => [
        turn,
        count,
        succeeded,
        inputTokensMean,
      ]),
    },
    {
      begun: 100,
      completed: 98,
      brokenOff: 1,
      unfinished: 1,
      byTurn: [
        [1, 100, 100, 100],
        [2, 99, 98, 200],
        [3, 98, 98, 300],
      ],
    },
  );
  assert.equal(requests.due, 297);
  assert.equal(stages[0]?.asked.ratePerSecond, 10);
  assert.equal(stages[0]?.delivered.ratePerSecond, 10);
});

test('a name that led to several addresses is told with each of them and its time, once', async () => {
  const addressed = (seen: readonly (readonly [atMs: number, address: string])[]) => [
    ...eventsOf(planOf()),
    ...seen.map(([atMs, address]): RunEventRecord => ({ type: 'server.address', atMs, address })),
  ];
  const findingOf = async (events: readonly RunEventRecord[]) =>
    (await reportOf({ plan: planOf(), records: [okRecord(0, 10)], events })).findings.find(
      ({ code }) => code === 'several-addresses',
    );
  assert.equal(await findingOf(addressed([[5, '10.0.0.1']])), undefined, 'one address is nothing to tell');
  const found = await findingOf(
    addressed([
      [5, '10.0.0.1'],
      [1_500, '10.0.0.2'],
      [1_900, '10.0.0.1'],
    ]),
  );
  assert.match(found?.title ?? '', /led to 2 addresses$/);
  assert.match(found?.evidence[0] ?? '', /10\.0\.0\.1 \(first 5 ms into the run\), 10\.0\.0\.2 \(first 1\.5 s into/);
});
