/**
 * One HTTP/1.1 connection whose socket reads are stamped before anything looks at the bytes.
 *
 * The socket reads into one buffer shared by all connections of the thread (`onread`); each read is stamped, and taken apart when no other
 * one waits for its stamp (read-backlog.ts), so that every event parsed out of one network read has that read's stamp
 * (docs/adr/0020-reads-are-stamped-before-http.md).
 */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from './clock.ts';
import { ResponseReader, type ResponseEvents } from './http-response.ts';
import { DEFAULT_TRUST, type HttpRoute } from './http-route.ts';
import { openTunnel } from './proxy-tunnel.ts';
import { ReadBacklog, type ReadHandler } from './read-backlog.ts';

/** An idle connection that has served is closed after this long, before servers that close after 5 s (uvicorn, Node, cpp-httplib) do. */
const IDLE_LIMIT_MS = 4_000;
/** A server that says how long it keeps idle connections is left this much earlier. */
const IDLE_MARGIN_MS = 2_000;

/** How far a connection had got when it failed. */
export type ConnectPhase = 'tcp' | 'tls';

export interface ConnectionEvents {
  onReady(connection: Connection): void;
  /** Never after `onReady`. */
  onFailed(connection: Connection, error: NodeJS.ErrnoException, phase: ConnectPhase): void;
  /** After `onReady`: the socket is gone, whoever closed it. */
  onClosed(connection: Connection): void;
  /** A network read was stamped. */
  onReadStamped(): void;
  /** It has been handled in full. */
  onReadHandled(): void;
}

/** Told of the answer to one request. */
export interface AnswerListener extends ResponseEvents {
  /** The connection ended before the answer was complete, or our own code broke while reading it. */
  onLost(error: NodeJS.ErrnoException): void;
}

/** The connection is over, and nobody said why. */
class ConnectionGoneError extends Error {
  readonly code = 'CONNECTION_GONE';
}

// A read is copied before the next one can happen on this thread, so all sockets read into the same memory.
const backlog = new ReadBacklog(setImmediate);

/** What was read of all connections so far is looked at now: what is decided next must know of it. */
export function handleReads(): void {
  backlog.handleAll();
}

export class Connection implements ReadHandler {
  /** Stamp of the newest network read that was looked at. */
  readAtMs = 0;
  /** Network reads looked at so far. */
  reads = 0;
  /** True while one is being looked at. */
  isReading = false;
  /** How long set-up took: DNS, TCP, TLS. */
  connectMs: number | undefined;
  /** Requests answered in full on it. */
  served = 0;
  /** Since when it has been waiting for a request. */
  idleSinceMs = 0;
  isReady = false;

  private readonly route: HttpRoute;
  private readonly clock: Clock;
  private readonly events: ConnectionEvents;
  private waitingReads = 0;
  private socket: Socket;
  private readonly openedAtMs: number;
  private readonly response = new ResponseReader();
  private listener: AnswerListener | undefined;
  private phase: ConnectPhase = 'tcp';
  private error: NodeJS.ErrnoException | undefined;

  constructor(route: HttpRoute, clock: Clock, events: ConnectionEvents) {
    this.route = route;
    this.clock = clock;
    this.events = events;
    this.openedAtMs = clock.nowMs();
    this.socket = this.openSocket();
  }

  get isOpen(): boolean {
    return this.isReady && !this.socket.destroyed;
  }

  /** Of whom it is connected to; absent once it is closed. */
  get remoteAddress(): string | undefined {
    return this.socket.remoteAddress;
  }

  /** Something was read that nobody has looked at yet. */
  get hasWaitingReads(): boolean {
    return this.waitingReads > 0;
  }

  /** The answer is over, and another request may be sent. */
  get isReusable(): boolean {
    return this.isOpen && this.response.keepsAlive && this.socket.writableLength === 0;
  }

  /** How long it may be idle and still be used. One that has never served is not timed by servers, as far as they are known. */
  get idleLimitMs(): number {
    if (this.served === 0) return Number.POSITIVE_INFINITY;
    return Math.min(IDLE_LIMIT_MS, (this.response.keepAliveMs ?? Number.POSITIVE_INFINITY) - IDLE_MARGIN_MS);
  }

  /** Sends one request; the previous one must be over. */
  send(request: Uint8Array, listener: AnswerListener): void {
    this.listener = listener;
    this.response.begin(listener);
    this.socket.write(request);
  }

