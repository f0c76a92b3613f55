/** Memory that does not grow with the number of requests nor with how long a run takes; `npm run bench:memory` does it with ten million. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { RunEventRecord } from '../../../../src/contract/record.ts';
import { CALM, eventsOf, reportOf, type ExampleRecord } from '../measure/example-record.ts';
import { okRecord, planOf, stageOf } from '../measure/example-run.ts';
import { playLongRun, type LongRun } from '../../../helpers/long-run.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function inDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(path.join(tmpdir(), 'benchwright-long-'));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Moments at which what is alive is looked at, as shares of the run. Of each part the least counts: the rest is on its way to the disk. */
const HALF = [0.4, 0.44, 0.48, 0.52] as const;
const END = [0.86, 0.9, 0.94, 0.98] as const;

/** What is alive after half of the run and near its end, bytes. */
async function aliveIn(size: Pick<LongRun, 'requests' | 'durationMs'>): Promise<{ half: number; end: number }> {
  return inDirectory(async (directory) => {
    const alive = new Map<number, number>();
    await playLongRun({
      ...size,
      directory,
      onProgress(ratio) {
        const moment = [...HALF, ...END].findLast((each) => each <= ratio);
        if (moment === undefined || alive.has(moment)) return;
        collectGarbage();
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        alive.set(moment, heapUsed + arrayBuffers);
      },
    });
    const least = (moments: readonly number[]): number =>
      Math.min(...moments.map((moment) => alive.get(moment) ?? Number.NaN));
    return { half: least(HALF), end: least(END) };
  });
}

test('a run holds no more at its end than it held half way', async () => {
  const { half, end } = await aliveIn({ requests: 60_000, durationMs: 600_000 });
  const grownBytes = end - half;
  // 30,000 requests lie between: a hundred bytes each would be three million more. The live view's series, which are full after an hour,
  // grow by 1.4 million meanwhile.
  assert.ok(half > 0 && grownBytes < 2_500_000, `${grownBytes} bytes more`);
});

/** A record with a request a minute, and what the generator and a monitor say every second. */
function recordOf(hours: number): ExampleRecord {
  const durationMs = hours * 3_600_000;
  const plan = planOf({
    load: { stages: [stageOf({ until: { kind: 'time', durationMs } })], overload: 'queue', drainMs: 0 },
  });
  const seconds = Array.from({ length: hours * 3_600 }, (_, second) => second * 1_000);
  const [started, stage, , ...rest] = eventsOf(plan);
  return {
    plan,
    records: Array.from({ length: hours * 60 }, (_, id) => okRecord(id, id * 60_000)),
    monitors: seconds.map((atMs) => ({ monitor: 'host', device: '', atMs, values: { cpu: (atMs % 7_000) / 7_000 } })),
    events: [
      ...[started, stage].filter((event) => event !== undefined),
      ...seconds.map((atMs): RunEventRecord => ({ type: 'generator', atMs, sample: CALM })),
      ...rest,
    ],
  };
}

test('the report of three days is no larger than that of two hours', async () => {
  const sizeOf = async (hours: number): Promise<number> => {
    const report = await reportOf(recordOf(hours));
    assert.ok(report.series.atMs.length <= 3_600);
    for (const { values } of Object.values(report.series.columns))
      assert.equal(values.length, report.series.atMs.length);
    assert.equal(report.validity.generator.cpuRatio, CALM.cpuRatio);
    return JSON.stringify(report).length;
  };
  const [short, long] = [await sizeOf(2), await sizeOf(72)];
  assert.ok(long < short * 2 && long < 2_000_000, `${long} characters, ${short} for two hours`);
});
