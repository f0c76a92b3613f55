/**
 * Entry of the runner process: one run, for a host that speaks the runner protocol over Node's IPC. A host that goes away takes the
 * run with it: what is in flight is cut, the report is written, nothing is orphaned.
 *
 * Nothing but the contract is imported before `start`, and the rest is a bundle of its own: a Node that is too old must get as far as
 * saying so, and could not even link the rest.
 */
import { fileURLToPath } from 'node:url';
import { EXIT_CODES, RunError } from '../contract/errors.ts';
import { isNewEnoughNode } from '../contract/node-version.ts';
import { Channel, type Port } from '../contract/protocol/channel.ts';
import {
  MINIMUM_NODE,
  PROTOCOL_VERSION,
  type RateAnswer,
  type RunnerEvents,
  type RunnerRequests,
  type StartParams,
} from '../contract/protocol/runner.ts';
import { VERSION } from '../contract/version.ts';
import type { RunHandle } from './run/run.ts';

type None = Record<never, never>;

class RunnerProcess {
  readonly #channel: Channel<RunnerRequests, None, RunnerEvents, None>;
  #handle: RunHandle | undefined;
  #isStarted = false;
  /** What was asked for before there was a handle. */
  #asked: 'stop' | 'abort' | 'host-gone' | undefined;

  constructor(port: Port) {
    this.#channel = new Channel(port);
    this.#channel.handle('hello', () => {
      checkNode();
      return { protocolVersion: PROTOCOL_VERSION, version: VERSION, node: process.versions.node, pid: process.pid };
    });
    this.#channel.handle('start', (params) => this.#start(params));
    this.#channel.handle('stop', () => this.ask('stop'));
    this.#channel.handle('setRate', (wish) => this.#setRate(wish));
    this.#channel.handle('abort', () => this.ask('abort'));
  }

  ask(what: 'stop' | 'abort' | 'host-gone'): Record<string, never> {
    this.#asked = what;
    if (what === 'stop') this.#handle?.stop();
    else this.#handle?.abort(what === 'abort' ? 'user-abort' : 'host-gone');
    return {};
  }

  #setRate(wish: unknown): RateAnswer {
    const { factor, ratePerSecond } = (wish ?? {}) as Record<string, unknown>;
    if (this.#handle === undefined) return { refused: 'There is no load to change.' };
    if (typeof factor === 'number') return this.#handle.setRate({ factor });
    if (typeof ratePerSecond === 'number') return this.#handle.setRate({ ratePerSecond });
    return { refused: 'A factor or a rate is needed.' };
  }

  /** Whether there is, or will be, a run to be ended first. */
  get isBusy(): boolean {
    return this.#isStarted;
  }

  /** The run ended because of a mistake of ours. */
  fail(thrown: unknown): void {
    this.#channel.send('run.failed', {
      error: RunError.from(thrown).toData(),
      ...(this.#handle === undefined ? {} : { directory: this.#handle.directory }),
    });
  }

  async #start(params: unknown): Promise<{ runId: string; directory: string }> {
    if (this.#isStarted) throw new RunError('RUN_INTERNAL', 'This runner has a run already: start another process.');
    this.#isStarted = true;
    try {
      checkNode();
      const { startRun } = await loadRun();
      const handle = await startRun(checkParams(params), {
        onEvent: ({ event, data }) => this.#channel.send(event, data),
      });
      this.#handle = handle;
      if (this.#asked !== undefined) this.ask(this.#asked);
      void this.#awaitEnd(handle);
      return { runId: handle.runId, directory: handle.directory };
    } catch (thrown) {
      const error = RunError.from(thrown);
      if (error.code === 'RUN_INTERNAL') printBug(thrown);
      process.exitCode = error.exitCode;
      // The event knows the remedy, which the answer cannot carry.
      this.#channel.send('run.failed', { error: error.toData() });
      this.#end();
      throw error;
    }
  }

  async #awaitEnd(handle: RunHandle): Promise<void> {
    try {
      process.exitCode = (await handle.finished).exitCode;
    } catch (thrown) {
      const error = RunError.from(thrown);
      if (error.code === 'RUN_INTERNAL') printBug(thrown);
      process.exitCode = error.exitCode;
    }
    this.#end();
  }

  /** With its host gone nothing keeps this process; with it there, the host lets go when it has heard. */
  #end(): void {
    this.#isStarted = false;
    if (!process.connected) process.exit();
  }
}

/** Beside this file in dist, at its place in the sources. */
async function loadRun(): Promise<typeof import('./run/start-run.ts')> {
  const isSource = fileURLToPath(import.meta.url).endsWith('.ts');
  return import(new URL(isSource ? './run/start-run.ts' : './start-run.js', import.meta.url).href);
}

/** @throws RunError RUN_NODE_TOO_OLD */
function checkNode(): void {
  if (isNewEnoughNode(process.versions.node)) return;
  throw new RunError(
    'RUN_NODE_TOO_OLD',
    `The runner needs Node ${MINIMUM_NODE} or newer, and this is Node ${process.versions.node}.`,
    { hint: 'Name a newer Node in the setting benchwright.runner.node.' },
  );
}

/** The plan is checked where it is used. @throws RunError RUN_PLAN_UNREADABLE */
function checkParams(params: unknown): StartParams {
  const { plan, secrets, workers, calibrates, outputDirectory, resumeDirectory } = (params ?? {}) as Record<
    string,
    unknown
  >;
  const areSecrets =
    typeof secrets === 'object' && secrets !== null && Object.values(secrets).every((each) => typeof each === 'string');
  const areWorkers = workers === undefined || (Number.isInteger(workers) && (workers as number) >= 1);
  const areDirectories = [outputDirectory, resumeDirectory].every(
    (each) => each === undefined || typeof each === 'string',
  );
  const isChoice = calibrates === undefined || typeof calibrates === 'boolean';
  if (!areSecrets || !areWorkers || !areDirectories || !isChoice)
    throw new RunError('RUN_PLAN_UNREADABLE', 'The request to start a run is not well-formed.');
  return {
    plan: plan as StartParams['plan'],
    secrets: secrets as StartParams['secrets'],
    ...(workers === undefined ? {} : { workers: workers as number }),
    ...(calibrates === undefined ? {} : { calibrates }),
    ...(outputDirectory === undefined ? {} : { outputDirectory: outputDirectory as string }),
    ...(resumeDirectory === undefined ? {} : { resumeDirectory: resumeDirectory as string }),
  };
}

function main(): void {
  if (process.send === undefined) {
    process.stderr.write(
      'This is the runner process of Benchwright: it is started by the editor. In a terminal, use `benchwright run`.\n',
    );
    process.exitCode = EXIT_CODES.run;
    return;
  }
  const runner = new RunnerProcess({
    // A host that has just gone is told of by `disconnect`.
    post: (message) => void (process.connected && process.send?.(message, undefined, undefined, () => {})),
    onMessage(listener) {
      process.on('message', listener);
      return () => process.off('message', listener);
    },
  });
  process.on('disconnect', () => {
    if (runner.isBusy) runner.ask('host-gone');
    else process.exit();
  });
  process.on('SIGINT', () => runner.ask('stop'));
  process.on('SIGTERM', () => (runner.isBusy ? runner.ask('abort') : process.exit()));
  process.on('uncaughtException', (error) => {
    printBug(error);
    process.exitCode = EXIT_CODES.run;
    runner.fail(error);
    setTimeout(() => process.exit(), LAST_WORDS_MS);
  });
}

/** Time for the last message to reach the host. */
const LAST_WORDS_MS = 100;

function printBug(thrown: unknown): void {
  process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
}

main();
