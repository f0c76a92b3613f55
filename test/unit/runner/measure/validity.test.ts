import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FailureReason, RequestRecord } from '../../../../src/contract/outcome.ts';
import type { Arrivals, LoadPlan } from '../../../../src/contract/plan.ts';
import type { GeneratorSample, RunEventRecord } from '../../../../src/contract/record.ts';
import type { ReportData, ValidityReason } from '../../../../src/contract/report.ts';
import { createRandom } from '../../../../src/runner/platform/random.ts';
import { failedRecord, okRecord, planOf, stageOf } from './example-run.ts';
import { CALM, eventsOf, reportOf } from './example-record.ts';

const SECONDS = 20;

function planFor(arrivals: Arrivals, ratePerSecond: number, load: Partial<LoadPlan> = {}) {
  return planOf({
    load: {
      stages: [
        stageOf({
          shape: { kind: 'open', arrivals, rate: { kind: 'flat', ratePerSecond } },
          until: { kind: 'time', durationMs: SECONDS * 1000 },
        }),
      ],
      overload: 'queue',
      drainMs: 0,
      ...load,
    },
  });
}

const constant: Arrivals = { kind: 'constant' };
const poisson: Arrivals = { kind: 'poisson' };

function evenly(
  ratePerSecond: number,
  over: (dueMs: number, id: number) => Partial<RequestRecord> = () => ({}),
): RequestRecord[] {
  return Array.from({ length: ratePerSecond * SECONDS }, (_, id) => {
    const dueMs = ((id + 0.5) * 1000) / ratePerSecond;
    return okRecord(id, dueMs, over(dueMs, id));
  });
}

function randomly(ratePerSecond: number, seed: number): RequestRecord[] {
  const random = createRandom(seed, 'arrivals');
  const records: RequestRecord[] = [];
  for (let dueMs = 0, id = 0; ; id++) {
    dueMs += (-Math.log(1 - random()) * 1000) / ratePerSecond;
    if (dueMs >= SECONDS * 1000) return records;
    records.push(okRecord(id, dueMs));
  }
}

const codes = ({ validity }: ReportData): string[] =>
  validity.reasons.map(({ code, severity }) => `${code} ${severity}`);

async function withSample(sample: Partial<GeneratorSample>): Promise<string[]> {
  const plan = planFor(constant, 50);
  return codes(
    await reportOf({ plan, records: evenly(50), events: eventsOf(plan, { sample: { ...CALM, ...sample } }) }),
  );
}

test('a calm generator that delivered its load is valid', async () => {
  for (const [arrivals, records] of [
    [constant, evenly(50)],
    [poisson, randomly(50, 7)],
  ] as const) {
    const report = await reportOf({ plan: planFor(arrivals, 50), records });
    assert.deepEqual([report.validity.verdict, codes(report)], ['valid', []], arrivals.kind);
  }
});

test('each doubt in the generator has its code and its severity', async () => {
  assert.deepEqual(await withSample({ loopLagMsP99: 50 }), ['loop-lag suspect']);
  assert.deepEqual(await withSample({ loopLagMsP99: 500 }), ['loop-lag invalid']);
  assert.deepEqual(await withSample({ cpuRatio: 0.95 }), ['generator-cpu suspect']);
  assert.deepEqual(await withSample({ cpuRatio: 1 }), ['generator-cpu invalid']);
  assert.deepEqual(await withSample({ gcPauseMsMax: 80 }), ['gc-pauses suspect']);
});

test('how late requests left is asked of all of them, not of the worst second', async () => {
  const lagging = (share: number, over: (lagMs: number) => Partial<RequestRecord>): RequestRecord[] =>
    evenly(50, (dueMs, id) =>
      id % 100 < share ? { sentMs: dueMs + 50, firstMs: dueMs + 150, endMs: dueMs + 400, ...over(50) } : {},
    );
  const plan = planFor(constant, 50);
  const asked = async (records: readonly RequestRecord[]): Promise<ReportData> => reportOf({ plan, records });
  const lagCodes = async (records: readonly RequestRecord[]): Promise<string[]> =>
    codes(await asked(records)).filter((code) => code.startsWith('schedule-lag'));
  assert.deepEqual(await lagCodes(lagging(1, () => ({}))), [], '1 % is beyond the 99th percentile');
  const two = await asked(lagging(2, () => ({})));
  assert.ok(codes(two).includes('schedule-lag suspect'));
  assert.ok(Math.abs((two.validity.generator.scheduleLagMsP99 ?? 0) - 50) < 0.05);
  assert.deepEqual(await lagCodes(lagging(50, (heldMs) => ({ heldMs }))), [], 'held by the declared limit');
  assert.deepEqual(await lagCodes(lagging(50, (connectMs) => ({ connectMs }))), [], 'a connection had to be opened');
  assert.deepEqual(await lagCodes(lagging(50, () => ({ resends: 1 }))), [], 'sent again');
});

