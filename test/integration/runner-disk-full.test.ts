import { it } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestRecord } from '../../src/contract/outcome.ts';
import type { ReportData } from '../../src/contract/report.ts';
import { flat, forTime, makeLoad, makeStage } from '../helpers/make-load.ts';
import { makePlan } from '../helpers/make-plan.ts';
import { startRunnerHost } from '../helpers/runner-host.ts';

/** A disk of 4.5 MiB, of which 4 are kept for the report; `undefined` where this user may not mount one. */
async function mountSmallDisk(): Promise<string | undefined> {
  const path = await mkdtemp(join(tmpdir(), 'benchwright-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4600k', 'tmpfs', path], { stdio: 'ignore' });
    return path;
  } catch {
    await rm(path, { recursive: true });
    return undefined;
  }
}

it('disk full while running: the run stops with what it has, reports it, and exits with 3', async (context) => {
  const disk = await mountSmallDisk();
  if (disk === undefined) return context.skip('needs the right to mount a small tmpfs');
  const runner = startRunnerHost();
  context.after(async () => {
    runner.process.kill('SIGKILL');
    await runner.exited;
    execFileSync('umount', [disk]);
    await rm(disk, { recursive: true });
  });
  const { backend, dataset } = makePlan();
  const plan = makePlan({
    load: makeLoad([makeStage('steady', flat(50), forTime(600_000))]),
    backend: {
      ...backend,
      options: { firstTokenMs: { kind: 'constant', value: 5 }, interTokenMs: { kind: 'constant', value: 1 } },
    },
    // About 2 kB a record: the disk is full after some 200 of them.
    dataset: { ...dataset, outputTokens: { kind: 'constant', value: 300 } },
    report: { formats: ['json', 'markdown'], directory: join(disk, 'results') },
  });
  const { directory } = await runner.start({ plan, secrets: {} });
  const { why } = await runner.event('stopping');
  assert.equal(why, 'disk-full');
  const finished = await runner.event('run.finished');
  assert.deepEqual([finished.outcome, finished.exitCode, finished.error?.code], ['error', 3, 'RUN_DISK_FULL']);

  const report = JSON.parse(await readFile(join(directory, 'report.json'), 'utf8')) as ReportData;
  assert.ok(report.requests.succeeded > 100, `${report.requests.succeeded} requests are reported`);
  const text = await readFile(join(directory, 'requests.jsonl'), 'utf8');
  assert.ok(text.endsWith('\n'), 'the record ends with a whole line');
  const records = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RequestRecord);
  assert.ok(records.filter(({ outcome }) => outcome === 'ok').length >= report.requests.succeeded);
});
