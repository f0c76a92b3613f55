/** A made-up but plausible run, as the messages a dashboard would hear: warm-up, two stages, a slow patch, some failures. */
import type { DashboardHeader, ToDashboard } from '../../src/contract/protocol/webview.ts';
import type { PartReport, SampleSummary, SlaResult } from '../../src/contract/report.ts';
import type { Snapshot } from '../../src/contract/snapshot.ts';
import { makeSnapshot } from './make-snapshot.ts';

export const STORY_HEADER: DashboardHeader = {
  benchmark: 'quickstart',
  file: '/home/ada/bench/quickstart.bench',
  backend: 'demo (simulator)',
  dataset: 'prompts (random)',
  warmup: { requests: 60 },
  stages: [
    { name: 'steady', durationMs: 60_000, requests: 3000 },
    { name: 'ramp', durationMs: 90_000, requests: 6750 },
  ],
  slas: [
    sla('ttft p95 < 500 ms', 18, 'ttft', 500, 'ms', '<', 'p95'),
    sla('itl p95 < 40 ms', 19, 'itl', 40, 'ms', '<', 'p95'),
    sla('error-rate < 1 %', 20, 'error-rate', 0.01, 'ratio', '<'),
    sla('goodput > 95 % where ttft < 400 ms and e2e < 5 s', 21, 'goodput', 0.95, 'ratio', '>'),
  ],
  monitors: ['host'],
};

function sla(
  text: string,
  line: number,
  metric: string,
  limit: number,
  unit: string,
  comparison: string,
  statistic?: string,
): DashboardHeader['slas'][number] {
  return { text, line, metric, limit, unit, comparison, ...(statistic === undefined ? {} : { statistic }) };
}

const WARMUP_SECONDS = 4;

/** Noise that is the same each time. */
function wobble(at: number, salt: number): number {
  const value = Math.sin(at * 12.9898 + salt * 78.233) * 43758.5453;
  return (value - Math.floor(value)) * 2 - 1;
}

/** The first `seconds` of the run, four snapshots each. */
export function storySnapshots(seconds: number, failing = true): readonly Snapshot[] {
  const total = { due: 0, sent: 0, ok: 0, failed: 0, dropped: 0, outputTokens: 0, inputTokens: 0 };
  return Array.from({ length: seconds * 4 }, (_, index): Snapshot => {
    const at = (index + 1) / 4;
    const isWarmup = at <= WARMUP_SECONDS;
    const inRamp = at > WARMUP_SECONDS + 60;
    const rate = isWarmup ? 15 : inRamp ? 50 + ((at - WARMUP_SECONDS - 60) / 90) * 50 : 50;
    const isSlow = at > 45 && at < 56;
    const strain = (isSlow ? 1.9 : 1) * (inRamp ? 1 + (at - WARMUP_SECONDS - 60) / 120 : 1);
    const sent = Math.max(0, Math.round(rate / 4 + wobble(at, 1) * 3));
    const failed = failing && isSlow && index % 5 === 0 ? 1 + (index % 2) : 0;
    const interval = {
      due: sent,
      sent,
      ok: Math.max(0, sent - failed),
      failed,
      dropped: 0,
      outputTokens: Math.round(sent * 80 * (1 + wobble(at, 2) * 0.15)),
      inputTokens: sent * 512,
      ttftMs: spread(118 * strain, 0.25, at, sent),
      itlMs: spread(20 * (0.6 + strain * 0.4), 0.12, at + 5, sent * 80),
      e2eMs: spread(1800 * strain, 0.2, at + 9, sent),
    };
    if (!isWarmup)
      for (const key of Object.keys(total) as (keyof typeof total)[])
        total[key] += key === 'ok' ? interval.ok : (interval[key] ?? 0);
    const errorRatio = total.failed / Math.max(1, total.ok + total.failed);
    return makeSnapshot({
      sequence: index + 1,
      atMs: at * 1000,
      stage: isWarmup
        ? {
            name: 'warmup',
            index: 0,
            count: 2,
            kind: 'warmup',
            elapsedMs: at * 1000,
            requestsDone: Math.round(at * 15),
            requestsTotal: 60,
          }
        : inRamp
          ? {
              name: 'ramp',
              index: 1,
              count: 2,
              kind: 'measured',
              elapsedMs: (at - WARMUP_SECONDS - 60) * 1000,
              durationMs: 90_000,
              requestsDone: total.ok,
            }
          : {
              name: 'steady',
              index: 0,
              count: 2,
              kind: 'measured',
              elapsedMs: (at - WARMUP_SECONDS) * 1000,
              durationMs: 60_000,
              requestsDone: total.ok,
            },
      progressRatio: at / 154,
      askedPerSecond: rate,
      interval,
      total: {
        ...total,
        censored: 0,
        abandoned: 0,
        byReason:
          total.failed === 0
            ? {}
            : {
                'first-token-timeout': Math.ceil(total.failed * 0.7),
                'http-status 503': Math.floor(total.failed * 0.3),
              },
        ...(isWarmup
          ? {}
          : {
              ttftMs: { count: total.ok, p50: 121.4, p95: 268 * (at > 45 ? 1.2 : 1), p99: 402 * (at > 45 ? 1.25 : 1) },
              itlMs: { count: total.outputTokens, p50: 20.1, p95: at > 45 ? 41.3 : 25.2, p99: 44 },
              e2eMs: { count: total.ok, p50: 1822, p95: 2900, p99: 3500 },
            }),
      },
      inFlight: Math.round(rate * 1.8 * strain + wobble(at, 3) * 4),
      queued: isSlow ? Math.round(20 + wobble(at, 4) * 10) : 0,
      sla: isWarmup
        ? []
        : [
            { index: 0, actual: at > 45 ? 321.6 : 268, verdict: 'met' },
            { index: 1, actual: at > 45 ? 41.3 : 25.2, verdict: at > 45 ? 'breached' : 'met' },
            { index: 2, actual: errorRatio, verdict: errorRatio > 0.01 ? 'breached' : 'met' },
            { index: 3, verdict: 'undecided', actual: 0.951 },
          ],
      monitors: {
        'host..cpu': 0.42 + 0.1 * strain + wobble(at, 6) * 0.05,
        'host..memory': 0.31 + at / 4000,
        'host..load': 1.2,
      },
      generator: { loopLagMs: 1.1 + wobble(at, 7) * 0.4, scheduleLagMs: 0.38, cpuRatio: 0.31, memoryBytes: 143e6 },
    });
  });
}

