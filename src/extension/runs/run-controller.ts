/** From a benchmark's name to its end: save, compile, secrets, process, events. One run at a time per file. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { RunError } from '../../contract/errors.ts';
import type { RunPlan } from '../../contract/plan.ts';
import { steppedFactor, type RateStep } from '../../contract/rate-steps.ts';
import type { CompileDiagnostic, CompileResult } from '../../contract/protocol/language.ts';
import { Emitter } from '../emitter.ts';
import type { Settings } from '../settings.ts';
import { exists, findRunner } from './results.ts';
import type { RunIndex } from './run-index.ts';
import { RunSession, interruptedError, type RunOrigin, type RunTarget } from './run-session.ts';
import { describeEnd, type RunnerCommand, type RunnerProcess } from './runner-process.ts';
import { RESULT_FILES } from '../../contract/record.ts';

/** What the controller needs of the world. */
export interface RunPorts {
  /** @throws RunError where nothing may be started. */
  checkTrust(): void;
  save(uri: string): Promise<void>;
  compile(target: RunTarget): Promise<CompileResult>;
  /** @throws RunError RUN_SECRET_MISSING that names it. */
  secretValues(names: readonly string[], benchmark: string): Promise<Readonly<Record<string, string>>>;
  settings(uri: string): Settings;
  /** @throws RunError RUN_NODE_TOO_OLD */
  findNode(settings: Settings): Promise<string>;
  launch(command: RunnerCommand): RunnerProcess;
  /** Absolute path of the runner's entry. */
  readonly runnerEntry: string;
  readonly clientName: string;
  log(level: 'debug' | 'info' | 'warning' | 'error', message: string): void;
  now(): string;
}

/** The scenario does not compile: nothing was started, the diagnostics are in the Problems panel. */
export class ScenarioError extends Error {
  readonly diagnostics: readonly CompileDiagnostic[];
  constructor(diagnostics: readonly CompileDiagnostic[]) {
    super(diagnostics.find((each) => each.severity === 'error')?.message ?? 'The scenario has errors.');
    this.name = 'ScenarioError';
    this.diagnostics = diagnostics;
  }
}

interface ActiveRun {
  readonly session: RunSession;
  readonly process: RunnerProcess;
  /** Resolves when the process is gone and all that hangs on it is put in order. */
  readonly gone: Promise<void>;
  isAborting: boolean;
  /** What the load was last asked to be, of the plan's. */
  askedFactor: number;
}

/** A runner goes as soon as its run is over; one that does not still holds its place. */
const GONE_WITHIN_MS = 10_000;

export class RunController {
  readonly onDidStart = new Emitter<RunSession>();
  readonly onDidEnd = new Emitter<RunSession>();
  readonly #ports: RunPorts;
  readonly #index: RunIndex;
  /** By scenario; `undefined` while it is being prepared. */
  readonly #active = new Map<string, ActiveRun | undefined>();
  readonly #newest = new Map<string, RunSession>();

  constructor(ports: RunPorts, index: RunIndex) {
    this.#ports = ports;
    this.#index = index;
  }

