import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { RunError } from '../../../../src/contract/errors.ts';
import type { RunnerEventLine, RunFinished } from '../../../../src/contract/protocol/runner.ts';
import type { RunEventRecord } from '../../../../src/contract/record.ts';
import type { ReportData } from '../../../../src/contract/report.ts';
import { zeroCounters } from '../../../../src/runner/measure/batch-builder.ts';
import { LIVE_METRICS, type WorkerBatch } from '../../../../src/runner/measure/batch.ts';
import { createLatch } from '../../../../src/runner/run/latch.ts';
import { phasesOf } from '../../../../src/runner/run/phases.ts';
import type { PreparedRun } from '../../../../src/runner/run/prepare-run.ts';
import { createRunSession, type RunSession } from '../../../../src/runner/run/run-session.ts';
import { SharedLoad } from '../../../../src/runner/run/shared-load.ts';
import { createFakeClock, type FakeClock } from '../../../helpers/fake-clock.ts';
import { flat, forTime, makeLoad, makeStage } from '../../../helpers/make-load.ts';
import { makePlan } from '../../../helpers/make-plan.ts';

const BEGAN = Date.parse('2026-11-21T12:00:00Z');

const health = {
  ...{ loopLagMsP99: 1, loopLagMsMax: 2, cpuRatio: 0.3, gcPauseMsMax: 4, sockets: 5 },
  ...{ scheduleLagMsP99: 0.2, scheduleLagMsMax: 0.9, scheduleLagsMs: Float64Array.of(0.2, 0.9) },
};

function batchOf(requests: number): WorkerBatch {
  const lines = Array.from({ length: requests }, (_, id) => `{"id":${id}}\n`).join('');
  return {
    gapsPerRequest: new Float64Array(0),
    censoredBeforeOutput: 0,
    lines: new TextEncoder().encode(lines),
    values: Object.fromEntries(
      LIVE_METRICS.map((metric) => [metric, new Float64Array()]),
    ) as unknown as WorkerBatch['values'],
    counters: { ...zeroCounters(), due: requests, sent: requests, ok: requests },
    warmup: zeroCounters(),
    byReason: {},
    goodBySla: [],
  };
}

interface Rehearsal {
  readonly clock: FakeClock;
  readonly shared: SharedLoad;
  readonly session: RunSession;
  readonly events: RunnerEventLine[];
  readonly recorded: RunEventRecord[];
  readonly requests: () => string;
  readonly logged: string[];
  readonly ordered: string[];
  readonly finished: Promise<RunFinished>;
  /** The workers are done. */
  finish(): void;
  /** The second worker has said something. */
  hear(): void;
  named<Name extends RunnerEventLine['event']>(name: Name): Extract<RunnerEventLine, { event: Name }>['data'][];
}