function spread(median: number, width: number, at: number, count: number): Snapshot['interval']['ttftMs'] & object {
  const jitter = 1 + wobble(at, 11) * 0.06;
  return {
    count,
    p50: median * jitter,
    p95: median * jitter * (1 + width * 4.5 + wobble(at, 12) * 0.15),
    p99: median * jitter * (1 + width * 7.5 + Math.abs(wobble(at, 13)) * 0.5),
  };
}

export function storyStart(): ToDashboard {
  return { type: 'reset', runId: 'story', header: STORY_HEADER, startedAt: '2026-11-21T10:00:00.000Z' };
}

export function storyOf(seconds: number, failing = true): readonly ToDashboard[] {
  return [
    storyStart(),
    ...storySnapshots(seconds, failing).map((snapshot): ToDashboard => ({ type: 'snapshot', snapshot })),
  ];
}

function sample(p50: number, p95: number, p99: number): SampleSummary {
  return {
    unit: 'ms',
    count: 9747,
    mean: p50 * 1.1,
    min: p50 / 2,
    max: p99 * 1.4,
    p50,
    p75: p50 * 1.3,
    p90: p95 * 0.9,
    p95,
    p99,
    p999: p99 * 1.2,
    ci: {},
    method: 'exact',
  };
}

export function storyEnd(verdict: 'passed' | 'failed'): ToDashboard {
  const actuals = verdict === 'passed' ? [321.6, 31.2, 0.0004, 0.981] : [321.6, 41.3, 0.0062, 0.951];
  const verdicts =
    verdict === 'passed' ? (['met', 'met', 'met', 'met'] as const) : (['met', 'breached', 'met', 'undecided'] as const);
  return {
    type: 'finished',
    outcome: verdict,
    hasReport: true,
    requests: {
      due: 9760,
      sent: 9760,
      succeeded: 9747,
      failed: 4,
      timedOut: 9,
      abandoned: 0,
      dropped: 0,
      censored: 0,
      byReason: { 'first-token-timeout': 9, 'http-status 503': 4 },
    },
    metrics: {
      ttft: sample(151, 321.6, 512),
      itl: sample(22.2, verdict === 'passed' ? 31.2 : 41.3, 49.6),
      requestThroughput: { unit: 'req/s', value: 64.98 },
      outputThroughput: { unit: 'tokens/s', value: 5231.4 },
      errorRate: { unit: 'ratio', value: verdict === 'passed' ? 0.0004 : 0.0062 },
    },
    validity:
      verdict === 'passed'
        ? { verdict: 'valid', reasons: [], generator: {}, preflight: [] }
        : {
            verdict: 'suspect',
            reasons: [
              {
                code: 'schedule-lag',
                severity: 'suspect',
                message: 'Requests were handed over up to 14 ms late (p99 6.2 ms) while garbage was collected.',
              },
            ],
            generator: {},
            preflight: [],
          },
    sla: STORY_HEADER.slas.map((each, index): SlaResult => ({
      set: 'interactive',
      text: each.text,
      file: STORY_HEADER.file,
      line: each.line,
      column: 3,
      endLine: each.line,
      endColumn: 22,
      actual: actuals[index] ?? 0,
      unit: each.unit,
      limit: each.limit,
      comparison: each.comparison,
      verdict: verdicts[index] ?? 'met',
      ...(verdicts[index] === 'undecided' ? { note: 'The 95 % interval, 94.2 % to 96.0 %, contains the limit.' } : {}),
    })),
  };
}

/** The same end of a run whose dataset is a mix; one part has a long name, and one has nothing that arrived. */
export function storyEndOfMix(verdict: 'passed' | 'failed'): ToDashboard {
  const end = storyEnd(verdict);
  if (end.type !== 'finished') return end;
  const part = (dataset: string, weightRatio: number, requests: number, failed: number): PartReport => ({
    dataset,
    weightRatio,
    requests,
    succeeded: requests - failed,
    failed,
  });
  const times = { ttftMsP50: 151, ttftMsP95: 321.6, e2eMsP50: 1_840, e2eMsP95: 3_212 };
  return {
    ...end,
    parts: [
      { ...part('chat', 0.7, 6832, 0), ...times, inputTokensMean: 512.4, outputTokensMean: 80.2 },
      {
        ...part('documents_of_the_archive_with_a_long_name', 0.25, 2440, verdict === 'failed' ? 13 : 0),
        ...times,
        ttftMsP95: 1_820,
        e2eMsP95: 12_480,
        inputTokensMean: 3_980.7,
        outputTokensMean: 211,
      },
      part('code', 0.05, 488, 0),
    ],
  };
}
