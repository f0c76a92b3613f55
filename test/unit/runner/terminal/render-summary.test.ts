import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunFinished } from '../../../../src/contract/protocol/runner.ts';
import { renderSummary } from '../../../../src/runner/terminal/render-summary.ts';
import { UNCOLOURED } from '../../../../src/runner/terminal/style.ts';
import { assertGolden } from '../../../helpers/golden.ts';
import { finishedRun, sample, slaResult } from '../../../helpers/run-events.ts';

function summary(finished: RunFinished, columns = 80): string {
  const showPath = (path: string): string => path.replace('/home/ada/', '');
  return `${renderSummary(finished, { benchmark: 'quickstart', columns, style: UNCOLOURED, showPath }).join('\n')}\n`;
}

const {
  actual: _,
  ci: __,
  ...unmeasured
} = slaResult({
  text: 'gpu.memory max < 95 %',
  unit: 'ratio',
  verdict: 'unmeasured',
  note: 'the monitor `gpu` gave no values',
});

test('a run that passed', () => {
  assertGolden(import.meta.url, 'summary-passed.txt', summary(finishedRun()));
});

test('a budget is told with what was used of it, and what ran out', () => {
  const budget = {
    requests: { limit: 500, used: 500 },
    tokens: { limit: 100_000, used: 41_250 },
    costUsd: { limit: 5, used: 0.0825 },
    timeMs: { limit: 3_600_000, used: 23_400 },
    spent: 'requests',
  } as const;
  assert.match(
    summary(finishedRun({ budget })).replace(/\s+/g, ' '),
    /Budget requests 500 of 500 \(spent\), tokens 41 250 of 100 000, cost 0\.0825 usd of 5 usd, time 23\.4 s of 60 min/,
  );
  assert.doesNotMatch(summary(finishedRun()), /Budget/);
});

test('a run that failed says which limit, by how much, and why another is undecided', () => {
  const finished = finishedRun({
    outcome: 'failed',
    exitCode: 1,
    sla: [
      slaResult({ verdict: 'breached', actual: 612, ci: { lower: 580, upper: 640 } }),
      slaResult({
        text: 'itl p99 < 40 ms',
        verdict: 'undecided',
        actual: 39.2,
        ci: { lower: 36.1 },
        note: 'the 95 % interval of p99 from 120 values has no upper bound; about 400 are needed',
      }),
      unmeasured,
    ],
    validity: {
      verdict: 'suspect',
      reasons: [
        {
          code: 'loop-lag',
          severity: 'suspect',
          message:
            'The event loop of the generator lagged by 61 ms at the 99th percentile; figures below that size are not to be trusted.',
        },
      ],
    },
    requests: {
      ...finishedRun().requests,
      succeeded: 951,
      failed: 40,
      timedOut: 9,
      censored: 3,
      byReason: { 'http-status 503': 40, 'first-token-timeout': 9 },
    },
    metrics: {
      ...finishedRun().metrics,
      ttft: sample('ms', { ci: { p50: { lower: 1, upper: 2 }, p99: { lower: 1 } } }),
    },
  });
  assertGolden(import.meta.url, 'summary-failed.txt', summary(finished));
});

const CHAT = {
  dataset: 'single-turn',
  weightRatio: 0.4,
  requests: 400,
  succeeded: 400,
  failed: 0,
  inputTokensMean: 183.2,
  outputTokensMean: 96.7,
  ttftMsP50: 118.3,
  ttftMsP95: 286.4,
  e2eMsP50: 1_712,
  e2eMsP95: 2_610,
};
const DOCUMENTS = { ...CHAT, dataset: 'documents', weightRatio: 0.2, requests: 200, inputTokensMean: 3_921.5 };
const NOTHING_SENT = { dataset: 'code', weightRatio: 0.4, requests: 0, succeeded: 0, failed: 0 };

test('the parts of a mix have a row each', () => {
  assertGolden(import.meta.url, 'summary-parts.txt', summary(finishedRun({ parts: [CHAT, DOCUMENTS, NOTHING_SENT] })));
});

test('failures of a part are shown where there are some; a narrow terminal gives up the last columns', () => {
  const parts = [CHAT, { ...DOCUMENTS, dataset: 'a-name-that-is-longer-than-most', succeeded: 197, failed: 3 }];
  const shown = (columns: number): string[] => {
    const lines = summary(finishedRun({ parts }), columns).split('\n');
    const start = lines.indexOf('Parts of the mix');
    return lines.slice(start + 1, start + 4);
  };
  const titles = (columns: number): string => shown(columns)[0]?.replaceAll(/ {2,}/g, ' ') ?? '';
  assert.equal(titles(120), 'Dataset Weight Requests Failed TTFT p50 p95 E2E p50 p95 Tokens in/out');
  assert.equal(titles(60), 'Dataset Weight Requests Failed TTFT p50');
  for (const columns of [120, 80, 60, 40])
    for (const line of shown(columns)) assert.ok(line.length <= columns, `${columns}: ${line}`);
  assert.match(shown(80)[2] ?? '', /^a-name-that-is-longer-t… {4}20 % {7}200 {7}3 /);
});

test('an invalid measurement is not called passed', () => {
  const finished = finishedRun({
    exitCode: 4,
    validity: {
      verdict: 'invalid',
      reasons: [
        { code: 'rate-short', severity: 'invalid', message: 'Only 812 of 1000 requests were sent when they were due.' },
      ],
    },
  });
  const text = summary(finished);
  assert.match(text, /^quickstart {2}INVALID: the load generator, not the server, was the limit/);
  assert.match(text, /invalid: do not use these figures\n {2}- Only 812 of 1000/);
});

test('a run that ended early keeps its reason and its figures; absent metrics are left out', () => {
  const finished = finishedRun({
    outcome: 'error',
    exitCode: 3,
    sla: [],
    metrics: {},
    requests: { ...finishedRun().requests, due: 0, sent: 0, succeeded: 0 },
    error: {
      code: 'RUN_DISK_FULL',
      message: 'The disk is full: /data/results',
      hint: 'Make room and run `benchwright report` on the directory.',
      exitCode: 3,
    },
  });
  assertGolden(import.meta.url, 'summary-error.txt', summary(finished));
});

test('undecided limits are said loudly', () => {
  const finished = finishedRun({ outcome: 'undecided', sla: [slaResult({ verdict: 'undecided' }), slaResult()] });
  assert.match(summary(finished), /^quickstart {2}UNDECIDED: 1 of 2 service levels could not be decided/);
});

test('every outcome has words of its own', () => {
  const words = (['passed', 'failed', 'undecided', 'aborted', 'error'] as const).map(
    (outcome) => summary(finishedRun({ outcome })).split('\n')[0],
  );
  assert.equal(new Set(words).size, 5);
});