function rehearse(
  options: { failReport?: boolean; deadSimulator?: boolean; checks?: PreparedRun['checks'] } = {},
): Rehearsal {
  const clock = createFakeClock();
  const plan = makePlan({ load: makeLoad([makeStage('steady', flat(10), forTime(2_000))]) });
  const shared = new SharedLoad(phasesOf(plan.load).length, undefined);
  const events: RunnerEventLine[] = [];
  const recorded: RunEventRecord[] = [];
  const logged: string[] = [];
  const ordered: string[] = [];
  const lines: string[] = [];
  const workers = createLatch();
  let silence = 0;
  const prepared: PreparedRun = {
    runId: 'r1',
    plan,
    addressedPlan: plan,
    secrets: {},
    redact: (text) => text.replaceAll('hunter2', '«secret KEY»'),
    directory: {
      path: '/results/r1',
      name: 'r1',
      pathOf: (file) => `/results/r1/${file}`,
      write: async () => {},
      announce: async (state) => void ordered.push(`announce ${state}`),
      putBack: async (file) => void ordered.push(`put back ${file}`),
      releaseReserve: async () => void ordered.push('release reserve'),
      discard: async () => {},
    },
    dataset: { size: undefined, data: undefined, notes: ['12 prompts were kept.'] },
    datasetSeed: 1,
    nonce: 'n',
    countTokens: undefined,
    simulator: {
      url: 'http://127.0.0.1:1',
      lateness: async () => {
        if (options.deadSimulator === true) throw new Error('the other side is gone');
        return { tokens: 5, p50Ms: 0.1, p99Ms: 0.5, maxMs: 1 };
      },
      truth: async () => [],
      stop: async () => void ordered.push('stop simulator'),
    },
    workers: 1,
    environment: { cpu: 'c', cpuCount: 2, memoryBytes: 1, os: 'o', node: 'v24', hostname: 'h' },
    checks: options.checks ?? [],
  };
  const session = createRunSession({
    prepared,
    host: { onEvent: (line) => void events.push(line) },
    clock,
    originNs: 0n,
    epochMs: () => BEGAN + clock.nowMs(),
    files: {
      requests: (bytes) => void lines.push(new TextDecoder().decode(bytes)),
      monitor: () => {},
      event: (event) => void recorded.push(event),
      log: (line) => void logged.push(line),
      retry: async () => void ordered.push('retry'),
      close: async () => void ordered.push('close files'),
    },
    shared,
    pool: {
      begin: async () => {},
      rateChanged: () => void ordered.push('tell the rate'),
      stop: () => void ordered.push('stop workers'),
      abort: () => void ordered.push('abort workers'),
      finished: workers.opened,
      countSilence: () => [0, ++silence],
      giveUp: (worker) => {
        ordered.push(`give up worker ${worker}`);
        workers.open();
      },
      release: async () => {},
    },
    dismissWorkers: async () => {},
    openMonitor: async () => ({ read: async () => [{ device: '', values: { cpu: 0.5 } }], dispose: async () => {} }),
    writeReports: async (directory) => {
      ordered.push(`report ${directory}`);
      if (options.failReport === true) throw new RunError('RUN_OUTPUT_NOT_WRITABLE', 'no room');
      const run = { outcome: 'passed', exitCode: 0, durationMs: 5 };
      return {
        report: {
          run,
          sla: [],
          validity: { verdict: 'valid', reasons: [] },
          requests: {},
          metrics: {},
        } as unknown as ReportData,
        files: { json: 'report.json' },
      };
    },
    nextTurn: async () => {},
    residentBytes: () => 1_000,
  });
  const finished = session.run();
  finished.catch(() => {});
  return {
    clock,
    shared,
    session,
    events,
    recorded,
    requests: () => lines.join(''),
    logged,
    ordered,
    finished,
    finish: () => workers.open(),
    hear: () => void (silence = 0),
    named: (name) => events.flatMap((line) => (line.event === name ? [line.data as never] : [])),
  };
}

const types = (events: readonly { type: string }[]): string[] => [...new Set(events.map(({ type }) => type))];

describe('a worker that hangs', () => {
  it('does not hold the report for ever: what is still in flight is said, and given up', async () => {
    const run = rehearse();
    await run.clock.advanceAsync(150);
    run.shared.setStart(1, 2_100);
    run.shared.drawSlot();
    run.shared.drawSlot();
    for (let second = 0; second < 2 + 30 + 40; second += 1) {
      run.hear();
      await run.clock.advanceAsync(1_000);
    }
    assert.ok(!types(run.recorded).includes('stopping'), 'not before all deadlines of the workers have passed');
    run.hear();
    await run.clock.advanceAsync(5_000);
    run.hear();
    await run.clock.advanceAsync(5_000);
    await run.finished;
    const [stopping] = run.recorded.filter((event) => event.type === 'stopping');
    assert.equal(stopping?.why, 'worker-died');
    assert.match(stopping?.message ?? '', /2 requests in flight and 0 waiting 7\d s after/);
    assert.ok(run.ordered.includes('abort workers'));
    assert.equal(run.clock.pendingTimers, 0);
  });

  it('that says nothing any more is told of, and then ends the run long before its end', async () => {
    const run = rehearse();
    await run.clock.advanceAsync(150);
    await run.clock.advanceAsync(5_000);
    assert.match(run.logged.at(-1) ?? '', /warning +Load worker 2 of 2 has said nothing for 5 s/);
    assert.ok(!types(run.recorded).includes('stopping'));
    await run.clock.advanceAsync(15_000);
    await run.finished;
    const [stopping] = run.recorded.filter((event) => event.type === 'stopping');
    assert.equal(stopping?.why, 'worker-died');
    assert.match(stopping?.message ?? '', /^Load worker 2 of 2 hangs: it has said nothing for 20 s/);
    assert.deepEqual(run.ordered.slice(0, 2), ['abort workers', 'give up worker 1']);
    assert.equal(run.clock.pendingTimers, 0);
  });
});

