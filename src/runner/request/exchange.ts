/**
 * One request from `send` to its record: what its connection tells while it is under way, the stamps, and the end it comes to.
 * The stamps of an answer are those of its connection's network reads, never of the moment its bytes get looked at.
 */
import type { FailureReason, OutcomeKind } from '../../contract/outcome.ts';
import type { TimeoutsPlan } from '../../contract/plan.ts';
import {
  READ_ANSWER,
  READ_DONE,
  READ_FAILED,
  READ_OUTPUT,
  type AnswerEnd,
  type AnswerReader,
  type ResponseHeaders,
} from '../backends/backend.ts';
import type { Clock } from '../platform/clock.ts';
import { handleReads, type AnswerListener, type Connection, type ConnectPhase } from '../platform/http.ts';
import { createInflater, type Inflater } from '../platform/inflate.ts';
import type { Expiring } from './deadlines.ts';
import { NO_PLACE, type Placed } from './flight-list.ts';
import type { OutputStamps } from './output-stamps.ts';
import type { ActiveRequest, Done, RequestJob } from './request-client.ts';
import { connectFailure, describeError, isClosedConnection, transportFailure } from './transport-failure.ts';
import type { ConnectionWaiter } from './connection-pool.ts';

/** How long the rest of a body may take after the stream has said that it is complete: the record does not wait longer. */
const REST_OF_BODY_MS = 1_000;
/** How long the words that come with an error status are waited for. */
const COMPLAINT_MS = 1_000;
/**
 * A reused connection that ends unanswered within this time of sending had been closed by the server before the request
 * reached it; later than that, the server had the request (docs/adr/0021-sending-again-after-a-stale-connection.md).
 */
export const RESEND_WITHIN_MS = 1_000;

/** What all requests of one client share. */
export interface ExchangeHost {
  readonly clock: Clock;
  readonly timeouts: TimeoutsPlan;
  readonly streams: boolean;
  /** It is over: `ending` is set. */
  onOver(exchange: Exchange): void;
  /** Its connection turned out to be dead: it wants a new one. */
  onResend(exchange: Exchange): void;
  /** It has a deadline earlier than any told before. Deadlines that move away are not told. */
  onDeadline(deadlineMs: number): void;
  onBug(error: unknown): void;
}

/** What came out, before it is put into the words of a record. */
export interface Ending {
  readonly outcome: OutcomeKind;
  readonly reason?: FailureReason;
  readonly detail?: string;
  readonly answer?: AnswerEnd;
}

export class Exchange implements ActiveRequest, AnswerListener, ConnectionWaiter, Expiring, Placed {
  readonly id: number;
  readonly stage: string;
  readonly job: RequestJob;
  readonly stamps: OutputStamps;
  readonly reader: AnswerReader;
  readonly done: Done;

  sentMs: number | undefined;
  connectMs: number | undefined;
  headersMs: number | undefined;
  firstByteMs: number | undefined;
  firstAnswerMs: number | undefined;
  lastMs: number | undefined;
  endMs: number | undefined;
  status: number | undefined;
  resends = 0;
  ending: Ending | undefined;
  connection: Connection | undefined;
  /** The connection can take another request. */
  isConnectionFree = false;
  overdueMs: number | undefined;
  place = NO_PLACE;

  private readonly host: ExchangeHost;
  /** Since when it has been waiting for a connection. */
  private waitingSinceMs: number;
  private isConnecting = false;
  /** It had been opened for another request, or ahead. */
  private isReusedConnection = false;
  private readsBefore = 0;
  private lastOutputRead = -1;
  private lastRead = 0;
  private lastReadMs = 0;
  private inflater: Inflater | undefined;

  constructor(
    host: ExchangeHost,
    job: RequestJob,
    parts: {
      readonly reader: AnswerReader;
      readonly stamps: OutputStamps;
      readonly done: Done;
    },
  ) {
    this.host = host;
    this.job = job;
    this.id = job.id;
    this.stage = job.stage;
    this.reader = parts.reader;
    this.stamps = parts.stamps;
    this.done = parts.done;
    this.waitingSinceMs = host.clock.nowMs();
  }

  get reads(): number {
    return this.stamps.count;
  }

  cut(outcome: 'abandoned' | 'censored'): void {
    // What came in time counts.
    handleReads();
    if (this.ending !== undefined) return;
    // Only the rest of the body is missing of a stream that has said it is complete.
    if (this.endMs !== undefined) this.finishAnswer(true);
    else this.finish({ outcome, answer: this.reader.end(false) });
  }