test('one request that leaves a moment after its short stage is over makes nothing invalid', async () => {
  const plan = planOf({
    load: {
      stages: [
        stageOf({
          shape: { kind: 'open', arrivals: constant, rate: { kind: 'flat', ratePerSecond: 4 } },
          until: { kind: 'time', durationMs: 1_000 },
        }),
      ],
      overload: 'queue',
      drainMs: 0,
    },
  });
  const records = [0, 333, 666, 999.9].map((dueMs, id) => okRecord(id, dueMs, { sentMs: dueMs + 0.4 }));
  const report = await reportOf({ plan, records });
  assert.deepEqual(codes(report), ['sample-small suspect']);
  assert.equal(report.stages[0]?.delivered.ratePerSecond, 4);
});

test('prompts that come out of the server’s prefix cache, though fresh ones were asked for', async () => {
  const plan = planFor(constant, 50);
  const cached = (cachedTokens: number) => evenly(50, () => ({ inputTokens: 1_000, cachedTokens }));
  const of = async (records: readonly RequestRecord[], dataset: Partial<typeof plan.dataset> = {}) =>
    codes(await reportOf({ plan: { ...plan, dataset: { ...plan.dataset, freshPrefix: true, ...dataset } }, records }));
  assert.deepEqual(await of(cached(992)), ['prefix-cache suspect']);
  assert.deepEqual(await of(cached(64)), [], 'words of the chat template, in whole blocks');
  assert.deepEqual(await of(cached(992), { freshPrefix: false }), [], 'sent as they are');
  assert.deepEqual(await of(cached(992), { options: { sharedPrefixRatio: 0.5 } }), [], 'the prefix is the experiment');
  assert.deepEqual(await of(cached(992), { options: { turns: 'all' } }), [], 'later turns repeat the earlier ones');
});

test('one bad second of a long run is no doubt, a bad second in ten is', async () => {
  const plan = planFor(constant, 50);
  const seconds = (bad: number): readonly RunEventRecord[] => [
    ...eventsOf(plan).filter(({ type }) => type !== 'generator'),
    ...Array.from({ length: 100 }, (_, index): RunEventRecord => ({
      type: 'generator',
      atMs: 100 + index * 190,
      sample: { ...CALM, loopLagMsP99: index < bad ? 500 : 1 },
    })),
  ];
  const one = await reportOf({ plan, records: evenly(50), events: seconds(1) });
  assert.equal(one.validity.verdict, 'valid');
  const ten = await reportOf({ plan, records: evenly(50), events: seconds(10) });
  assert.equal(ten.validity.verdict, 'invalid');
});

test('what the generator does during warm-up is not held against the measured window', async () => {
  const plan = planFor(constant, 50);
  const shifted = eventsOf(plan, { startMs: 5_000 });
  const noisy: RunEventRecord = { type: 'generator', atMs: 2_000, sample: { ...CALM, loopLagMsP99: 900 } };
  const records = evenly(50).map((each) => okRecord(each.id, each.dueMs + 5_000));
  assert.deepEqual(codes(await reportOf({ plan, records, events: [...shifted, noisy] })), []);
});

test('a step of the wall clock is seen, a slow drift is not a step', async () => {
  const plan = planFor(constant, 50);
  const skews = (values: readonly number[]): readonly RunEventRecord[] => [
    ...eventsOf(plan).filter(({ type }) => type !== 'generator'),
    ...values.map((clockSkewMs, index): RunEventRecord => ({
      type: 'generator',
      atMs: 1_000 + index * 1_000,
      sample: { ...CALM, clockSkewMs },
    })),
  ];
  const stepped = await reportOf({ plan, records: evenly(50), events: skews([0, 0, -2_000, -2_000]) });
  assert.deepEqual(codes(stepped), ['clock-step suspect']);
  assert.equal(stepped.validity.generator.clockSkewMs, -2_000);
  const drifting = skews(Array.from({ length: 15 }, (_, index) => index * 20));
  assert.deepEqual(codes(await reportOf({ plan, records: evenly(50), events: drifting })), []);
});

