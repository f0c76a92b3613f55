/** A run of any length in simulated time, through what a real one goes through on the main thread: batches, live view, record. */
import { addSnapshot, EMPTY_HISTORY, type SnapshotHistory } from '../../src/contract/snapshot-history.ts';
import type { RequestRecord } from '../../src/contract/outcome.ts';
import type { RunPlan } from '../../src/contract/plan.ts';
import { RESULT_FILES } from '../../src/contract/record.ts';
import { createBatchBuilder } from '../../src/runner/measure/batch-builder.ts';
import { openRecordFile } from '../../src/runner/platform/record-file.ts';
import { createJournal } from '../../src/runner/run/journal.ts';
import { createLiveReport } from '../../src/runner/run/live-report.ts';
import { phasesOf } from '../../src/runner/run/phases.ts';
import { openRecordFiles } from '../../src/runner/run/record-files.ts';
import { SharedLoad } from '../../src/runner/run/shared-load.ts';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFakeClock } from './fake-clock.ts';
import { flat, forTime, makeLoad, makeStage } from './make-load.ts';
import { makePlan } from './make-plan.ts';

export interface LongRun {
  readonly directory: string;
  readonly requests: number;
  readonly durationMs: number;
  /** Called a hundred times in the course of the run. */
  readonly onProgress?: (ratio: number) => void;
}

const TICK_MS = 250;
const HEALTH = {
  ...{ loopLagMsP99: 1, loopLagMsMax: 2, cpuRatio: 0.3, gcPauseMsMax: 4, sockets: 5 },
  ...{ scheduleLagMsP99: 0.2, scheduleLagMsMax: 0.9, scheduleLagsMs: Float64Array.of(0.2, 0.9) },
};

export function longRunPlan({ requests, durationMs }: Pick<LongRun, 'requests' | 'durationMs'>): RunPlan {
  return makePlan({
    load: makeLoad([makeStage('steady', flat((requests * 1000) / durationMs, 'poisson'), forTime(durationMs))]),
  });
}

/** Resolves with what a host would hold of it. */
export async function playLongRun(run: LongRun): Promise<SnapshotHistory> {
  const { directory, requests, durationMs, onProgress } = run;
  const plan = longRunPlan(run);
  const clock = createFakeClock();
  const shared = new SharedLoad(phasesOf(plan.load).length, undefined);
  const failed: Error[] = [];
  await writeFile(join(directory, RESULT_FILES.plan), JSON.stringify(plan));
  const files = await openRecordFiles((name) =>
    openRecordFile(join(directory, name), { clock, onFailed: (error) => failed.push(error), mayExist: true }),
  );
  let history = EMPTY_HISTORY;
  const journal = createJournal({
    host: {
      onEvent(line) {
        if (line.event === 'snapshot') history = addSnapshot(history, line.data);
      },
    },
    files,
    redact: (text) => text,
    nowMs: clock.nowMs,
    beganAtEpochMs: 0,
  });
  const live = createLiveReport({
    ...{ plan, clock, journal, files, shared },
    simulator: { lateness: async () => ({ tokens: 5, p50Ms: 0.1, p99Ms: 0.5, maxMs: 1 }) },
    arrivalSpanMs: undefined,
    clockSkewMs: () => 0,
    residentBytes: () => process.memoryUsage.rss(),
  });
  const batch = createBatchBuilder(plan);
  const environment = { cpu: 'c', cpuCount: 2, memoryBytes: 1, os: 'o', node: 'v24', hostname: 'h' };
  const startedAt = new Date(0).toISOString();
  journal.record({ type: 'run.started', atMs: 0, id: 'long', startedAt, version: '0', environment, workers: 1 });
  shared.setStart(0, 0);
  shared.setStart(1, durationMs);
  live.start();
  const ticks = Math.ceil(durationMs / TICK_MS);
  const random = createNoise();
  for (let tick = 1, sent = 0; tick <= ticks; tick++) {
    for (; sent < Math.floor((requests * tick) / ticks); sent++) {
      batch.due('steady');
      batch.sent('steady');
      batch.add(recordOf(sent, (sent * durationMs) / requests, random));
    }
    live.takeBatch(batch.take());
    live.takeHealth(0, HEALTH);
    if (tick % 4 === 0)
      for (let device = 0; device < 8; device++)
        live.takeMonitorSample({
          monitor: 'host',
          device: `cpu${device}`,
          atMs: clock.nowMs(),
          values: { cpu: random() },
        });
    clock.advance(TICK_MS);
    // The disk is real: what was written gets there before more is made.
    if (tick % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (tick % Math.ceil(ticks / 100) === 0) onProgress?.(tick / ticks);
  }
  await live.finish();
  journal.record({ type: 'run.ended', atMs: clock.nowMs(), endedAt: new Date(clock.nowMs()).toISOString() });
  await files.close();
  if (failed[0] !== undefined) throw failed[0];
  return history;
}

/** Every hundredth fails. */
function recordOf(id: number, dueMs: number, random: () => number): RequestRecord {
  const sentMs = dueMs + random();
  const base = { id, stage: 'steady', backend: 'demo', dueMs, sentMs } as const;
  if (id % 100 === 99)
    return { ...base, endMs: sentMs + 50, outcome: 'failed', reason: 'http-status', status: 503, detail: 'busy' };
  const firstMs = sentMs + 100 + 300 * random() ** 4;
  const itlMs = [20 + random(), 20 + random(), 20 + 40 * random() ** 8];
  const lastMs = itlMs.reduce((at, gapMs) => at + gapMs, firstMs);
  const answer = {
    inputTokens: 100,
    outputTokens: 4,
    tokenSource: 'usage',
    reads: 4,
    outcome: 'ok',
    status: 200,
  } as const;
  return {
    ...base,
    headersMs: firstMs - 1,
    firstByteMs: firstMs,
    firstMs,
    firstAnswerMs: firstMs,
    lastMs,
    endMs: lastMs,
    ...answer,
    itlMs,
  };
}

/** In [0, 1); the same each time. */
function createNoise(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