  /** Goes out on `connection`, which is ready. */
  sendOn(connection: Connection, isReused: boolean): void {
    this.connection = connection;
    this.isReusedConnection = isReused;
    this.isConnecting = false;
    this.readsBefore = connection.reads;
    this.sentMs = this.host.clock.nowMs();
    connection.send(this.job.bytes, this);
    this.host.onDeadline(this.deadlineMs());
  }

  waitFor(connection: Connection): void {
    this.connection = connection;
    this.isConnecting = true;
    this.waitingSinceMs = this.host.clock.nowMs();
    this.host.onDeadline(this.deadlineMs());
  }

  onConnection(connection: Connection): void {
    if (this.ending !== undefined) return;
    this.connectMs = connection.connectMs;
    this.sendOn(connection, false);
  }

  onConnectFailed(error: NodeJS.ErrnoException, phase: ConnectPhase): void {
    this.fail(connectFailure(error, phase), describeError(error));
  }

  onHead(status: number, headers: ResponseHeaders): void {
    if (this.ending !== undefined || this.connection === undefined) return;
    this.status = status;
    this.headersMs = this.connection.readAtMs;
    this.reader.head(status, headers);
    if (this.isComplaint()) this.host.onDeadline(this.deadlineMs());
    const encoding = headers['content-encoding'];
    if (encoding === undefined || encoding === '' || encoding === 'identity') return;
    this.inflater = createInflater(String(encoding), this);
    if (this.inflater === undefined) this.failReading('wrong-content', `content-encoding: ${String(encoding)}`);
  }

  onBody(bytes: Buffer, start: number, end: number): void {
    const { connection } = this;
    if (this.ending !== undefined || connection === undefined) return;
    const { readAtMs } = connection;
    this.firstByteMs ??= readAtMs;
    if (this.inflater === undefined) this.note(this.reader.read(bytes, start, end), readAtMs, connection.reads);
    else this.inflater.write(bytes.subarray(start, end), readAtMs);
  }

  onEnd(): void {
    const { connection } = this;
    if (connection === undefined) return;
    connection.served += 1;
    this.isConnectionFree = true;
    if (this.ending !== undefined) return;
    // A body that ends with its connection ends outside of any read.
    this.endMs ??= connection.isReading ? connection.readAtMs : this.host.clock.nowMs();
    if (this.inflater === undefined) this.finishAnswer(true);
    else this.inflater.end();
  }

  onBroken(kind: 'malformed' | 'too-large', detail: string): void {
    if (this.ending !== undefined) return;
    if (kind === 'too-large') this.failReading('too-large', detail);
    else this.failReading(this.headersMs === undefined ? 'wrong-content' : 'malformed-stream', detail);
  }

  onLost(error: NodeJS.ErrnoException): void {
    if (this.ending !== undefined) return;
    if (this.mayResend(error)) {
      this.resends += 1;
      this.sentMs = undefined;
      this.host.onResend(this);
      return;
    }
    const reason = transportFailure(error, this.headersMs !== undefined);
    if (reason === 'internal') this.host.onBug(error);
    if (reason === 'stream-cut') this.finishAnswer(false);
    else this.failReading(reason, describeError(error));
  }

  // Inflater events: output that was compressed.

  onInflated(bytes: Uint8Array, readAtMs: number): void {
    if (this.ending !== undefined) return;
    // Reads have distinct stamps, all but surely; two within one tick of the clock are one as far as a gap can tell.
    this.note(this.reader.read(bytes), readAtMs, readAtMs);
  }

  onInflateEnd(): void {
    this.finishAnswer(true);
  }

  onInflateError(kind: 'malformed' | 'too-large'): void {
    this.failReading(
      kind === 'too-large' ? 'too-large' : 'malformed-stream',
      'the compressed answer cannot be unpacked',
    );
  }

