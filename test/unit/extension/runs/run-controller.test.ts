import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { RunError } from '../../../../src/contract/errors.ts';
import type { CompileResult } from '../../../../src/contract/protocol/language.ts';
import { RunController, ScenarioError, type RunPorts } from '../../../../src/extension/runs/run-controller.ts';
import { RunIndex } from '../../../../src/extension/runs/run-index.ts';
import type { RunSession } from '../../../../src/extension/runs/run-session.ts';
import { RunnerProcess, type RunnerCommand } from '../../../../src/extension/runs/runner-process.ts';
import { readSettings } from '../../../../src/extension/settings.ts';
import { makePlan } from '../../../helpers/make-plan.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'benchwright-controller-'));
const runners: RunnerProcess[] = [];
after(() => {
  for (const runner of runners) runner.kill();
  rmSync(folder, { recursive: true });
});

const target = { uri: pathToFileURL(path.join(folder, 'chat.bench')).href, benchmark: 'quickstart' };
const compiled: CompileResult = { planJson: JSON.stringify(makePlan()), diagnostics: [], secrets: [] };

interface Setup {
  readonly controller: RunController;
  readonly index: RunIndex;
  readonly log: string[];
  readonly commands: RunnerCommand[];
}

let directoryCount = 0;

function setUp(behaviour: string, changes: Partial<RunPorts> = {}): Setup {
  const store = new Map<string, unknown>();
  const log: string[] = [];
  const commands: RunnerCommand[] = [];
  const directory = path.join(folder, `result-${directoryCount++}`);
  const index = new RunIndex(
    { get: (key) => store.get(key), update: async (key, value) => void store.set(key, value) },
    process.pid,
  );
  const ports: RunPorts = {
    checkTrust: () => undefined,
    save: async () => undefined,
    compile: async () => compiled,
    secretValues: async () => ({}),
    settings: () => readSettings(() => undefined),
    findNode: async () => process.execPath,
    launch: (command) => {
      commands.push(command);
      const runner = new RunnerProcess({
        ...command,
        env: { ...command.env, FAKE_RUNNER: behaviour, FAKE_RUNNER_DIRECTORY: directory },
      });
      runners.push(runner);
      return runner;
    },
    runnerEntry: path.join(import.meta.dirname, '../../../helpers/fake-runner.ts'),
    clientName: 'test',
    log: (level, message) => log.push(`${level}: ${message}`),
    now: () => '2026-11-21T10:00:00.000Z',
    ...changes,
  };
  return { controller: new RunController(ports, index), index, log, commands };
}

async function untilRunning(session: RunSession): Promise<void> {
  if (session.latest !== undefined) return;
  await new Promise<void>((resolve) => {
    const listening = session.onChange.on(() => {
      if (session.latest === undefined && !session.isOver) return;
      listening.dispose();
      resolve();
    });
  });
}

const ended = (controller: RunController): Promise<RunSession> =>
  new Promise((resolve) => controller.onDidEnd.on(resolve));

test('a run goes from its lens to its result', async () => {
  const { controller, index } = setUp('finishes');
  const started: RunSession[] = [];
  controller.onDidStart.on((session) => started.push(session));
  const end = ended(controller);
  const session = await controller.run(target);
  assert.deepEqual(started, [session]);
  assert.equal((await session.over).finished?.outcome, 'passed');
  assert.equal(session.latest?.total.ok, 3);
  await end;
  assert.deepEqual(controller.active, []);
  assert.equal(index.find('fake-run')?.state, 'ended');
});

test('the plan is passed on as the language server made it', async () => {
  const plan = makePlan({ seed: 4711 });
  const { controller } = setUp('finishes', { compile: async () => ({ ...compiled, planJson: JSON.stringify(plan) }) });
  const session = await controller.run(target);
  assert.deepEqual(session.plan, plan);
  await session.over;
});

test('one run at a time per file', async () => {
  const { controller } = setUp('runs');
  const end = ended(controller);
  const first = controller.run(target);
  await assert.rejects(controller.run(target), {
    code: 'RUN_NOT_AVAILABLE',
    message: /chat\.bench is running already/,
  });
  const session = await first;
  await untilRunning(session);
  await controller.stop(session);
  await end;
  const again = await controller.run(target);
  await untilRunning(again);
  await controller.abort(again);
  assert.equal((await again.over).finished?.outcome, 'aborted');
});