describe('a run that goes well', () => {
  it('tells what happens, records it, and ends with its report', async () => {
    const run = rehearse({
      checks: [{ code: 'model', ok: false, severity: 'warning', message: 'Not listed.', hint: 'Look.' }],
    });
    await run.clock.advanceAsync(150);
    assert.equal(run.shared.startOf(0), 100);
    run.shared.setStart(1, 2_100);
    run.session.events.onHealth(0, health);
    run.session.events.onBatch(batchOf(3));
    await run.clock.advanceAsync(2_000);
    run.finish();
    const finished = await run.finished;

    assert.deepEqual(
      run.events
        .map(({ event }) => event)
        .filter((event, index, all) => event !== all[index - 1])
        .slice(0, 5),
      ['run.started', 'log', 'stage.started', 'snapshot', 'stage.ended'],
    );
    assert.equal(run.events.at(-1)?.event, 'run.finished');
    assert.deepEqual(types(run.recorded), [
      'run.started',
      'preflight',
      'stage.started',
      'generator',
      'server.late',
      'stage.ended',
      'run.ended',
    ]);
    assert.deepEqual(run.ordered, [
      'stop simulator',
      'release reserve',
      'close files',
      'report /results/r1',
      'announce finished',
    ]);
    assert.deepEqual(
      [finished.outcome, finished.exitCode, finished.directory, finished.files],
      ['passed', 0, '/results/r1', { json: 'report.json' }],
    );
    assert.equal(run.requests(), '{"id":0}\n{"id":1}\n{"id":2}\n');
    assert.deepEqual(run.logged, [
      '2026-11-21T12:00:00.000Z warning Not listed. Look.',
      '2026-11-21T12:00:00.000Z info    12 prompts were kept.',
    ]);
  });

  it('records each address that the server’s name led to, once, whoever saw it', async () => {
    const run = rehearse();
    run.session.events.onHealth(0, health, [{ address: '10.0.0.1', atMs: 40.0004 }]);
    run.session.events.onHealth(1, health, [
      { address: '10.0.0.1', atMs: 55 },
      { address: '10.0.0.2', atMs: 60 },
    ]);
    run.finish();
    await run.finished;
    assert.deepEqual(
      run.recorded.filter(({ type }) => type === 'server.address'),
      [
        { type: 'server.address', atMs: 40, address: '10.0.0.1' },
        { type: 'server.address', atMs: 60, address: '10.0.0.2' },
      ],
    );
  });

  it('shows four snapshots a second, with what the workers and monitors told', async () => {
    const run = rehearse();
    run.session.events.onBatch(batchOf(3));
    run.session.events.onHealth(0, health);
    await run.clock.advanceAsync(1_260);
    const snapshots = run.named('snapshot');
    assert.deepEqual(
      snapshots.map(({ atMs, intervalMs, sequence }) => [atMs, intervalMs, sequence]),
      [
        [250, 250, 1],
        [500, 250, 2],
        [750, 250, 3],
        [1_000, 250, 4],
        [1_250, 250, 5],
      ],
    );
    assert.deepEqual(
      snapshots.map(({ interval }) => interval.ok),
      [3, 0, 0, 0, 0],
    );
    const last = snapshots.at(-1);
    assert.deepEqual(
      [
        last?.total.ok,
        last?.monitors['host..cpu'],
        last?.generator.cpuRatio,
        last?.generator.memoryBytes,
        last?.validity,
      ],
      [3, 0.5, 0.3, 1_000, 'valid'],
    );
    assert.deepEqual([last?.stage.kind, last?.stage.elapsedMs, last?.askedPerSecond], ['measured', 1_150, 10]);
    run.finish();
    await run.finished;
  });

  it('lets no secret pass into what is told or logged', async () => {
    const run = rehearse();
    run.session.events.onLog('error', 'the key hunter2 was refused');
    run.finish();
    await run.finished;
    assert.equal(
      run.logged.some((line) => line.includes('hunter2')),
      false,
    );
    assert.equal(JSON.stringify(run.events).includes('hunter2'), false);
    assert.ok(run.logged.some((line) => line.includes('the key «secret KEY» was refused')));
  });
});