  deadlineMs(): number {
    const { timeouts, streams } = this.host;
    if (this.endMs !== undefined) return this.endMs + REST_OF_BODY_MS;
    if (this.sentMs === undefined)
      return this.waitingSinceMs + (this.isConnecting ? timeouts.connectMs : timeouts.totalMs);
    let deadlineMs = this.sentMs + timeouts.totalMs;
    const { abandonAfterMs } = this.job;
    if (abandonAfterMs !== undefined) deadlineMs = Math.min(deadlineMs, this.sentMs + abandonAfterMs);
    if (this.isComplaint()) return Math.min(deadlineMs, (this.headersMs ?? 0) + COMPLAINT_MS);
    if (!streams) return deadlineMs;
    const { lastMs } = this.stamps;
    return Math.min(
      deadlineMs,
      lastMs === undefined ? this.sentMs + timeouts.firstTokenMs : lastMs + timeouts.betweenTokensMs,
    );
  }

  expire(): void {
    const { timeouts, streams } = this.host;
    const deadlineMs = this.deadlineMs();
    if (this.endMs !== undefined) this.finishAnswer(true);
    else if (this.sentMs === undefined) this.fail(this.isConnecting ? 'connect-timeout' : 'total-timeout');
    else if (this.job.abandonAfterMs !== undefined && deadlineMs === this.sentMs + this.job.abandonAfterMs)
      this.cut('abandoned');
    else if (this.isComplaint()) this.finishAnswer(false);
    else if (deadlineMs === this.sentMs + timeouts.totalMs || !streams) this.fail('total-timeout');
    else this.fail(this.stamps.count === 0 ? 'first-token-timeout' : 'between-tokens-timeout');
  }

  /** For what went wrong on our side while it was under way. */
  failInternally(error: unknown): void {
    this.host.onBug(error);
    this.fail('internal', error instanceof Error ? error.message : String(error));
  }

  /** `read` tells one network read from another. */
  private note(bits: number, readAtMs: number, read: number): void {
    this.lastReadMs = readAtMs;
    this.lastRead = read;
    if (bits === 0) return;
    if ((bits & READ_OUTPUT) !== 0) {
      this.lastMs = readAtMs;
      if (this.host.streams) {
        if (read !== this.lastOutputRead) {
          this.lastOutputRead = read;
          if (!this.stamps.push(readAtMs)) return this.fail('too-large', 'a stream without end');
          if (this.stamps.count === 1) this.host.onDeadline(this.deadlineMs());
        }
        if ((bits & READ_ANSWER) !== 0) this.firstAnswerMs ??= readAtMs;
      }
    }
    if ((bits & READ_FAILED) !== 0) this.finishAnswer(false);
    else if ((bits & READ_DONE) !== 0 && this.endMs === undefined) {
      this.endMs = readAtMs;
      this.host.onDeadline(this.deadlineMs());
    }
  }

  private isComplaint(): boolean {
    return this.status !== undefined && (this.status < 200 || this.status > 299);
  }

  /** The connection had been idle, and was closed before the server can have seen the request; once only. */
  private mayResend(error: NodeJS.ErrnoException): boolean {
    const { connection } = this;
    if (!this.isReusedConnection || this.resends > 0 || connection === undefined || !isClosedConnection(error))
      return false;
    if (this.sentMs === undefined) return true;
    return connection.reads === this.readsBefore && this.host.clock.nowMs() - this.sentMs <= RESEND_WITHIN_MS;
  }

  /** The reader says what the answer was. */
  private finishAnswer(isComplete: boolean): void {
    if (this.ending !== undefined) return;
    const answer = this.reader.end(isComplete);
    if (answer.bits !== undefined) this.note(answer.bits, this.lastReadMs, this.lastRead);
    const { failure } = answer;
    if (failure === undefined) this.finish({ outcome: 'ok', answer });
    else this.finish({ outcome: 'failed', ...failure, answer });
  }

  /** Where the answer could not be read to its end. An error status stands all the same: it is only its words that are missing. */
  private failReading(reason: FailureReason, detail: string): void {
    if (this.isComplaint()) this.finishAnswer(false);
    else this.fail(reason, detail);
  }

  private fail(reason: FailureReason, detail?: string): void {
    this.finish({
      outcome: 'failed',
      reason,
      ...(detail === undefined ? {} : { detail }),
      answer: this.reader.end(false),
    });
  }

  private finish(ending: Ending): void {
    if (this.ending !== undefined) return;
    this.ending = ending;
    this.endMs ??= this.host.clock.nowMs();
    this.inflater?.dispose();
    if (!this.isConnectionFree) this.hangUp();
    this.host.onOver(this);
  }

  private hangUp(): void {
    this.connection?.destroy();
  }
}
