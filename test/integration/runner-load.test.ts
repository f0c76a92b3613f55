/** Kinds of load over real sockets: what the server sees of them, and what the record and the report say. */
import { after, before, describe, it, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestRecord } from '../../src/contract/outcome.ts';
import type { DatasetPlan, LoadPlan, RunPlan } from '../../src/contract/plan.ts';
import type { RunFinished } from '../../src/contract/protocol/runner.ts';
import type { ReportData } from '../../src/contract/report.ts';
import { chatDialect } from '../fixtures/servers/openai-dialect.ts';
import {
  chunk,
  END_OF_BODY,
  ending,
  event,
  pause,
  STREAM_HEAD,
  type Behaviour,
} from '../fixtures/servers/behaviour.ts';
import { flat, forRequests, forTime, makeLoad, makeStage, users } from '../helpers/make-load.ts';
import { makePlan } from '../helpers/make-plan.ts';
import { openAiServer } from '../helpers/openai-server.ts';
import { startRunnerHost, type RunnerHost } from '../helpers/runner-host.ts';

let root = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'benchwright-load-'));
});
after(() => rm(root, { recursive: true }));

interface Ended {
  readonly finished: RunFinished;
  readonly report: ReportData;
  /** In the order of the schedule. */
  readonly records: readonly RequestRecord[];
}

async function run(
  t: TestContext,
  url: string,
  load: LoadPlan,
  changes: Partial<RunPlan> = {},
  meanwhile: (runner: RunnerHost) => Promise<void> = async () => {},
): Promise<Ended> {
  const { backend, ...rest } = makePlan();
  const plan = {
    ...rest,
    load,
    slas: [],
    monitors: [],
    backend: { ...backend, protocol: 'openai.chat', url, model: 'm', options: {} },
    report: { formats: ['json', 'html', 'markdown'], directory: await mkdtemp(join(root, 'results-')) },
    ...changes,
  };
  const runner = startRunnerHost();
  t.after(async () => {
    runner.process.kill('SIGKILL');
    await runner.exited;
  });
  const { directory } = await runner.start({ plan, secrets: {}, workers: 2 });
  await meanwhile(runner);
  const finished = await runner.event('run.finished');
  const text = async (name: string): Promise<string> => readFile(join(directory, name), 'utf8');
  const lines = (await text('requests.jsonl')).split('\n').filter((line) => line !== '');
  return {
    finished,
    report: JSON.parse(await text('report.json')) as ReportData,
    records: lines.map((line) => JSON.parse(line) as RequestRecord).toSorted((left, right) => left.dueMs - right.dueMs),
  };
}

async function datasetOf(source: string, text: string, options: DatasetPlan['options']): Promise<DatasetPlan> {
  const path = join(await mkdtemp(join(root, 'data-')), 'data.jsonl');
  await writeFile(path, text);
  const { dataset } = makePlan();
  return { ...dataset, source, freshPrefix: false, options: { path, ...options } };
}

describe('conversations', () => {
  /** Thinks aloud, and then answers with the number of messages it was sent. */
  const answers: Behaviour = async ({ socket, request }) => {
    const { messages } = JSON.parse(request.body) as { messages: unknown[] };
    const thought = chatDialect.reasoning?.('hmm') ?? '';
    socket.write(STREAM_HEAD + chunk(event(thought) + event(chatDialect.token(`to ${messages.length}`))).toString());
    await pause(20);
    socket.write(chunk(event(chatDialect.token(' "messages"')) + ending(chatDialect, 8, 4)).toString() + END_OF_BODY);
  };
  const spoken = Array.from({ length: 20 }, (_, number) => ({
    conversations: [1, 2, 3].flatMap((turn) => [
      { from: 'human', value: `question ${number}.${turn}` },
      { from: 'gpt', value: 'recorded' },
    ]),
  }));

  for (const [kind, stage] of [
    ['open', makeStage('open', flat(20), forTime(500))],
    ['closed', makeStage('closed', users(3), forRequests(24))],
  ] as const)
    it(`${kind} loop: a turn follows the answer, and carries what was really said`, async (t) => {
      const server = await openAiServer(t, { answers: { '': answers } });
      const dataset = await datasetOf('sharegpt', JSON.stringify(spoken), { turns: 'all' });
      const { records, report } = await run(t, server.url, makeLoad([stage]), { dataset });
      const sent = server.requests
        .filter(({ method }) => method === 'POST')
        .map(({ body }) =>
          (JSON.parse(body) as { messages: { content: string }[] }).messages.map(({ content }) => content),
        );
      const third = sent.find((contents) => contents.at(-1) === 'question 1.3');
      assert.deepEqual(third, ['question 1.1', 'to 1 "messages"', 'question 1.2', 'to 3 "messages"', 'question 1.3']);
      const bySession = Map.groupBy(records, ({ session }) => session);
      for (const turns of bySession.values())
        turns.forEach((each, index) => {
          assert.equal(each.turn, index + 1);
          assert.equal(each.turns, 3);
          const before = turns[index - 1];
          if (before === undefined) return;
          assert.ok(each.dueMs >= (before.endMs ?? Infinity) - 0.001, 'due when the answer was there');
          assert.ok((each.sentMs ?? 0) >= (before.endMs ?? Infinity), 'sent after the answer');
        });
      const { sessions } = report;
      assert.equal(sessions?.begun, bySession.size);
      assert.equal(sessions.begun, sessions.completed + sessions.unfinished);
      assert.ok(sessions.completed >= 5, `${sessions.completed} completed`);
      assert.deepEqual(
        sessions.byTurn.map(({ requests }) => requests).reduce((sum, count) => sum + count, 0),
        report.requests.due,
      );
    });
});