describe('a run that is ended early', () => {
  const stopping = (run: Rehearsal): unknown[] => run.named('stopping').map(({ why, drainMs }) => [why, drainMs]);

  it('stop, then abort: the workers are told, the record says why', async () => {
    const run = rehearse();
    await run.clock.advanceAsync(500);
    run.session.stop();
    run.session.stop();
    run.session.abort('user-abort');
    run.session.abort('user-abort');
    run.finish();
    await run.finished;
    assert.deepEqual(run.ordered.slice(0, 2), ['stop workers', 'abort workers']);
    assert.deepEqual(stopping(run), [
      ['user-stop', 30_000],
      ['user-abort', 0],
    ]);
    assert.deepEqual(
      run.recorded
        .filter(({ type }) => type === 'stopping' || type === 'stage.ended')
        .map(({ type, atMs }) => [type, atMs]),
      [
        ['stopping', 500],
        ['stopping', 500],
        ['stage.ended', 500],
      ],
    );
  });

  it('stop while it drains changes nothing: everything was sent', async () => {
    const run = rehearse();
    run.shared.setStart(0, 0);
    run.shared.setStart(1, 200);
    await run.clock.advanceAsync(500);
    run.session.stop();
    run.finish();
    await run.finished;
    assert.deepEqual(stopping(run), []);
  });

  it('stop before the first connections are open: the load never begins', async () => {
    const run = rehearse();
    run.session.stop();
    await run.clock.advanceAsync(500);
    run.finish();
    await run.finished;
    assert.equal(run.shared.startOf(0), undefined);
  });

  it('a dead thread cuts the rest, and the report is made all the same', async () => {
    const run = rehearse();
    await run.clock.advanceAsync(500);
    run.session.events.onDied(new Error('out of memory'));
    run.finish();
    await run.finished;
    assert.deepEqual(stopping(run), [['worker-died', 0]]);
    assert.match(run.named('stopping')[0]?.message ?? '', /out of memory/);
    assert.ok(run.ordered.includes('abort workers') && run.ordered.includes('report /results/r1'));
  });

  it('a full disk cuts the rest, gives the kept room to what could not be written, and then to the report', async () => {
    const run = rehearse();
    await run.clock.advanceAsync(500);
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    run.session.diskFailed(full);
    run.session.diskFailed(full);
    run.finish();
    await run.finished;
    assert.deepEqual(stopping(run), [['disk-full', 0]]);
    assert.match(run.named('stopping')[0]?.message ?? '', /the disk is full \(\/results\/r1\)/);
    assert.deepEqual(run.ordered, [
      'abort workers',
      'stop simulator',
      'release reserve',
      'retry',
      'close files',
      'report /results/r1',
      'announce finished',
    ]);
  });

  it('files that somebody removed and that are there again: the plan is put back too, it is said once, and the run goes on', async () => {
    const run = rehearse();
    await run.clock.advanceAsync(500);
    run.session.filesPutBack();
    run.session.filesPutBack();
    assert.equal(run.logged.filter((line) => line.includes('/results/r1 was removed or moved')).length, 1);
    run.finish();
    await run.finished;
    assert.deepEqual(stopping(run), []);
    assert.deepEqual(run.ordered.slice(0, 2), ['put back plan.json', 'put back plan.json']);
  });
});

it('a simulator that has died does not take the run with it', async () => {
  const run = rehearse({ deadSimulator: true });
  await run.clock.advanceAsync(2_500);
  run.finish();
  assert.equal((await run.finished).outcome, 'passed');
});

it('a report that cannot be written fails the run, and says where the record is', async () => {
  const run = rehearse({ failReport: true });
  run.finish();
  await assert.rejects(run.finished, { code: 'RUN_OUTPUT_NOT_WRITABLE' });
  assert.deepEqual(
    run.named('run.failed').map(({ error, directory }) => [error.code, directory]),
    [['RUN_OUTPUT_NOT_WRITABLE', '/results/r1']],
  );
});
