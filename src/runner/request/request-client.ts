/** The sending side of one worker thread: connections and requests in flight. A failed request is a record, never an exception. */
import { invariant } from '../../contract/errors.ts';
import type { RequestRecord } from '../../contract/outcome.ts';
import type { BackendPlan, TimeoutsPlan } from '../../contract/plan.ts';
import type { AnswerReader, Backend } from '../backends/backend.ts';
import type { Prompt, PromptFacts } from '../datasets/dataset.ts';
import { aborted } from '../platform/aborted.ts';
import type { Clock } from '../platform/clock.ts';
import { createRequestBytes } from '../platform/http-request.ts';
import { routeTo } from '../platform/http-route.ts';
import { handleReads } from '../platform/http.ts';
import type { NameLookup } from '../platform/name-lookup.ts';
import { ConnectionPool } from './connection-pool.ts';
import { DeadlineWatch } from './deadlines.ts';
import { Exchange, type ExchangeHost } from './exchange.ts';
import { FlightList } from './flight-list.ts';
import { OutputStamps } from './output-stamps.ts';
import { createRecord, type RecordContext } from './request-record.ts';
import { createCleanWords } from './server-words.ts';

/** One request to send, as the schedule wants it. */
export interface RequestJob {
  readonly id: number;
  readonly stage: string;
  /** When the schedule wanted it sent, ms since the run began. */
  readonly dueMs: number;
  readonly prompt: PromptFacts;
  /** Hang up this long after it was sent. */
  readonly abandonAfterMs?: number | undefined;
  /** Where the load has a budget: the prompt's length, for a server that does not tell. */
  readonly inputTokensEstimate?: number;
  /** What goes out: made by `prepare`. */
  readonly bytes: Uint8Array;
}

/**
 * Takes the record of a request that is over. Where texts are kept, `text` is the whole output, whose tokens are counted elsewhere and
 * completed in the record there, and `answer` what a user sees of it: without the reasoning.
 */
export type Done = (record: RequestRecord, text?: string, answer?: string) => void;

export interface ActiveRequest {
  readonly id: number;
  readonly stage: string;
  readonly sentMs: number | undefined;
  /** Network reads so far that carried output. */
  readonly reads?: number;
  /** Cuts the request; its record says why. No effect once it is over. */
  cut(outcome: 'abandoned' | 'censored'): void;
}

export interface RequestClient {
  /** The bytes of a request: made before it is due, so that sending it costs little. */
  prepare(prompt: Prompt): Uint8Array;
  /** Sends at once. `done` is called exactly once, never before `send` has returned. */
  send(job: RequestJob, done: Done): ActiveRequest;
  /**
   * Opens connections ahead of the window at a paced rate, until `count` are open. Resolves when each has opened or failed,
   * or when `signal` aborts; failures are left for requests to meet.
   */
  openConnections(count: number, perSecond: number, signal: AbortSignal): Promise<void>;
  readonly inFlight: Iterable<ActiveRequest>;
  /** Open sockets now; since the beginning: opened, used again, and requests sent again because theirs had been closed. */
  readonly connections: ConnectionCounts;
  /** Where the server's name led to so far, and when first (ms since the run began); empty where its url has no name. */
  readonly addresses: ReadonlyMap<string, number>;
  /** Cuts what is in flight (censored) and closes every connection. */
  close(): Promise<void>;
}

interface ConnectionCounts {
  readonly open: number;
  readonly opened: number;
  readonly reused: number;
  readonly resent: number;
}

export interface RequestClientOptions {
  readonly backend: Backend;
  /** With the address in `url`. */
  readonly plan: BackendPlan;
  readonly clock: Clock;
  /** Values of the plan's secret references; they are cut out of everything a server says. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Whether `done` gets the output's text: for a local tokenizer, and for conversations that go on. */
  readonly keepText: boolean;
  /** Called when a network read has been stamped, and when one has been handled in full: what is due meanwhile can be sent before the next one. */
  readonly afterRead?: () => void;
  /** Asked for the server's name; absent: the system's resolver. */
  readonly lookup?: NameLookup;
  /** Mistakes of Benchwright itself, which records call `internal`. */
  readonly onBug: (error: unknown) => void;
}

export function createRequestClient(options: RequestClientOptions): RequestClient {
  return new HttpRequestClient(options);
}

class HttpRequestClient implements RequestClient, ExchangeHost {
  readonly clock: Clock;
  readonly timeouts: TimeoutsPlan;
  readonly streams: boolean;
  readonly onBug: (error: unknown) => void;
  private readonly backend: Backend;
  private readonly keepText: boolean;
  private readonly recordContext: RecordContext;
  private readonly pool: ConnectionPool;
  private readonly active = new FlightList<Exchange>();
  private readonly deadlines: DeadlineWatch;
  private readonly bytesOf: ReturnType<typeof createRequestBytes>;
  /** Of requests that are over, for the next ones: what lives from one request to another need not be collected. */
  private readonly spareStamps: OutputStamps[] = [];
  private readonly spareReaders: AnswerReader[] = [];
  /** Over, but not yet told: that happens when the read that ended them has been handled in full. */
  private over: Exchange[] = [];
  private isFlushPlanned = false;
  private resent = 0;