  destroy(): void {
    this.response.stop();
    this.socket.destroy();
  }

  private openSocket(): Socket {
    const { origin, proxy, lookup } = this.route;
    if (proxy !== undefined && origin.secure) {
      const tunnel = openTunnel(proxy, { target: origin, lookup }, () => {
        this.phase = 'tls';
        this.socket = this.attach(this.openTls({ socket: tunnel }), 'secureConnect');
        stampPushes(this.socket, (bytes) => this.look(bytes, 0, bytes.length, this.clock.nowMs()));
      });
      tunnel.on('error', (error) => {
        this.error = error;
      });
      tunnel.once('close', () => {
        if (this.socket === tunnel) this.handleClose();
      });
      return tunnel;
    }
    const { hostname: host, port, secure } = proxy ?? origin;
    const onread = {
      buffer: backlog.buffer,
      callback: (sizeBytes: number): boolean => {
        this.waitingReads += 1;
        backlog.put(this, sizeBytes, this.clock.nowMs());
        this.events.onReadStamped();
        return true;
      },
    };
    if (!secure) return this.attach(connectTcp({ host, port, lookup, onread }), 'connect');
    const socket = this.openTls({ host, port, lookup, onread });
    socket.once('connect', () => {
      this.phase = 'tls';
    });
    return this.attach(socket, 'secureConnect');
  }

  private openTls(
    to: { socket: Socket } | (Pick<HttpRoute, 'lookup'> & { host: string; port: number; onread: object }),
  ): Socket {
    const { origin, proxy, trust } = this.route;
    const isToProxy = proxy !== undefined && !origin.secure;
    const { hostname } = isToProxy ? proxy : origin;
    return connectTls({
      ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
      ALPNProtocols: ['http/1.1'],
      ...(isToProxy ? DEFAULT_TRUST : trust),
      // `onread` is passed on to the socket; @types/node knows it for TCP only.
      ...(to as object),
    });
  }

  private attach(socket: Socket, readyEvent: 'connect' | 'secureConnect'): Socket {
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.once(readyEvent, () => this.becomeReady());
    socket.on('error', (error) => {
      this.error = error;
    });
    socket.on('end', () => this.handleEnd());
    socket.once('close', () => this.handleClose());
    return socket;
  }

  private becomeReady(): void {
    const nowMs = this.clock.nowMs();
    this.connectMs = nowMs - this.openedAtMs;
    this.idleSinceMs = nowMs;
    this.isReady = true;
    this.events.onReady(this);
  }

  handleRead(bytes: Buffer, start: number, end: number, readAtMs: number): void {
    this.waitingReads -= 1;
    this.look(bytes, start, end, readAtMs);
  }

  private look(bytes: Buffer, start: number, end: number, readAtMs: number): void {
    this.readAtMs = readAtMs;
    this.reads += 1;
    if (this.response.isOver) {
      // Bytes that no request asked for: whatever speaks there is not an HTTP server, or not one to go on with.
      this.socket.destroy();
      return;
    }
    this.isReading = true;
    try {
      this.response.read(bytes, start, end);
    } catch (error) {
      this.error = error as Error;
      this.lose();
    }
    this.isReading = false;
    if (this.response.isOver) this.listener = undefined;
    this.events.onReadHandled();
  }

  private handleEnd(): void {
    handleReads();
    if (!this.response.isOver) this.response.endOfInput();
    this.socket.destroy();
  }

  private handleClose(): void {
    handleReads();
    if (!this.isReady) {
      this.events.onFailed(this, this.error ?? new ConnectionGoneError('closed while connecting'), this.phase);
      return;
    }
    this.events.onClosed(this);
    this.lose();
  }

  private lose(): void {
    const isUnanswered = !this.response.isOver;
    this.destroy();
    if (isUnanswered) this.listener?.onLost(this.error ?? new ConnectionGoneError('the connection was closed'));
  }
}

/** A socket on top of another takes no `onread`: what is pushed into its stream is taken out of the way instead. */
function stampPushes(socket: Socket, onBytes: (bytes: Buffer) => void): void {
  const push = socket.push.bind(socket);
  socket.push = (bytes: Buffer | null) => {
    if (bytes === null) return push(null);
    onBytes(bytes);
    return true;
  };
}