  /** Runs that go on now. */
  get active(): readonly RunSession[] {
    return [...this.#active.values()].flatMap((run) => (run === undefined ? [] : [run.session]));
  }

  /** The newest run of each scenario in this window, over or not. */
  get newest(): readonly RunSession[] {
    return [...this.#newest.values()];
  }

  /**
   * Resolves as soon as there is a session to follow; how it ends is told by `session.over`.
   * @throws ScenarioError when the file has errors, RunError when nothing could be started.
   */
  async run(target: RunTarget, origin: RunOrigin = 'command'): Promise<RunSession> {
    await this.#leaveOf(target.uri);
    if (this.#active.has(target.uri))
      throw new RunError('RUN_NOT_AVAILABLE', `A benchmark of ${fileName(target.uri)} is running already.`, {
        hint: 'Stop it, or wait for its end: two runs at once would measure each other.',
      });
    this.#active.set(target.uri, undefined);
    try {
      return await this.#begin(target, origin);
    } catch (error) {
      this.#active.delete(target.uri);
      throw error;
    }
  }

  /** No new requests; those in flight are drained and the report is written. */
  async stop(session: RunSession): Promise<void> {
    const run = this.#runOf(session);
    if (run === undefined || session.state === 'stopping') return;
    session.stopping('Stopping: waiting for the requests in flight');
    await run.process.stop().catch((error: unknown) => this.#ports.log('warning', `stop: ${String(error)}`));
  }

  /** Requests in flight are cut; asked again, the process is killed and the record is what is left. */
  async abort(session: RunSession): Promise<void> {
    const run = this.#runOf(session);
    if (run === undefined) return;
    if (run.isAborting) return run.process.kill();
    run.isAborting = true;
    session.stopping('Aborting: requests in flight are cut, the report is being written');
    await run.process.abort().catch((error: unknown) => this.#ports.log('warning', `abort: ${String(error)}`));
  }

  /** More or less load than the plan asks for, while it is being sent. */
  async changeRate(session: RunSession, step: RateStep): Promise<void> {
    const run = this.#runOf(session);
    if (run === undefined || session.state !== 'running') return;
    const factor = steppedFactor(run.askedFactor, step);
    if (factor === run.askedFactor) return;
    // Before the answer: the next step goes on from here.
    run.askedFactor = factor;
    try {
      const answer = await run.process.setRate({ factor });
      if (!('refused' in answer)) return;
      session.refused(`The rate stays as it is: ${answer.refused}`);
    } catch (error) {
      this.#ports.log('warning', `setRate: ${String(error)}`);
    }
    run.askedFactor = session.latest?.rateFactor ?? 1;
  }

  /** The window closes: runners notice that their host is gone, drain and write their reports. */
  dispose(): void {
    for (const run of this.#active.values()) run?.process.disconnect();
    this.onDidStart.dispose();
    this.onDidEnd.dispose();
  }

  /** A result is on the screen a moment before its process is gone: who asks to run again then is not to be refused. */
  async #leaveOf(uri: string): Promise<void> {
    const run = this.#active.get(uri);
    if (run?.session.isOver === true) await Promise.race([run.gone, sleep(GONE_WITHIN_MS, undefined, { ref: false })]);
  }

  async #begin(target: RunTarget, origin: RunOrigin): Promise<RunSession> {
    const ports = this.#ports;
    ports.checkTrust();
    await ports.save(target.uri);
    const runner = await findRunner(fileURLToPath(target.uri));
    if (runner !== undefined)
      throw new RunError(
        'RUN_NOT_AVAILABLE',
        `${fileName(target.uri)} is being run by another window or terminal (process ${runner}).`,
        { hint: 'Wait for its end, or stop it there: two runs at once would measure each other.' },
      );
    const compiled = await ports.compile(target);
    if (compiled.study !== undefined)
      throw new RunError(
        'RUN_NOT_AVAILABLE',
        `\`${compiled.study.kind}\` is not available yet: \`${target.benchmark}\` can be checked, not run.`,
      );
    if (compiled.planJson === undefined) throw new ScenarioError(compiled.diagnostics);
    const plan = JSON.parse(compiled.planJson) as RunPlan;
    const secrets = await ports.secretValues(compiled.secrets, target.benchmark);
    const settings = ports.settings(target.uri);
    const node = await ports.findNode(settings);

    const session = new RunSession(target, plan, origin, ports.now());
    const process = ports.launch({
      node,
      entry: ports.runnerEntry,
      cwd: path.dirname(fileURLToPath(target.uri)),
      env: globalThis.process.env,
      onOutput: (line) => ports.log('warning', `runner: ${line}`),
    });
    const gone = process.ended.then((end) => this.#processEnded(session, process, describeEnd(end)));
    this.#active.set(target.uri, { session, process, gone, isAborting: false, askedFactor: 1 });
    this.#newest.set(target.uri, session);
    this.#listen(session, process);
    this.onDidStart.fire(session);
    void this.#start(session, process, {
      plan,
      secrets,
      ...(settings.workers === undefined ? {} : { workers: settings.workers }),
      ...(settings.calibrates ? {} : { calibrates: false }),
    });
    return session;
  }

  async #start(
    session: RunSession,
    process: RunnerProcess,
    params: {
      readonly plan: RunPlan;
      readonly secrets: Readonly<Record<string, string>>;
      readonly workers?: number;
      readonly calibrates?: boolean;
    },
  ): Promise<void> {
    try {
      const hello = await process.hello(this.#ports.clientName);
      this.#ports.log('info', `runner ${hello.version}, Node ${hello.node}, process ${hello.pid}`);
      const { runId, directory } = await process.start(params);
      session.began({ runId, directory, startedAt: this.#ports.now() });
    } catch (thrown) {
      // A refusal often comes twice, as the answer and as an event that also knows the remedy: let that one be first.
      await new Promise((resolve) => setImmediate(resolve));
      session.lose(RunError.from(thrown).toData());
      process.disconnect();
    }
  }

  #listen(session: RunSession, process: RunnerProcess): void {
    process.on('run.started', (data) => {
      session.began(data);
      void this.#index.began({
        runId: data.runId,
        uri: session.target.uri,
        benchmark: session.target.benchmark,
        directory: data.directory,
        startedAt: data.startedAt,
        ...(process.pid === undefined ? {} : { runnerPid: process.pid }),
      });
    });
    process.on('snapshot', (snapshot) => session.measured(snapshot));
    process.on('alert', (alert) => session.alarmed(alert));
    process.on('log', ({ level, message }) => this.#ports.log(level, message));
    process.on('stopping', ({ message }) => session.stopping(message));
    process.on('run.finished', (finished) => {
      session.finish(finished);
      process.disconnect();
    });
    process.on('run.failed', ({ error, directory }) => {
      void this.#lose(session, error, directory).then(() => process.disconnect());
    });
  }

  async #processEnded(session: RunSession, process: RunnerProcess, how: string): Promise<void> {
    if (!session.isOver) {
      const message = `The load generator of ${session.target.benchmark} is gone: ${how}.`;
      const hasRecord = session.directory !== undefined;
      const hint = hasRecord
        ? 'What was measured until then is on disk, at most the last second missing: the report can be made from it.'
        : process.lastOutput || undefined;
      await this.#lose(session, interruptedError(message, hint), session.directory);
    }
    this.#active.delete(session.target.uri);
    await this.#index.ended(session.runId);
    this.onDidEnd.fire(session);
  }

  async #lose(
    session: RunSession,
    error: ReturnType<RunError['toData']>,
    directory: string | undefined,
  ): Promise<void> {
    const hasRecord = directory !== undefined && (await exists(path.join(directory, RESULT_FILES.requests)));
    session.lose(error, hasRecord);
  }

  #runOf(session: RunSession): ActiveRun | undefined {
    const run = this.#active.get(session.target.uri);
    return run?.session === session && !session.isOver ? run : undefined;
  }
}

function fileName(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
}