test('requests that were due and not sent in their stage', async () => {
  const late = (share: number) =>
    evenly(50, (_, id) => (id % 100 < share ? { sentMs: 25_000, firstMs: 25_100, lastMs: 25_300, endMs: 25_301 } : {}));
  assert.ok(codes(await reportOf({ plan: planFor(constant, 50), records: late(5) })).includes('rate-short suspect'));
  assert.ok(codes(await reportOf({ plan: planFor(constant, 50), records: late(20) })).includes('rate-short invalid'));
});

test('"constant" that is random, and "poisson" that is even, are found out', async () => {
  const random = await reportOf({ plan: planFor(constant, 50), records: randomly(50, 3) });
  assert.ok(codes(random).includes('arrival-distribution invalid'));
  assert.ok((random.stages[0]?.delivered.dispersion?.ratio ?? 0) > 0.75);
  const even = await reportOf({ plan: planFor(poisson, 50), records: evenly(50) });
  assert.ok(codes(even).includes('arrival-distribution invalid'));
  assert.ok((even.stages[0]?.delivered.ksPValue ?? 1) < 1e-6);
});

test('a rate that changes is tested by what it asks for at each moment', async () => {
  const stage = stageOf({
    shape: { kind: 'open', arrivals: poisson, rate: { kind: 'ramp', fromPerSecond: 10, toPerSecond: 90 } },
    until: { kind: 'time', durationMs: SECONDS * 1000 },
  });
  const plan = planOf({ load: { stages: [stage], overload: 'queue', drainMs: 0 } });
  const random = createRandom(5, 'ramp');
  const ramped: RequestRecord[] = [];
  // Inverse of the ramp's integral 10·t + 2·t² (t in seconds).
  for (let position = -Math.log(1 - random()); ; position -= Math.log(1 - random())) {
    const seconds = (-10 + Math.sqrt(100 + 8 * position)) / 4;
    if (seconds >= SECONDS) break;
    ramped.push(okRecord(ramped.length, seconds * 1000));
  }
  const report = await reportOf({ plan, records: ramped });
  assert.deepEqual(codes(report), []);
  assert.equal(report.stages[0]?.asked.ratePerSecond, 50);
  assert.ok((report.stages[0]?.delivered.ksPValue ?? 0) > 0.01);
  const flat = await reportOf({ plan, records: randomly(50, 11) });
  assert.ok(codes(flat).some((code) => code.startsWith('arrival-distribution')));
});

test('more in flight than declared is invalid; as many as declared is the scenario’s own limit', async () => {
  const slow = evenly(50, (dueMs) => ({ firstMs: dueMs + 900, lastMs: dueMs + 1_000, endMs: dueMs + 1_000 }));
  const over = await reportOf({ plan: planFor(constant, 50, { inFlightLimit: 20 }), records: slow });
  assert.ok(codes(over).includes('in-flight-limit invalid'));
  const held = evenly(50, (dueMs, id) => {
    const sentMs = Math.max(dueMs, Math.floor(id / 10) * 1_000);
    const heldMs = sentMs - dueMs;
    return {
      ...(heldMs > 0 ? { heldMs } : {}),
      sentMs,
      firstMs: sentMs + 700,
      lastMs: sentMs + 790,
      endMs: sentMs + 790,
    };
  });
  const limited = await reportOf({ plan: planFor(constant, 50, { inFlightLimit: 10 }), records: held });
  assert.deepEqual(codes(limited), [], 'a slow server behind a limit is not the generator’s fault');
  assert.ok(limited.findings.some(({ code }) => code === 'in-flight-limit-reached'));
});

test('a server that is slow, refuses or fails does not make the measurement invalid', async () => {
  const failing = evenly(50).map(({ id, dueMs }) => {
    const kind = id % 4;
    if (kind === 0)
      return failedRecord(id, dueMs, { sentMs: dueMs, endMs: dueMs + 20_000, reason: 'first-token-timeout' });
    if (kind === 1) {
      const { sentMs, ...refused } = failedRecord(id, dueMs, { reason: 'connection-refused' });
      assert.ok(sentMs);
      return refused;
    }
    return okRecord(id, dueMs, { firstMs: dueMs + 15_000, lastMs: dueMs + 19_000, endMs: dueMs + 19_000 });
  });
  const report = await reportOf({ plan: planFor(constant, 50), records: failing });
  assert.deepEqual([report.validity.verdict, codes(report)], ['valid', []]);
});

