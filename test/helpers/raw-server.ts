/**
 * An HTTP server that is nothing but a socket, so that a behaviour decides about every byte and every write.
 * Each request is parsed (head, then as many body bytes as it promises) and handed to the behaviour.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Number of the connection it came on, from 0. */
  readonly connection: number;
  /** Number of the request on its connection, from 0. */
  readonly index: number;
}

export type AnswerRequest = (socket: Socket, request: RawRequest) => void | Promise<void>;

export interface RawServer {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly RawRequest[];
  /** Sockets open now. */
  readonly sockets: ReadonlySet<Socket>;
  connectionCount(): number;
  close(): Promise<void>;
}

export interface RawServerOptions {
  /** Another address of this machine than 127.0.0.1. */
  readonly host?: string;
  readonly port?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Calls as soon as a socket is accepted, before any request. */
  readonly onConnection?: (socket: Socket, connection: number) => void;
}

export async function startRawServer(answer: AnswerRequest, options: RawServerOptions = {}): Promise<RawServer> {
  const { host = '127.0.0.1' } = options;
  const sockets = new Set<Socket>();
  const requests: RawRequest[] = [];
  let connectionCount = 0;
  const accept = (socket: Socket): void => {
    const connection = connectionCount++;
    let index = 0;
    let received = Buffer.alloc(0);
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    // A client that hangs up is part of many behaviours.
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      for (let request = parseRequest(received); request !== undefined; request = parseRequest(received)) {
        received = received.subarray(request.sizeBytes);
        const whole: RawRequest = { ...request.head, connection, index: index++ };
        requests.push(whole);
        void answer(socket, whole);
      }
    });
    options.onConnection?.(socket, connection);
  };
  const server: Server = options.tls === undefined ? createServer(accept) : createTlsServer(options.tls, accept);
  if (options.tls !== undefined) server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    port,
    requests,
    sockets,
    connectionCount: () => connectionCount,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

type RequestHead = Omit<RawRequest, 'connection' | 'index'>;

function parseRequest(bytes: Buffer): { readonly head: RequestHead; readonly sizeBytes: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [requestLine = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const sizeBytes = headEnd + 4 + Number(headers['content-length'] ?? 0);
  if (bytes.length < sizeBytes) return undefined;
  const [method = '', path = ''] = requestLine.split(' ');
  return { head: { method, path, headers, body: bytes.subarray(headEnd + 4, sizeBytes).toString('utf8') }, sizeBytes };
}
