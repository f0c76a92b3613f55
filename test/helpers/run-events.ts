/** The events of a made-up run of `makePlan()`, as a runner would send them: for everything that shows a run. */
import type { RunnerEventLine, RunFinished } from '../../src/contract/protocol/runner.ts';
import type { SampleSummary, SlaResult } from '../../src/contract/report.ts';
import type { Snapshot } from '../../src/contract/snapshot.ts';
import { makePlan } from './make-plan.ts';
import { makeSnapshot } from './make-snapshot.ts';

export const DIRECTORY = '/home/ada/chat.bench.results/2026-11-21T12-00-00Z-quickstart';

export function started(plan = makePlan()): RunnerEventLine {
  return {
    event: 'run.started',
    data: { runId: 'r1', directory: DIRECTORY, startedAt: '2026-11-21T12:00:00.000Z', plan },
  };
}

/** Second 12 of 20 of a run that goes well. */
export function healthySnapshot(changes: Parameters<typeof makeSnapshot>[0] = {}): Snapshot {
  return makeSnapshot({
    atMs: 12_250,
    progressRatio: 0.61,
    askedPerSecond: 50,
    inFlight: 83,
    queued: 0,
    monitors: { 'host..cpu': 0.42, 'host..memory': 0.314, 'host..memory-used': 7.4e9, 'host..load': 1.2 },
    generator: { loopLagMs: 0.4, scheduleLagMs: 0.08, cpuRatio: 0.12, memoryBytes: 9.1e7 },
    ...changes,
    sla: changes.sla ?? [
      { index: 0, actual: 286.4, verdict: 'met' },
      { index: 1, actual: 24.93, verdict: 'met' },
      { index: 2, actual: 0, verdict: 'undecided' },
    ],
    stage: { elapsedMs: 12_250, durationMs: 20_000, requestsDone: 529, ...changes.stage },
    interval: {
      due: 13,
      sent: 13,
      ok: 12,
      outputTokens: 1_000,
      inputTokens: 6_400,
      ttftMs: { count: 12, p50: 118, p95: 281, p99: 377 },
      itlMs: { count: 950, p50: 20, p95: 24.9, p99: 27.1 },
      e2eMs: { count: 12, p50: 1_705, p95: 2_612, p99: 2_880 },
      ...changes.interval,
    },
    total: {
      due: 612,
      sent: 612,
      ok: 529,
      outputTokens: 42_320,
      inputTokens: 271_000,
      ttftMs: { count: 529, p50: 118.2, p95: 286.4, p99: 390.7 },
      itlMs: { count: 41_791, p50: 20.02, p95: 24.93, p99: 27.14 },
      e2eMs: { count: 529, p50: 1_705, p95: 2_612, p99: 2_880 },
      ...changes.total,
    },
  });
}

export function sample(unit: string, values: Partial<SampleSummary> = {}): SampleSummary {
  return {
    unit,
    count: 1_000,
    mean: 121.4,
    min: 38.2,
    max: 512.6,
    stddev: 63.1,
    p50: 118.2,
    p75: 146,
    p90: 219,
    p95: 286.4,
    p99: 390.7,
    p999: 480,
    ci: { p50: { lower: 114, upper: 122 }, p95: { lower: 270.2, upper: 301.8 }, p99: { lower: 360, upper: 470 } },
    method: 'exact',
    ...values,
  };
}

export function slaResult(changes: Partial<SlaResult> = {}): SlaResult {
  return {
    set: 'interactive',
    text: 'ttft p95 < 500 ms',
    file: '/home/ada/chat.bench',
    line: 16,
    column: 3,
    endLine: 16,
    endColumn: 20,
    actual: 286.4,
    ci: { lower: 270.2, upper: 301.8 },
    unit: 'ms',
    limit: 500,
    comparison: '<',
    verdict: 'met',
    ...changes,
  };
}

export function finishedRun(changes: Partial<RunFinished> = {}): RunFinished {
  return {
    runId: 'r1',
    directory: DIRECTORY,
    outcome: 'passed',
    exitCode: 0,
    sla: [
      slaResult(),
      slaResult({ text: 'itl p95 < 40 ms', line: 17, actual: 24.93, ci: { lower: 24.9, upper: 25 }, limit: 40 }),
      slaResult({
        text: 'error-rate < 1 %',
        line: 18,
        actual: 0,
        ci: { lower: 0, upper: 0.0037 },
        unit: 'ratio',
        limit: 0.01,
      }),
    ],
    validity: { verdict: 'valid', reasons: [] },
    requests: {
      due: 1_000,
      sent: 1_000,
      succeeded: 1_000,
      failed: 0,
      timedOut: 0,
      abandoned: 0,
      dropped: 0,
      censored: 0,
      byReason: {},
    },
    metrics: {
      ttft: sample('ms'),
      ttftIntended: sample('ms', { p50: 118.3, p95: 286.6, p99: 391, mean: 121.6, max: 512.9 }),
      itl: sample('ms', { p50: 20.02, p95: 24.93, p99: 27.14, mean: 20.01, max: 33.8, ci: {} }),
      e2e: sample('ms', { p50: 1_705, p95: 2_612, p99: 2_880, mean: 1_712, max: 3_120, ci: {} }),
      requestThroughput: { unit: 'req/s', value: 49.87 },
      outputThroughput: { unit: 'tokens/s', value: 3_990.4 },
      errorRate: { unit: 'ratio', value: 0 },
    },
    durationMs: 23_400,
    files: { html: `${DIRECTORY}/report.html`, json: `${DIRECTORY}/report.json` },
    ...changes,
  };
}
