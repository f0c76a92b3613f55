/** A command line whose language, runner and files are plain values of the test. */
import { EventEmitter } from 'node:events';
import type { RunFinished, RunnerEventLine, StartParams } from '../../src/contract/protocol/runner.ts';
import type { CommandContext } from '../../src/runner/cli/command.ts';
import type { CompiledScenario, Services } from '../../src/runner/cli/services.ts';
import type { RunHandle, RunHost } from '../../src/runner/run/run.ts';
import { fakeTerminal, type FakeTerminal } from './fake-terminal.ts';
import { makePlan } from './make-plan.ts';
import { DIRECTORY, finishedRun, started } from './run-events.ts';

export interface FakeCommandContext extends CommandContext {
  readonly terminal: FakeTerminal;
  readonly signals: EventEmitter;
  /** Exit codes with which the command left at once. */
  readonly left: number[];
  /** What was started, in order. */
  readonly runs: FakeRun[];
  readonly texts: Map<string, string>;
}

/** A run that waits for the test to end it. */
export interface FakeRun {
  readonly params: StartParams;
  readonly steps: string[];
  emit(line: RunnerEventLine): void;
  finish(result?: RunFinished): void;
  fail(error: Error): void;
}

export function scenarioWith(changes: Partial<CompiledScenario> = {}): CompiledScenario {
  return {
    diagnostics: [],
    benchmarks: ['quickstart'],
    studies: [],
    study: () => undefined,
    plan: (benchmark) => ({ plan: makePlan({ benchmark }), json: `{ "benchmark": "${benchmark}" }\n` }),
    ...changes,
  };
}

export function fakeCommandContext(
  options: {
    readonly scenario?: CompiledScenario;
    readonly environment?: Record<string, string>;
    readonly terminal?: FakeTerminal;
    readonly services?: Partial<Services>;
    /** Called for each run as it starts; without it every run passes at once. */
    readonly onRun?: (run: FakeRun) => void;
    /** What a run answers to a wish for another rate. */
    readonly onRate?: RunHandle['setRate'];
    /** Called while a run is being prepared. */
    readonly onPreparing?: () => void;
  } = {},
): FakeCommandContext {
  const runs: FakeRun[] = [];
  const left: number[] = [];
  const texts = new Map([
    ['/home/ada/chat.bench', 'benchmark quickstart {}\n'],
    ['/home/ada/notes.txt', 'remember the milk\n'],
  ]);
  const scenario = options.scenario ?? scenarioWith();
  const startRun = async (params: StartParams, host: RunHost): Promise<RunHandle> => {
    options.onPreparing?.();
    let resolve: (finished: RunFinished) => void = () => {};
    let reject: (thrown: unknown) => void = () => {};
    const finished = new Promise<RunFinished>((onFinished, onFailed) => {
      resolve = onFinished;
      reject = onFailed;
    });
    const run: FakeRun = {
      params,
      steps: [],
      emit: (line) => host.onEvent(line),
      finish(result = finishedRun()) {
        host.onEvent({ event: 'run.finished', data: result });
        resolve(result);
      },
      fail: (error) => reject(error),
    };
    runs.push(run);
    host.onEvent(started(params.plan));
    // Not before the command has its handle.
    setImmediate(() => {
      try {
        (options.onRun ?? ((each) => each.finish()))(run);
      } catch (thrown) {
        reject(thrown);
      }
    });
    return {
      runId: 'r1',
      directory: DIRECTORY,
      stop: () => run.steps.push('stop'),
      setRate: options.onRate ?? (() => ({ refused: 'There is no load to change.' })),
      abort: () => run.steps.push('abort'),
      finished,
    };
  };
  return {
    terminal: options.terminal ?? fakeTerminal(),
    environment: options.environment ?? {},
    signals: new EventEmitter(),
    left,
    leave: (exitCode) => left.push(exitCode),
    runs,
    texts,
    services: {
      language: async () => ({
        compile: async () => scenario,
        format: async (file) => ({ text: (texts.get(file) ?? '').replaceAll('\t', '  ') }),
      }),
      startRun: async () => startRun,
      renderReport: async () => ({ report: { run: {} } as never, files: {} }),
      startSimulator: async () => ({
        url: 'http://127.0.0.1:8000',
        settings: [],
        lateness: async () => ({ tokens: 0 }),
        stop: async () => {},
      }),
      serveLanguage: async () => {},
      files: {
        resolve: (path) => (path.startsWith('/') ? path : `/home/ada/${path}`),
        readText: (path) => texts.get(path),
        writeText: (path, text) => void texts.set(path, text),
        isDirectory: (path) => path === '/home/ada/results',
      },
      ...options.services,
    },
  };
}