test('one request of thousands that failed in the generator makes the run invalid, and the reason says what to do', async () => {
  const plan = planFor(constant, 100);
  const endedBy = async (reason: FailureReason): Promise<readonly ValidityReason[]> => {
    const records = evenly(100).map((each) => (each.id === 7 ? failedRecord(each.id, each.dueMs, { reason }) : each));
    return (await reportOf({ plan, records })).validity.reasons;
  };
  for (const [reason, remedy] of [
    ['out-of-sockets', /1 of 2000 requests failed in the generator \(out-of-sockets\)\..*`ulimit -n`.*ephemeral ports/],
    ['internal', /1 of 2000 requests failed in the generator \(internal\)\..*run\.log/],
  ] as const) {
    const [only, ...others] = await endedBy(reason);
    assert.deepEqual(others, []);
    assert.deepEqual([only?.code, only?.severity], ['generator-failures', 'invalid']);
    assert.match(only?.message ?? '', remedy);
  }
  assert.deepEqual(await endedBy('connection-refused'), [], 'that is the server’s');
});

test('a burst of connections at the beginning is a doubt, a server that closes every connection is not', async () => {
  const plan = planFor(constant, 50);
  const burst = evenly(50, (dueMs) => (dueMs < 1_000 ? { connectMs: 40 } : {}));
  assert.deepEqual(codes(await reportOf({ plan, records: burst })), ['connections-in-window suspect']);
  assert.deepEqual(codes(await reportOf({ plan, records: evenly(50, () => ({ connectMs: 40 })) })), []);
  const quick = evenly(50, (dueMs) => (dueMs < 1_000 ? { connectMs: 0.3 } : {}));
  assert.deepEqual(
    codes(await reportOf({ plan, records: quick })),
    [],
    'connections on the machine itself cost nothing',
  );
});

test('answers longer than asked for are a doubt, of the server’s limit or of its usage figures, and one of thousands is none', async () => {
  const plan = planFor(constant, 50);
  const told = (outputTokens: number): RequestRecord[] =>
    evenly(50, (_, id) => ({
      askedOutputTokens: 20,
      outputTokens: id === 3 ? outputTokens : 20,
      tokenSource: 'usage',
    }));
  const { validity } = await reportOf({ plan, records: told(100_000) });
  assert.deepEqual(codes({ validity } as ReportData), ['tokens-beyond-asked suspect']);
  assert.match(
    validity.reasons[0]?.message ?? '',
    /^1 of 1000 answers had 99980 more output tokens .* 83\.3 % of all\./,
  );
  assert.deepEqual(codes(await reportOf({ plan, records: told(60) })), []);
});

test('a run that measured nothing is no valid one, nor one of which nothing succeeded', async () => {
  const nothing = await reportOf({ plan: planFor(constant, 50), records: [] });
  assert.deepEqual(codes(nothing), ['sample-small suspect']);
  assert.match(nothing.validity.reasons[0]?.message ?? '', /^Nothing was measured\./);
  const records = [failedRecord(1, 10, { sentMs: 10, endMs: 20, reason: 'connection-reset' })];
  const failed = await reportOf({ plan: planOf(), records });
  assert.match(failed.validity.reasons.at(-1)?.message ?? '', /^No request succeeded\./);
});

test('few answers, cut requests, a late simulator, a dead worker, an unobserved generator', async () => {
  const plan = planFor(constant, 50);
  assert.ok(codes(await reportOf({ plan: planOf(), records: [okRecord(1, 10)] })).includes('sample-small suspect'));
  const cut = evenly(50).map((each) =>
    each.id % 50 === 0
      ? ({
          id: each.id,
          stage: 'steady',
          backend: 'demo',
          dueMs: each.dueMs,
          sentMs: each.dueMs,
          endMs: 20_500,
          outcome: 'censored',
        } as const)
      : each,
  );
  assert.deepEqual(codes(await reportOf({ plan, records: cut })), ['censored suspect']);
  const events = eventsOf(plan);
  const late: RunEventRecord = { type: 'server.late', atMs: 10_000, latenessMsP99: 12, latenessMsMax: 40 };
  assert.deepEqual(codes(await reportOf({ plan, records: evenly(50), events: [...events, late] })), [
    'server-late suspect',
  ]);
  const died: RunEventRecord = { type: 'stopping', atMs: 20_000, why: 'worker-died', message: 'Worker 1 ended.' };
  const dead = await reportOf({ plan, records: evenly(50), events: [...events, died] });
  assert.ok(codes(dead).includes('worker-died invalid'));
  assert.deepEqual([dead.run.outcome, dead.run.exitCode], ['error', 3]);
  const blind = events.filter(({ type }) => type !== 'generator');
  assert.deepEqual(codes(await reportOf({ plan, records: evenly(50), events: blind })), [
    'generator-unobserved suspect',
  ]);
});
