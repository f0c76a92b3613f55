/** A request client under test with a server of its own, and a clock that can be set forward. */
import type { RequestRecord } from '../../src/contract/outcome.ts';
import type { BackendPlan, TimeoutsPlan } from '../../src/contract/plan.ts';
import type { Backend } from '../../src/runner/backends/backend.ts';
import { loadBackend } from '../../src/runner/backends/registry.ts';
import type { Prompt } from '../../src/runner/datasets/dataset.ts';
import { createClock, readOriginNs, type Clock } from '../../src/runner/platform/clock.ts';
import type { NameLookup } from '../../src/runner/platform/name-lookup.ts';
import {
  createRequestClient,
  type ActiveRequest,
  type RequestClient,
  type RequestJob,
} from '../../src/runner/request/request-client.ts';
import { chunk, END_OF_BODY, ending, event, STREAM_HEAD } from '../fixtures/servers/behaviour.ts';
import { chatDialect } from '../fixtures/servers/openai-dialect.ts';
import { backendPlan } from './backend-plan.ts';
import { startRawServer, type AnswerRequest, type RawServer, type RawServerOptions } from './raw-server.ts';

/** A complete answer of one token. */
export const GOOD_ANSWER =
  STREAM_HEAD + chunk(event(chatDialect.token('a')) + ending(chatDialect, 7, 1)).toString() + END_OF_BODY;

export const answerWell: AnswerRequest = (socket) => {
  socket.write(GOOD_ANSWER);
};

export interface RequestBench {
  readonly server: RawServer;
  readonly client: RequestClient;
  readonly clock: Clock;
  readonly bugs: unknown[];
  /** Makes the client believe that time has passed. */
  skipMs(ms: number): void;
  job(more?: Partial<RequestJob>): RequestJob;
  /** Sends one request and waits for its record. */
  request(more?: Partial<RequestJob>): Promise<RequestRecord>;
  start(more?: Partial<RequestJob>): { readonly active: ActiveRequest; readonly record: Promise<RequestRecord> };
  close(): Promise<void>;
}

export interface RequestBenchOptions {
  readonly plan?: Partial<BackendPlan>;
  readonly timeouts?: Partial<TimeoutsPlan>;
  readonly server?: RawServerOptions;
  readonly wrap?: (backend: Backend) => Backend;
  /** In place of the system's resolver. */
  readonly lookup?: NameLookup;
  /** Where no server of our own should answer. */
  readonly url?: string;
}

export const PROMPT: Prompt = { messages: [{ role: 'user', content: 'Hi' }], text: 'Hi' };

export async function openRequestBench(
  answer: AnswerRequest,
  options: RequestBenchOptions = {},
): Promise<RequestBench> {
  const server = await startRawServer(answer, options.server);
  const realClock = createClock(readOriginNs());
  let skippedMs = 0;
  const clock: Clock = { ...realClock, nowMs: () => realClock.nowMs() + skippedMs };
  const plan = backendPlan({
    url: options.url ?? server.url,
    timeouts: { connectMs: 5000, firstTokenMs: 5000, betweenTokensMs: 5000, totalMs: 10_000, ...options.timeouts },
    ...options.plan,
  });
  const backend = await loadBackend(plan, {});
  const bugs: unknown[] = [];
  const client = createRequestClient({
    backend: options.wrap?.(backend) ?? backend,
    plan,
    clock,
    secrets: {},
    keepText: false,
    ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
    onBug: (error) => bugs.push(error),
  });
  let nextId = 0;
  const job = (more: Partial<RequestJob> = {}): RequestJob => ({
    id: nextId++,
    stage: 's',
    dueMs: clock.nowMs(),
    prompt: PROMPT,
    bytes: client.prepare(PROMPT),
    ...more,
  });
  const start: RequestBench['start'] = (more) => {
    let active: ActiveRequest | undefined;
    const record = new Promise<RequestRecord>((resolve) => {
      active = client.send(job(more), resolve);
    });
    return { active: active as ActiveRequest, record };
  };
  return {
    server,
    client,
    clock,
    bugs,
    skipMs: (ms) => {
      skippedMs += ms;
    },
    job,
    start,
    request: (more) => start(more).record,
    close: async () => {
      await client.close();
      await server.close();
    },
  };
}

/** The next turns of the event loop, until `condition` holds; fails loudly when it never does. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 5000; turn += 1) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error(`never happened: ${what}`);
}
