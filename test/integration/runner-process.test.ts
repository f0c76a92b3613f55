import { after, before, describe, it, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { readdir, readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestRecord } from '../../src/contract/outcome.ts';
import type { LoadPlan, RunPlan } from '../../src/contract/plan.ts';
import type { LatestResult, RunEventRecord } from '../../src/contract/record.ts';
import { flat, forTime, makeLoad, makeStage, makeWarmup, users } from '../helpers/make-load.ts';
import { makePlan } from '../helpers/make-plan.ts';
import { startRunnerHost, type RunnerHost } from '../helpers/runner-host.ts';

let root = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'benchwright-runner-'));
});
after(() => rm(root, { recursive: true }));

/** A quick simulator: an answer of 16 tokens takes about 100 ms. */
function planOf(load: LoadPlan, changes: Partial<RunPlan> = {}): RunPlan {
  const plan = makePlan();
  return makePlan({
    load,
    backend: {
      ...plan.backend,
      options: { firstTokenMs: { kind: 'constant', value: 25 }, interTokenMs: { kind: 'constant', value: 5 } },
    },
    dataset: { ...plan.dataset, outputTokens: { kind: 'constant', value: 16 } },
    report: { formats: ['json'], directory: join(root, `results-${Math.random().toString(36).slice(2)}`) },
    ...changes,
  });
}

/** Endless as far as a test is concerned. */
const LONG = makeLoad([makeStage('steady', flat(40, 'poisson'), forTime(600_000))]);

function host(context: TestContext, environment?: NodeJS.ProcessEnv): RunnerHost {
  const started = startRunnerHost(environment);
  context.after(async () => {
    started.process.kill('SIGKILL');
    await started.exited;
  });
  return started;
}

