/** A client that only makes work for a server of this machine: it sends one request and throws away what comes. */
import { connect } from 'node:net';

/** Shared by all: nobody looks at it. */
const room = new Uint8Array(64 * 1024);

/** Resolves when the connection has closed, however it went. `body` and `path` are ASCII or go out as UTF-8. */
export function askAndDiscard(port: number, path: string, body: string): Promise<void> {
  const head =
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
    `content-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer: room, callback: () => true } });
    socket.on('connect', () => socket.write(head + body));
    socket.on('error', () => {});
    socket.on('close', () => resolve());
  });
}
