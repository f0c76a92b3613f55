import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReportData } from '../../../../src/contract/report.ts';
import { awaitLeftBehind, type Probe } from '../../../../src/extension/runs/interrupted-runs.ts';
import type { RunEntry } from '../../../../src/extension/runs/run-index.ts';

const HOST = 100;
const RUNNER = 200;
const entry: RunEntry = {
  ...{ runId: 'a', uri: 'file:///a.bench', benchmark: 'quickstart', directory: '/r', startedAt: '' },
  ...{ state: 'running', runnerPid: RUNNER, hostPid: HOST, hostId: 'before' },
};
const report = { schema: 'benchwright/report@1' } as ReportData;

/** Processes and files as they are at a time; sleeping moves it on. */
function world(until: {
  hostMs?: number;
  runnerMs?: number;
  reportFromMs?: number;
  quietFromMs?: number;
}): Probe & { nowMs: () => number } {
  let nowMs = 0;
  return {
    nowMs: () => nowMs,
    isAlive: (pid) => nowMs < ((pid === HOST ? until.hostMs : until.runnerMs) ?? 0),
    readReport: async () => (nowMs >= (until.reportFromMs ?? Infinity) ? report : undefined),
    quietMs: async () => Math.max(0, nowMs - (until.quietFromMs ?? Infinity)),
    sleep: async (ms) => void (nowMs += ms),
  };
}

test('a run that ends by itself after a reload is told with its report', async () => {
  const probe = world({ hostMs: 600, runnerMs: 9_000, reportFromMs: 8_500 });
  assert.deepEqual(await awaitLeftBehind(entry, probe), { kind: 'reported', report });
  assert.ok(probe.nowMs() >= 9_000);
});

test('a run of a window that is still there is its business', async () => {
  assert.deepEqual(await awaitLeftBehind(entry, world({ hostMs: Infinity, runnerMs: Infinity })), {
    kind: 'elsewhere',
  });
});

test('a run whose runner is gone without a report is torn', async () => {
  assert.deepEqual(await awaitLeftBehind(entry, world({})), { kind: 'torn' });
});

test('a process id that something else has by now is not taken for the runner', async () => {
  const probe = world({ runnerMs: Infinity, quietFromMs: -3_600_000 });
  assert.deepEqual(await awaitLeftBehind(entry, probe), { kind: 'torn' });
});

test('a report that was written long ago is found at once', async () => {
  const probe = world({ reportFromMs: 0 });
  assert.deepEqual(await awaitLeftBehind(entry, probe), { kind: 'reported', report });
  assert.equal(probe.nowMs(), 0);
});
