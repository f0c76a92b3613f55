/**
 * A small HTTP/1.1 server. node:http reads requests and owns connections; chunks of a stream are framed here and written straight to the
 * socket, since OutgoingMessage takes about as long for a small chunk as the write itself.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { RunError } from '../../contract/errors.ts';
import { writeAtOnce } from './write-at-once.ts';

export interface HttpRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Lower-case names; repeated headers joined. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** One answer: `send`, or `begin`, any number of `write`, `finish`. Texts of streams are ASCII. Calls after the client has gone do nothing. */
export interface HttpAnswer {
  send(status: number, contentType: string, body: string, headers?: Readonly<Record<string, string>>): void;
  /** Head of a stream, together with its first text. */
  begin(contentType: string, text: string): void;
  write(text: string): void;
  /** The last text and the end of the stream, in one write. */
  finish(text: string): void;
  /** Closes the connection without ending the answer. */
  destroy(): void;
  /** The same, with a TCP reset; what was not yet delivered may be lost. */
  reset(): void;
  /** Bytes the client has not yet taken from us. */
  readonly unsentBytes: number;
  /** Called once if the connection closes before the answer is complete. */
  onGone(listener: () => void): void;
}

export interface HttpServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The `Server` header of every answer. */
  readonly serverHeader: string;
  readonly maxBodyBytes: number;
  onRequest(request: HttpRequest, answer: HttpAnswer): void;
  /** A body larger than `maxBodyBytes`; the connection is closed after the answer. */
  onTooLarge(answer: HttpAnswer): void;
}

export interface HttpServer {
  readonly port: number;
  /** Takes no more connections; those with an answer under way are cut after `drainMs`. May be called again to hurry. */
  close(drainMs?: number): Promise<void>;
}

/** Longer than any pause of a client: a server that closes idle connections makes resets that would be counted as failures. */
const KEEP_ALIVE_MS = 3_600_000;

const SWEEP_EVERY_MS = 20;

/** @throws RunError RUN_PORT_UNAVAILABLE */
export async function listenHttp(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer({ noDelay: true, keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 });
  server.on('request', (incoming, response) => receive(incoming, response, options));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(options, error)));
    server.listen({ host: options.host, port: options.port, backlog: 4096 }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close(drainMs = 0) {
      // A second `close` of a server is an error of Node's; that it is closed is what counts.
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      if (drainMs <= 0) server.closeAllConnections();
      const cut = setTimeout(() => server.closeAllConnections(), Math.max(1, drainMs));
      // A connection that becomes idle later stays open by itself.
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_EVERY_MS);
      await closed;
      clearTimeout(cut);
      clearInterval(sweep);
    },
  };
}

function cannotListen(options: HttpServerOptions, error: NodeJS.ErrnoException): RunError {
  return new RunError(
    'RUN_PORT_UNAVAILABLE',
    `Cannot listen on ${options.host}:${options.port}: ${error.code ?? error.message}.`,
    {
      hint:
        error.code === 'EADDRINUSE'
          ? 'Another program uses this port: choose another one, or 0 for any free one.'
          : undefined,
      cause: error,
    },
  );
}

function receive(incoming: IncomingMessage, response: ServerResponse, options: HttpServerOptions): void {
  const answer = new NodeHttpAnswer(response);
  // A client that hangs up is told by `onGone`; without these listeners it would end the process.
  incoming.on('error', () => {});
  response.on('error', () => {});
  response.setHeader('server', options.serverHeader);
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  incoming.on('data', (part: Buffer) => {
    sizeBytes += part.length;
    if (sizeBytes > options.maxBodyBytes) {
      incoming.removeAllListeners('data').resume();
      response.setHeader('connection', 'close');
      options.onTooLarge(answer);
    } else {
      parts.push(part);
    }
  });
  incoming.on('end', () => {
    if (sizeBytes > options.maxBodyBytes) return;
    options.onRequest(
      {
        method: incoming.method ?? 'GET',
        path: (incoming.url ?? '/').split('?', 1)[0] ?? '/',
        headers: incoming.headers as Record<string, string | undefined>,
        body: (parts.length === 1 ? parts[0] : Buffer.concat(parts))?.toString('utf8') ?? '',
      },
      answer,
    );
  });
}

class NodeHttpAnswer implements HttpAnswer {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  send(status: number, contentType: string, body: string, headers: Readonly<Record<string, string>> = {}): void {
    const bytes = Buffer.from(body);
    this.#response
      .writeHead(status, { ...headers, 'content-type': contentType, 'content-length': bytes.length })
      .end(bytes);
  }

  begin(contentType: string, text: string): void {
    this.#response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-cache' });
    if (text === '') this.#response.flushHeaders();
    else this.#response.write(text, 'latin1');
  }

  write(text: string): void {
    const socket = this.#socketForChunks();
    if (socket === undefined) this.#response.write(text, 'latin1');
    else writeAtOnce(socket, chunkOf(text));
  }

  finish(text: string): void {
    const socket = this.#socketForChunks();
    if (socket === undefined) {
      this.#response.end(text, 'latin1');
      return;
    }
    socket.cork();
    socket.write(chunkOf(text), 'latin1');
    this.#response.end();
    socket.uncork();
  }

  destroy(): void {
    this.#response.destroy();
  }

  reset(): void {
    this.#response.socket?.resetAndDestroy();
  }

  get unsentBytes(): number {
    return this.#response.socket?.writableLength ?? 0;
  }

  onGone(listener: () => void): void {
    this.#response.once('close', () => {
      if (!this.#response.writableFinished) listener();
    });
  }

  /** Not there for HTTP/1.0 clients (no chunks) and for a pipelined answer whose turn has not come. */
  #socketForChunks(): Socket | undefined {
    const response = this.#response;
    return response.chunkedEncoding && response.socket?.writable === true ? response.socket : undefined;
  }
}

function chunkOf(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}