  constructor(options: RequestClientOptions) {
    const { plan, backend, clock } = options;
    this.clock = clock;
    this.backend = backend;
    this.keepText = options.keepText;
    this.timeouts = plan.timeouts;
    this.streams = backend.streams;
    this.onBug = options.onBug;
    this.recordContext = {
      backend: plan.name,
      streams: backend.streams,
      trustsPromptLength: plan.tokenizer.kind === 'file' || plan.tokenizer.kind === 'tiktoken',
      clean: createCleanWords(Object.values(options.secrets)),
    };
    invariant(plan.url, 'a backend has a url by the time requests are sent');
    const route = routeTo(plan, options.lookup);
    this.bytesOf = createRequestBytes(route);
    const { afterRead } = options;
    this.pool = new ConnectionPool(route, clock, {
      onReadStamped: () => afterRead?.(),
      onReadHandled: () => {
        if (this.over.length > 0) this.flush();
        afterRead?.();
      },
    });
    this.deadlines = new DeadlineWatch(clock, this.active, handleReads);
  }

  get inFlight(): Iterable<ActiveRequest> {
    return this.active;
  }

  get connections(): ConnectionCounts {
    const { open, opened, reused } = this.pool;
    return { open, opened, reused, resent: this.resent };
  }

  get addresses(): ReadonlyMap<string, number> {
    return this.pool.addresses;
  }

  prepare(prompt: Prompt): Uint8Array {
    return this.bytesOf(this.backend.prepare(prompt));
  }

  send(job: RequestJob, done: Done): ActiveRequest {
    const exchange = new Exchange(this, job, {
      reader: this.spareReaders.pop() ?? this.backend.createReader({ keepText: this.keepText }),
      stamps: this.spareStamps.pop() ?? new OutputStamps(),
      done,
    });
    this.active.add(exchange);
    try {
      const connection = this.pool.takeIdle();
      if (connection === undefined) exchange.waitFor(this.pool.openFor(exchange));
      else exchange.sendOn(connection, true);
    } catch (error) {
      exchange.failInternally(error);
    }
    return exchange;
  }

  async openConnections(count: number, perSecond: number, signal: AbortSignal): Promise<void> {
    const beginMs = this.clock.nowMs();
    const opening: Promise<void>[] = [];
    const wanted = count - this.pool.open;
    for (let number = 0; number < wanted && !signal.aborted; number += 1) {
      await this.clock.sleepUntil(beginMs + (number * 1000) / perSecond, signal);
      if (!signal.aborted) opening.push(this.openIdleConnection());
    }
    await Promise.race([Promise.all(opening), aborted(signal)]);
  }

  async close(): Promise<void> {
    for (const exchange of [...this.active]) exchange.cut('censored');
    this.deadlines.dispose();
    this.pool.close();
    this.flush();
  }

  onOver(exchange: Exchange): void {
    this.active.delete(exchange);
    this.over.push(exchange);
    if (this.isFlushPlanned) return;
    this.isFlushPlanned = true;
    // Flushed sooner where the end came out of a read; not now, because its connection is in the middle of something.
    queueMicrotask(() => this.flush());
  }

  onResend(exchange: Exchange): void {
    this.resent += 1;
    // The other idle connections are likely as dead as this one.
    exchange.waitFor(this.pool.openFor(exchange));
  }

  onDeadline(deadlineMs: number): void {
    this.deadlines.mention(deadlineMs);
  }

  private openIdleConnection(): Promise<void> {
    return new Promise((resolve) => {
      const connection = this.pool.openFor({
        onConnection: (opened) => {
          cancelTimeout();
          this.pool.release(opened);
          resolve();
        },
        onConnectFailed: () => {
          cancelTimeout();
          resolve();
        },
      });
      const cancelTimeout = this.clock.after(this.timeouts.connectMs, () => connection.destroy());
    });
  }

  private flush(): void {
    while (this.over.length > 0) {
      const ended = this.over;
      this.over = [];
      this.isFlushPlanned = false;
      // All connections first: whoever is told may send the next request at once.
      for (const { isConnectionFree, connection } of ended)
        if (isConnectionFree && connection !== undefined) this.pool.release(connection);
      for (const exchange of ended) this.tell(exchange);
    }
  }

  private tell(exchange: Exchange): void {
    const record = createRecord(exchange, this.recordContext);
    const { text, answerText } = exchange.ending?.answer ?? {};
    exchange.stamps.clear();
    this.spareStamps.push(exchange.stamps);
    if (exchange.ending?.reason !== 'internal') {
      // One in which our own code broke may do so again.
      exchange.reader.reset();
      this.spareReaders.push(exchange.reader);
    }
    if (text === undefined) exchange.done(record);
    else exchange.done(record, text, answerText ?? text);
  }
}
