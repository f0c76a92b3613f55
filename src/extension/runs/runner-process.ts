/** One runner process: started, spoken to over its IPC channel, and known to be gone when it is. */
import { fork, type ChildProcess } from 'node:child_process';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunError } from '../../contract/errors.ts';
import { Channel, ChannelError, type Port } from '../../contract/protocol/channel.ts';
import {
  PROTOCOL_VERSION,
  type RateAnswer,
  type RateWish,
  type RunnerEvents,
  type RunnerHello,
  type RunnerRequests,
  type StartParams,
} from '../../contract/protocol/runner.ts';
import { checkNodeVersion } from './node-version.ts';

export interface RunnerCommand {
  /** The program: a Node, or VS Code's own executable. */
  readonly node: string;
  /** Absolute path of the runner's entry. */
  readonly entry: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Lines the process prints, which is nothing in good times. */
  readonly onOutput: (line: string) => void;
}

export interface RunnerEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

type NoMessages = Record<string, never>;

const HELLO_WITHIN_MS = 20_000;
const LAST_WORDS_WITHIN_MS = 300;
const KEPT_OUTPUT_LINES = 20;

export class RunnerProcess {
  readonly #child: ChildProcess;
  readonly #channel: Channel<NoMessages, RunnerRequests, NoMessages, RunnerEvents>;
  readonly #lastOutput: string[] = [];
  /** Resolves when the process is gone, however it went. */
  readonly ended: Promise<RunnerEnd>;

  constructor(command: RunnerCommand) {
    this.#child = fork(command.entry, [], {
      execPath: command.node,
      execArgv: [],
      cwd: command.cwd,
      env: runnerEnvironment(command.env),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#channel = new Channel(portOf(this.#child));
    this.ended = new Promise((resolve) => {
      // A program that cannot be started has no exit, only an error.
      this.#child.once('error', () => resolve({ exitCode: null, signal: null }));
      this.#child.once('exit', (exitCode, signal) => {
        void lastWords(this.#child).then(() => resolve({ exitCode, signal }));
      });
    });
    void this.ended.then(() => this.#channel.close());
    for (const stream of [this.#child.stdout, this.#child.stderr])
      onLines(stream, (line) => {
        this.#lastOutput.push(line);
        this.#lastOutput.splice(0, this.#lastOutput.length - KEPT_OUTPUT_LINES);
        command.onOutput(line);
      });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** What the process printed last, for the message about its death. */
  get lastOutput(): string {
    return this.#lastOutput.join('\n');
  }

  /** @throws RunError when it does not answer, is of another version, or runs under a Node that is too old. */
  async hello(client: string, withinMs = HELLO_WITHIN_MS): Promise<RunnerHello> {
    const answer = this.#channel.call('hello', { protocolVersion: PROTOCOL_VERSION, client });
    const hello = await this.#within(answer, withinMs);
    checkNodeVersion(hello.node, 'the one it was started with');
    if (hello.protocolVersion !== PROTOCOL_VERSION)
      throw new RunError(
        'RUN_INTERNAL',
        `The load generator speaks version ${hello.protocolVersion} of the protocol, the editor ${PROTOCOL_VERSION}.`,
        { hint: 'Reinstall the extension: its parts are of different versions.' },
      );
    return hello;
  }

  /** @throws RunError why the runner refused the plan, or that it died. */
  async start(params: StartParams): Promise<{ readonly runId: string; readonly directory: string }> {
    return this.#translated(this.#channel.call('start', params));
  }

  async stop(): Promise<void> {
    await this.#translated(this.#channel.call('stop', {}));
  }

  async setRate(wish: RateWish): Promise<RateAnswer> {
    return this.#translated(this.#channel.call('setRate', wish));
  }

  async abort(): Promise<void> {
    await this.#translated(this.#channel.call('abort', {}));
  }

  on<Name extends keyof RunnerEvents>(name: Name, listener: (data: RunnerEvents[Name]) => void): void {
    this.#channel.on(name, listener);
  }

  /** Lets go of it: a runner without a host ends by itself. */
  disconnect(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  /** At once, without a report. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #within<T>(answer: Promise<T>, withinMs: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new RunError('RUN_INTERNAL', `The load generator did not answer within ${withinMs / 1000} s.`));
        this.kill();
      }, withinMs);
    });
    try {
      return await this.#translated(Promise.race([answer, late]));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Errors of the channel, which know only a code, as RunErrors. */
  async #translated<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (thrown) {
      if (!(thrown instanceof ChannelError)) throw thrown;
      if (thrown.code !== 'CHANNEL_CLOSED') throw new RunError(thrown.code as RunError['code'], thrown.message);
      const { exitCode, signal } = await this.ended;
      throw new RunError('RUN_INTERRUPTED', `The load generator ended (${describeEnd({ exitCode, signal })}).`, {
        hint: this.lastOutput === '' ? undefined : this.lastOutput,
      });
    }
  }
}

export function describeEnd({ exitCode, signal }: RunnerEnd): string {
  if (signal !== null) return `killed by ${signal}`;
  return exitCode === null ? 'it could not be started' : `exit code ${exitCode}`;
}

/** VS Code's own Electron becomes a Node by the first; the others would let a debugger of the editor into the load generator. */
function runnerEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, VSCODE_INSPECTOR_OPTIONS: __, ...rest } = env;
  return { ...rest, ELECTRON_RUN_AS_NODE: '1' };
}

function portOf(child: ChildProcess): Port {
  return {
    // The callback takes the error of a process that has just gone; `ended` tells of that.
    post: (message) => void (child.connected && child.send(message as object, () => undefined)),
    onMessage: (listener) => {
      child.on('message', listener);
      return () => child.off('message', listener);
    },
  };
}

/** `close` would tell that all output was read, but does not come once the channel was disconnected from this side. */
async function lastWords({ stdout, stderr }: ChildProcess): Promise<void> {
  const ends = [stdout, stderr].flatMap((stream) => (stream === null ? [] : [finished(stream).catch(() => undefined)]));
  await Promise.race([Promise.all(ends), sleep(LAST_WORDS_WITHIN_MS, undefined, { ref: false })]);
}

function onLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream?.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
