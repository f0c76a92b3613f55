/** A host of the real runner process, as the extension is one: the process from its source, over Node's IPC. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Channel } from '../../src/contract/protocol/channel.ts';
import {
  PROTOCOL_VERSION,
  type RateAnswer,
  type RateWish,
  type RunnerEvents,
  type RunnerHello,
  type RunnerRequests,
  type StartParams,
} from '../../src/contract/protocol/runner.ts';

type None = Record<never, never>;

export interface RunnerHost {
  readonly process: ChildProcess;
  readonly events: { readonly name: keyof RunnerEvents; readonly data: unknown }[];
  hello(): Promise<RunnerHello>;
  start(params: StartParams): Promise<RunnerRequests['start']['result']>;
  setRate(wish: RateWish): Promise<RateAnswer>;
  stop(): Promise<unknown>;
  abort(): Promise<unknown>;
  /** The first event of this name for which `matches` holds, past or to come. Rejects when the process is gone before. */
  event<Name extends keyof RunnerEvents>(
    name: Name,
    matches?: (data: RunnerEvents[Name]) => boolean,
  ): Promise<RunnerEvents[Name]>;
  /** Resolves when the process is gone. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** What it printed on standard error. */
  readonly printed: () => string;
}

const EVENTS: readonly (keyof RunnerEvents)[] = [
  'run.started',
  'stage.started',
  'stage.ended',
  'snapshot',
  'alert',
  'log',
  'stopping',
  'run.finished',
  'run.failed',
];

export function startRunnerHost(environment: NodeJS.ProcessEnv = process.env): RunnerHost {
  const entry = fileURLToPath(new URL('../../src/runner/main.ts', import.meta.url));
  const child = fork(entry, [], { execArgv: [], env: environment, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const channel = new Channel<None, RunnerRequests, None, RunnerEvents>({
    post: (message) => void (child.connected && child.send(message as object, () => {})),
    onMessage(listener) {
      child.on('message', listener);
      return () => child.off('message', listener);
    },
  });
  let printed = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const events: RunnerHost['events'] = [];
  const watchers = new Set<() => void>();
  for (const name of EVENTS)
    channel.on(name, (data) => {
      events.push({ name, data });
      for (const watcher of watchers) watcher();
    });
  const exited = once(child, 'exit').then(([code, signal]) => {
    channel.close();
    return { code: code as number | null, signal: signal as string | null };
  });
  return {
    process: child,
    events,
    hello: () => channel.call('hello', { protocolVersion: PROTOCOL_VERSION, client: 'test' }),
    start: (params) => channel.call('start', params),
    setRate: (wish) => channel.call('setRate', wish),
    stop: () => channel.call('stop', {}),
    abort: () => channel.call('abort', {}),
    event: (name, matches = () => true) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = events.find((each) => each.name === name && matches(each.data as never));
          if (found === undefined) return;
          watchers.delete(look);
          resolve(found.data as never);
        };
        watchers.add(look);
        void exited.then(() => {
          watchers.delete(look);
          reject(new Error(`the runner is gone without "${name}". ${printed}`));
        });
        look();
      }),
    exited,
    printed: () => printed,
  };
}