/** A killed process may leave a part of a last line. */
async function linesOf<T>(directory: string, file: string, end: 'whole' | 'torn' = 'whole'): Promise<T[]> {
  const text = await readFile(join(directory, file), 'utf8');
  if (end === 'whole') assert.ok(text === '' || text.endsWith('\n'), `${file} ends with a whole line`);
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

const latestOf = async (plan: RunPlan): Promise<LatestResult> =>
  JSON.parse(await readFile(join(plan.report.directory as string, 'latest.json'), 'utf8')) as LatestResult;

describe('the runner process', () => {
  it('says who it is, runs a plan on the simulator, and ends when its host lets go', async (context) => {
    const runner = host(context);
    const hello = await runner.hello();
    assert.deepEqual([hello.protocolVersion, hello.node, hello.pid], [1, process.versions.node, runner.process.pid]);

    const load = makeLoad(
      [makeStage('one', flat(40, 'poisson'), forTime(1_000)), makeStage('two', users(4), forTime(500))],
      {
        warmup: makeWarmup({ kind: 'requests', requests: 5 }),
      },
    );
    const plan = planOf(load);
    const { runId, directory } = await runner.start({ plan, secrets: {}, workers: 2 });
    assert.equal((await latestOf(plan)).state, 'running');
    const finished = await runner.event('run.finished');
    assert.equal(finished.runId, runId);
    assert.equal(finished.directory, directory);
    assert.equal(finished.requests.failed, 0);
    assert.ok(finished.requests.succeeded > 30, `${finished.requests.succeeded} succeeded`);
    assert.ok('ttft' in finished.metrics);
    assert.equal((await latestOf(plan)).state, 'finished');

    const names = new Set(runner.events.map(({ name }) => name));
    for (const name of ['run.started', 'stage.started', 'stage.ended', 'snapshot'] as const)
      assert.ok(names.has(name), name);
    const records = await linesOf<RequestRecord>(directory, 'requests.jsonl');
    assert.equal(records.filter(({ stage }) => stage === 'warmup').length, 5);
    assert.equal(records.filter(({ stage }) => stage !== 'warmup').length, finished.requests.due);
    assert.deepEqual(
      records.map(({ id }) => id).toSorted((left, right) => left - right),
      Array.from({ length: records.length }, (_, index) => index - 5),
    );
    const events = await linesOf<RunEventRecord>(directory, 'events.jsonl');
    assert.deepEqual(
      events
        .filter(({ type }) => type.startsWith('stage.'))
        .map((event) => [event.type, 'stage' in event ? event.stage : '']),
      [
        ['stage.started', 'one'],
        ['stage.ended', 'one'],
        ['stage.started', 'two'],
        ['stage.ended', 'two'],
      ],
    );
    assert.equal(events.at(-1)?.type, 'run.ended');
    assert.ok((await linesOf(directory, 'monitors.jsonl')).length > 0);

    runner.process.disconnect();
    assert.deepEqual(await runner.exited, { code: finished.exitCode, signal: null });
  });

  it('stop: nothing new is sent, what is in flight is finished, the report is written', async (context) => {
    const runner = host(context);
    const { directory } = await runner.start({ plan: planOf(LONG), secrets: {} });
    await runner.event('snapshot', ({ total }) => total.ok >= 20);
    await runner.stop();
    const { why, drainMs } = await runner.event('stopping');
    assert.deepEqual([why, drainMs], ['user-stop', 30_000]);
    const finished = await runner.event('run.finished');
    assert.deepEqual([finished.outcome, finished.exitCode, finished.error?.code], ['aborted', 3, 'RUN_INTERRUPTED']);
    const records = await linesOf<RequestRecord>(directory, 'requests.jsonl');
    assert.ok(
      records.every(({ outcome }) => outcome === 'ok'),
      'none was cut',
    );
  });

  it('abort: what is in flight is cut at once, and counted as censored', async (context) => {
    const runner = host(context);
    const plan = planOf(LONG);
    const slow = { ...plan.backend.options, firstTokenMs: { kind: 'constant', value: 60_000 } } as const;
    const { directory } = await runner.start({
      plan: { ...plan, backend: { ...plan.backend, options: slow } },
      secrets: {},
    });
    await runner.event('snapshot', ({ inFlight }) => inFlight >= 20);
    await runner.abort();
    const finished = await runner.event('run.finished');
    assert.equal(finished.outcome, 'aborted');
    const records = await linesOf<RequestRecord>(directory, 'requests.jsonl');
    assert.ok(records.length >= 20 && records.every(({ outcome }) => outcome === 'censored'));
    assert.equal(finished.requests.censored, records.length);
  });

  it('stop before the run has begun ends it as soon as it has', async (context) => {
    const runner = host(context);
    const starting = runner.start({ plan: planOf(LONG), secrets: {} });
    await runner.stop();
    await starting;
    const finished = await runner.event('run.finished');
    assert.equal(finished.outcome, 'aborted');
  });

  it('kill -9: the record is whole up to the last second', async (context) => {
    const runner = host(context);
    const plan = planOf(LONG);
    const { directory } = await runner.start({ plan, secrets: {} });
    await runner.event('snapshot', ({ total }) => total.ok >= 60);
    const shown = runner.events.findLast(({ name }) => name === 'snapshot')?.data as { total: { ok: number } };
    runner.process.kill('SIGKILL');
    assert.equal((await runner.exited).signal, 'SIGKILL');
    const records = await linesOf<RequestRecord>(directory, 'requests.jsonl', 'torn');
    // A batch is shown and handed to the system in the same turn; nothing that was shown earlier than that may be missing.
    assert.ok(records.length >= shown.total.ok - 20, `${records.length} recorded, ${shown.total.ok} shown`);
    const events = await linesOf<RunEventRecord>(directory, 'events.jsonl', 'torn');
    assert.equal(events[0]?.type, 'run.started');
    const latest = await latestOf(plan);
    assert.deepEqual([latest.state, latest.pid], ['running', runner.process.pid]);
  });

  it('a host that goes away takes the run with it: cut, reported, gone', async (context) => {
    const runner = host(context);
    const { directory } = await runner.start({ plan: planOf(LONG), secrets: {} });
    await runner.event('snapshot', ({ total }) => total.ok >= 5);
    runner.process.disconnect();
    assert.equal((await runner.exited).code, 3);
    const events = await linesOf<RunEventRecord>(directory, 'events.jsonl');
    assert.ok(events.some((event) => event.type === 'stopping' && event.why === 'host-gone'));
    const report = JSON.parse(await readFile(join(directory, 'report.json'), 'utf8')) as { run: { outcome: string } };
    assert.equal(report.run.outcome, 'aborted');
  });

  it('SIGTERM cuts and reports', async (context) => {
    const runner = host(context);
    await runner.start({ plan: planOf(LONG), secrets: {} });
    await runner.event('snapshot', ({ total }) => total.ok >= 5);
    runner.process.kill('SIGTERM');
    assert.equal((await runner.event('stopping')).why, 'user-abort');
    await runner.event('run.finished');
  });
});

describe('what cannot be run', () => {
  // A runner that refused a plan takes another.
  let runner: RunnerHost;
  before(() => {
    runner = startRunnerHost();
  });
  after(async () => {
    runner.process.disconnect();
    await runner.exited;
  });

  const failing = async (plan: RunPlan, secrets: Record<string, string> = {}) => {
    runner.events.length = 0;
    const refused = runner.start({ plan, secrets }).then(
      () => assert.fail('it was started'),
      (error: { code: string }) => error.code,
    );
    const { error } = await runner.event('run.failed');
    assert.equal(await refused, error.code);
    assert.equal(await readdir(plan.report.directory as string).catch(() => 'nothing'), 'nothing');
    return error;
  };
  const openAi = (url: string, changes: Partial<RunPlan['backend']> = {}): RunPlan => {
    const plan = planOf(LONG);
    return { ...plan, backend: { ...plan.backend, protocol: 'openai.chat', model: 'm', url, options: {}, ...changes } };
  };

  it('a plan that is none', async () => {
    const error = await failing({ ...planOf(LONG), schema: 'other' as RunPlan['schema'] });
    assert.equal(error.code, 'RUN_PLAN_UNREADABLE');
  });

  it('a feature that is not available yet, by name', async () => {
    const error = await failing({ ...planOf(LONG), uses: ['search'] });
    assert.deepEqual([error.code, error.message], ['RUN_NOT_AVAILABLE', '`search` is not available yet.']);
  });

  it('a secret without a value: its name', async () => {
    const error = await failing(openAi('http://127.0.0.1:9', { key: { kind: 'secret', name: 'NO_SUCH_KEY' } }));
    assert.equal(error.code, 'RUN_SECRET_MISSING');
    assert.match(error.message, /NO_SUCH_KEY/);
  });

  it('a server that is not there', async () => {
    const unused = createServer();
    await new Promise<void>((resolve) => unused.listen(0, '127.0.0.1', resolve));
    const { port } = unused.address() as { port: number };
    await new Promise((resolve) => unused.close(resolve));
    const error = await failing(openAi(`http://127.0.0.1:${port}`));
    assert.deepEqual([error.code, error.exitCode], ['RUN_BACKEND_UNREACHABLE', 3]);
    assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${port}`));
  });

  it('a results folder that cannot be made', async () => {
    const plan = planOf(LONG);
    const file = new URL(import.meta.url).pathname;
    await assert.rejects(
      runner.start({ plan: { ...plan, report: { ...plan.report, directory: file } }, secrets: {} }),
      {
        code: 'RUN_OUTPUT_NOT_WRITABLE',
      },
    );
  });

  it('a request that is not well-formed', async () => {
    const params = { plan: planOf(LONG), secrets: { KEY: 5 } };
    await assert.rejects(runner.start(params as never), { code: 'RUN_PLAN_UNREADABLE' });
  });
});

it('without a host it says what it is, and ends', async () => {
  const { spawnSync } = await import('node:child_process');
  const entry = new URL('../../src/runner/main.ts', import.meta.url).pathname;
  const { status, stderr } = spawnSync(process.execPath, [entry], { encoding: 'utf8' });
  assert.equal(status, 3);
  assert.match(stderr, /benchwright run/);
});