test('it can be run again as soon as its result is seen, once, while the process of the last run is still going', async () => {
  const { controller, commands } = setUp('finishes');
  const first = await controller.run(target);
  await first.over;
  const again = [controller.run(target), controller.run(target)];
  const settled = await Promise.allSettled(again);
  assert.deepEqual(
    settled.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
  assert.equal((await (await again[0]!).over).finished?.outcome, 'passed');
  assert.equal(commands.length, 2);
});

test('stop drains, and says so at once', async () => {
  const { controller } = setUp('runs');
  const session = await controller.run(target);
  await untilRunning(session);
  const states: string[] = [];
  session.onMessage.on((message) => states.push(message.type === 'stopping' ? message.message : message.type));
  await controller.stop(session);
  assert.equal((await session.over).state, 'ended');
  assert.deepEqual(states, ['Stopping: waiting for the requests in flight', 'Draining 3 requests', 'finished']);
});

test('steps of the rate add up, also those that follow before an answer; the plan’s rate is one step away', async () => {
  const { controller } = setUp('runs');
  const session = await controller.run(target);
  await untilRunning(session);
  const factors: (number | undefined)[] = [];
  session.onMessage.on((message) => {
    if (message.type === 'snapshot') factors.push(message.snapshot.rateFactor);
  });
  await Promise.all([controller.changeRate(session, 'up'), controller.changeRate(session, 'up')]);
  await controller.changeRate(session, 'down');
  await controller.changeRate(session, 'plan');
  await controller.changeRate(session, 'plan');
  assert.deepEqual(factors, [1.1, 1.2, 1.1, 1]);
  void controller.stop(session);
  await controller.changeRate(session, 'up');
  await session.over;
  await controller.changeRate(session, 'up');
  assert.equal(factors.length, 4, 'a run that stops, or is over, has no rate');
});

test('a rate that is refused is said on the dashboard, and the next step begins where the load is', async () => {
  const { controller } = setUp('refuses-rates');
  const session = await controller.run(target);
  await untilRunning(session);
  const alerts: string[] = [];
  session.onMessage.on((message) => {
    if (message.type === 'alert') alerts.push(message.text);
  });
  await controller.changeRate(session, 'up');
  await controller.changeRate(session, 'plan');
  assert.deepEqual(alerts, ['The rate stays as it is: There is no load to change.']);
  await controller.abort(session);
  await session.over;
});

test('errors in the file start nothing', async () => {
  const diagnostic = {
    code: 'BENCH2003',
    severity: 'error',
    message: 'There is no backend nope.',
    file: '/a.bench',
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 2,
  } as const;
  const { controller, commands } = setUp('finishes', {
    compile: async () => ({ diagnostics: [diagnostic], secrets: [] }),
  });
  await assert.rejects(
    controller.run(target),
    (error) => error instanceof ScenarioError && error.message === diagnostic.message,
  );
  assert.deepEqual(commands, []);
  assert.deepEqual(controller.active, []);
});

test('a workspace that is not trusted starts nothing, and nothing is even saved', async () => {
  const saved: string[] = [];
  const { controller, commands } = setUp('finishes', {
    checkTrust: () => {
      throw new RunError('RUN_NOT_AVAILABLE', 'not trusted');
    },
    save: async (uri) => void saved.push(uri),
  });
  await assert.rejects(controller.run(target), { message: 'not trusted' });
  assert.deepEqual([commands, saved], [[], []]);
});

test('secrets travel in the start message only', async () => {
  const { controller, commands, log, index } = setUp('echoes-secrets', {
    compile: async () => ({ ...compiled, secrets: ['API_KEY'] }),
    secretValues: async (names) => Object.fromEntries(names.map((name) => [name, 'tr0ub4dor'])),
  });
  const session = await controller.run(target);
  await session.over;
  assert.ok(
    log.some((line) => line.includes('{"API_KEY":"tr0ub4dor"}')),
    'the runner got it',
  );
  assert.ok(!JSON.stringify([commands, session.plan, session.replay(), index.entries()]).includes('tr0ub4dor'));
});

test('a refusal is told with its remedy', async () => {
  const { controller } = setUp('refuses');
  const session = await controller.run(target);
  await session.over;
  assert.equal(session.state, 'lost');
  assert.deepEqual([session.error?.code, session.error?.hint], ['RUN_BACKEND_UNREACHABLE', 'Start the server.']);
  assert.equal(session.replay().at(-1)?.type, 'failed');
});

test('a runner that is killed is missed, and its record offered', async () => {
  const { controller } = setUp('dies-while-running');
  const end = ended(controller);
  const session = await controller.run(target);
  await end;
  assert.equal(session.state, 'lost');
  assert.match(session.error?.message ?? '', /load generator of quickstart is gone: killed by SIGKILL/);
  const failed = session.replay().at(-1);
  assert.ok(failed?.type === 'failed' && failed.canMakeReport === true);
});

test('a dashboard opened late hears everything it missed', async () => {
  const { controller } = setUp('finishes');
  const session = await controller.run(target);
  await session.over;
  assert.deepEqual(
    session.replay().map((message) => message.type),
    ['reset', 'history', 'finished'],
  );
});

test('aborting twice kills a runner that does not end', async () => {
  const { controller } = setUp('runs', {});
  const session = await controller.run(target);
  await untilRunning(session);
  const end = ended(controller);
  void controller.abort(session);
  void controller.abort(session);
  await end;
  assert.ok(session.isOver);
});

test('a scenario that another window or terminal runs is left to it', async () => {
  const { controller, commands } = setUp('finishes');
  const elsewhere = { ...target, uri: pathToFileURL(path.join(folder, 'elsewhere.bench')).href };
  const results = path.join(folder, 'elsewhere.bench.results');
  const latest = (pid: number, state: string): void => {
    mkdirSync(path.join(results, 'r1'), { recursive: true });
    writeFileSync(path.join(results, 'r1', 'requests.jsonl'), '');
    writeFileSync(path.join(results, 'latest.json'), JSON.stringify({ directory: 'r1', state, pid }));
  };
  latest(process.pid, 'running');
  await assert.rejects(controller.run(elsewhere), {
    code: 'RUN_NOT_AVAILABLE',
    message: `elsewhere.bench is being run by another window or terminal (process ${process.pid}).`,
  });
  assert.deepEqual(commands, []);
  // A record that nobody has written to for a while is that of a killed run, whoever has its process id now.
  utimesSync(path.join(results, 'r1', 'requests.jsonl'), 0, 0);
  await (
    await controller.run(elsewhere)
  ).over;
});