describe('a replay', () => {
  it('sends a recording at its own times, twice as fast', async (t) => {
    const server = await openAiServer(t);
    const recorded = [0, 100, 120, 400, 900].map((at) => `${JSON.stringify({ at, prompt: `at ${at}` })}\n`).join('');
    const dataset = await datasetOf('jsonl', recorded, { timestampPath: '$.at' });
    const stage = makeStage('again', { kind: 'replay', speed: 2 }, { kind: 'dataset' });
    const { records, report } = await run(t, server.url, makeLoad([stage]), { dataset });
    const startMs = report.stages[0]?.startedMs ?? 0;
    assert.deepEqual(
      records.map(({ dueMs }) => Math.round(dueMs - startMs)),
      [0, 50, 60, 200, 450],
    );
    assert.ok(records.every(({ outcome }) => outcome === 'ok'));
    assert.ok(Math.abs((report.stages[0]?.asked.ratePerSecond ?? 0) - 5 / 0.45) < 0.1, 'asked as recorded');
  });

  it('of a dataset without arrival times is refused before anything is sent', async (t) => {
    const server = await openAiServer(t);
    const stage = makeStage('again', { kind: 'replay', speed: 2 }, { kind: 'dataset' });
    await assert.rejects(run(t, server.url, makeLoad([stage])), /replays arrival times, and dataset .* has none/);
    assert.deepEqual(server.requests, []);
  });
});

describe('users who hang up', () => {
  it('are seen by the server, and counted apart', async (t) => {
    const heldMs: number[] = [];
    /** One token, and then nothing, until the client hangs up. */
    const stalls: Behaviour = ({ socket }) => {
      const beganMs = performance.now();
      socket.write(STREAM_HEAD + chunk(event(chatDialect.token('a'))).toString());
      socket.on('close', () => heldMs.push(performance.now() - beganMs));
    };
    const server = await openAiServer(t, { answers: { '': stalls } });
    const load = makeLoad([makeStage('short', flat(20), forTime(500))], {
      abandon: { shareRatio: 1, afterMs: 150 },
    });
    const { report, records } = await run(t, server.url, load);
    assert.equal(report.requests.abandoned, 10);
    assert.equal(report.requests.failed, 0);
    assert.ok(records.every(({ outcome }) => outcome === 'abandoned'));
    assert.equal(heldMs.length, 10);
    assert.ok(
      heldMs.every((each) => each > 120 && each < 1_000),
      `${heldMs.map(Math.round).join(' ')}`,
    );
  });
});

describe('a budget', () => {
  const { backend } = makePlan();
  const endless = makeLoad([makeStage('steady', flat(100), forTime(600_000))]);
  for (const [kind, budget, used] of [
    ['requests', { requests: 30 }, 'requests'],
    ['tokens', { tokens: 120 }, 'tokens'],
    ['time', { timeMs: 600 }, 'timeMs'],
  ] as const)
    it(`of ${kind} ends the run in order, with exit code 3, and the report says so`, async (t) => {
      const server = await openAiServer(t);
      const { finished, report, records } = await run(t, server.url, endless, {
        budget,
        backend: { ...backend, protocol: 'openai.chat', url: server.url, model: 'm', options: {} },
      });
      assert.equal(finished.exitCode, 3);
      assert.equal(finished.error?.code, 'RUN_BUDGET_SPENT');
      assert.match(finished.error.message, /^The budget of .* is spent/);
      assert.equal(report.budget?.spent, kind);
      const use = report.budget[used];
      assert.ok(use !== undefined && use.used >= use.limit, `${use?.used} of ${use?.limit}`);
      assert.ok(records.every(({ outcome }) => outcome === 'ok'));
      if (kind === 'requests') {
        assert.equal(records.length, 30);
        // The preflight sends one of its own.
        assert.ok(server.requests.filter(({ method }) => method === 'POST').length - 30 <= 1);
      }
    });
});

describe('the rate, changed while the load runs', () => {
  it('is what is asked for and delivered from then on; the record and the report say when', async (t) => {
    const server = await openAiServer(t);
    const load = makeLoad([makeStage('steady', flat(20), forTime(3_000))]);
    const { report, records } = await run(t, server.url, load, {}, async (runner) => {
      await runner.event('snapshot', ({ stage }) => stage.elapsedMs > 500);
      const refused = await runner.setRate({ factor: 1e9 });
      assert.ok('refused' in refused && /between/.test(refused.refused));
      const changed = await runner.setRate({ ratePerSecond: 80 });
      assert.ok('factor' in changed && Math.abs(changed.factor - 4) < 1e-9, JSON.stringify(changed));
      await runner.event('snapshot', ({ rateFactor }) => rateFactor === 4);
    });
    const [stage] = report.stages;
    const [change] = stage?.asked.changes ?? [];
    assert.equal(change?.factor, 4);
    const changedMs = (stage?.startedMs ?? 0) + change.atMs;
    const within = (fromMs: number, toMs: number): number =>
      records.filter(({ dueMs }) => dueMs >= fromMs && dueMs < toMs).length;
    const endMs = (stage?.startedMs ?? 0) + 3_000;
    const before = within(0, changedMs);
    assert.ok(Math.abs(before - change.atMs / 50) <= 1, `${before} in the ${change.atMs} ms before`);
    assert.ok(Math.abs(within(changedMs, endMs) - (3_000 - change.atMs) / 12.5) <= 1, 'four times as many after it');
    assert.ok(Math.abs((stage?.asked.ratePerSecond ?? 0) - records.length / 3) < 0.7);
  });
});
