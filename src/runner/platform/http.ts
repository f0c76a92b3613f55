/// <reference path="./undici-parts.d.ts" />
/**
 * One HTTP/1.1 connection whose socket reads are stamped before anything looks at the bytes.
 *
 * undici speaks HTTP on a socket that is opened here. The socket reads into one buffer shared by all connections of the
 * thread (`onread`), stamps the read, and only then lets undici's parser fetch it. That costs less than the stream
 * machinery, and every event parsed out of one network read has that read's stamp (docs/adr/0020-reads-are-stamped-before-http.md).
 */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Dispatcher } from 'undici';
import Client from 'undici/lib/dispatcher/client.js';
import type { Clock } from './clock.ts';
import { DEFAULT_TRUST, type HttpRoute } from './http-route.ts';
import { openTunnel } from './proxy-tunnel.ts';

/** An idle connection that has served is closed after this long, before servers that close after 5 s (uvicorn, Node, cpp-httplib) do. */
export const IDLE_LIMIT_MS = 4_000;
/** All of an answer's header lines together. */
const MAX_HEADER_BYTES = 64 * 1024;

/** How far a connection had got when it failed. */
export type ConnectPhase = 'tcp' | 'tls';

export interface ConnectionEvents {
  onReady(connection: Connection): void;
  /** Never after `onReady`. */
  onFailed(connection: Connection, error: NodeJS.ErrnoException, phase: ConnectPhase): void;
  /** After `onReady`: the socket is gone, whoever closed it. */
  onClosed(connection: Connection): void;
  /** A network read has been handled in full. */
  onReadHandled(): void;
}

/** Given to a request that met a connection which had closed before the request was written: nothing was sent. */
class ConnectionGoneError extends Error {
  readonly code = 'CONNECTION_GONE';
}

// A read is handled in full before the next one can happen on this thread, so all sockets read into the same memory.
const sharedReadBuffer = Buffer.allocUnsafeSlow(64 * 1024);

export class Connection {
  /** Stamp of the newest network read. */
  readAtMs = 0;
  /** Network reads so far. */
  reads = 0;
  /** True while the newest read is being handled. */
  isReading = false;
  /**
   * While an answer's head is incomplete undici's parser keeps slices of what it was given, so it must not be given
   * the shared buffer.
   */
  copyReads = true;
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
  private socket: Socket;
  private readonly openedAtMs: number;
  private client: Client | undefined;
  private isHandedOver = false;
  private phase: ConnectPhase = 'tcp';
  private error: NodeJS.ErrnoException | undefined;
  private unread: Buffer | null = null;

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

  /** Sends one request; the previous one must be over. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.copyReads = true;
    this.client ??= this.createClient();
    const { origin, proxy } = this.route;
    // Through a tunnel it is the server that is spoken to; a proxy without one wants to know whose path it is.
    this.client.dispatch(proxy === undefined || origin.secure ? options : throughProxy(options, this.route), handler);
  }

  destroy(): void {
    this.socket.destroy();
  }

  private openSocket(): Socket {
    const { origin, proxy } = this.route;
    if (proxy !== undefined && origin.secure) {
      const tunnel = openTunnel(proxy, origin, () => {
        this.phase = 'tls';
        this.socket = this.attach(this.openTls({ socket: tunnel }), 'secureConnect');
        stampPushes(this.socket, (bytes) => this.handleRead(bytes));
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
      buffer: sharedReadBuffer,
      callback: (sizeBytes: number): boolean => {
        this.handleRead(sharedReadBuffer.subarray(0, sizeBytes));
        return true;
      },
    };
    if (!secure) return this.attach(connectTcp({ host, port, onread }), 'connect');
    const socket = this.openTls({ host, port, onread });
    socket.once('connect', () => {
      this.phase = 'tls';
    });
    return this.attach(socket, 'secureConnect');
  }

  private openTls(to: { socket: Socket } | { host: string; port: number; onread: object }): Socket {
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
    socket.on('end', () => {
      if (!this.isHandedOver) socket.destroy();
    });
    socket.once('close', () => this.handleClose());

    const readFromStream = socket.read.bind(socket);
    socket.read = (sizeBytes?: number) => {
      // Only `read(0)`, by which Node starts reading and notices the end, has business with the stream's own buffer.
      if (sizeBytes === 0) return readFromStream(0) as null;
      const bytes = this.unread;
      this.unread = null;
      return bytes;
    };
    return socket;
  }

  private becomeReady(): void {
    const nowMs = this.clock.nowMs();
    this.connectMs = nowMs - this.openedAtMs;
    this.idleSinceMs = nowMs;
    this.isReady = true;
    this.events.onReady(this);
  }

  private handleRead(bytes: Buffer): void {
    this.readAtMs = this.clock.nowMs();
    this.reads += 1;
    if (!this.isHandedOver) {
      // Bytes before any request: whatever speaks there is not an HTTP server.
      this.socket.destroy();
      return;
    }
    this.unread = this.copyReads ? Buffer.from(bytes) : bytes;
    this.isReading = true;
    try {
      this.socket.emit('readable');
    } catch (error) {
      this.socket.destroy(error as Error);
    }
    this.isReading = false;
    this.events.onReadHandled();
  }

  private handleClose(): void {
    if (this.isReady) this.events.onClosed(this);
    else this.events.onFailed(this, this.error ?? new ConnectionGoneError('closed while connecting'), this.phase);
    // undici's own close listener runs after this one and must find its client alive to tell the request.
    queueMicrotask(() => void this.client?.destroy());
  }

  private createClient(): Client {
    return new Client(this.route.origin.text, {
      connect: (_options, callback) => {
        // undici must not get its socket while it is still asking for one.
        queueMicrotask(() => {
          if (this.isHandedOver || this.socket.destroyed) {
            callback(new ConnectionGoneError('the connection closed before the request was written'), null);
            return;
          }
          this.isHandedOver = true;
          callback(null, this.socket);
        });
      },
      pipelining: 1,
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: IDLE_LIMIT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
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

function throughProxy(options: Dispatcher.DispatchOptions, { origin, proxy }: HttpRoute): Dispatcher.DispatchOptions {
  const headers = { ...(options.headers as Record<string, string>) };
  if (proxy?.authorization !== undefined) headers['proxy-authorization'] = proxy.authorization;
  return { ...options, path: `${origin.text}${options.path}`, headers };
}
