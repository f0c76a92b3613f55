import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { writeAtOnce } from '../../../../src/runner/platform/write-at-once.ts';

/** Both ends of a connection; the client reads nothing until it is told to. */
async function withConnection(use: (server: Socket, client: Socket) => Promise<void>): Promise<void> {
  const listener = createServer({ noDelay: true }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const client = connect((listener.address() as AddressInfo).port, '127.0.0.1');
  const [server] = (await once(listener, 'connection')) as [Socket];
  server.on('error', () => {});
  client.on('error', () => {});
  try {
    await use(server, client);
  } finally {
    client.destroy();
    server.destroy();
    listener.close();
  }
}

async function textOf(client: Socket): Promise<string> {
  let text = '';
  for await (const part of client.setEncoding('latin1')) text += String(part);
  return text;
}

const line = (index: number): string => `${index} ${'x'.repeat(index % 300)}\n`;

describe('writing at once', () => {
  it('leaves nothing in the stream as long as the kernel takes it', () =>
    withConnection(async (server, client) => {
      writeAtOnce(server, 'a\n');
      assert.deepEqual([server.writableLength, server.bytesWritten], [0, 0]);
      server.end();
      assert.equal(await textOf(client), 'a\n');
    }));

  it('keeps the order for a client that reads late: what it cannot take waits, and so does what comes after', () =>
    withConnection(async (server, client) => {
      const sent: string[] = [];
      let index = 0;
      const send = (): void => {
        const text = line(index++);
        sent.push(text);
        writeAtOnce(server, text);
      };
      while (server.writableLength < 100_000) send();
      const read = textOf(client);
      await once(server, 'drain');
      for (let more = 0; more < 100; more += 1) send();
      server.end();
      assert.equal(await read, sent.join(''));
    }));

  it('sends a text that is longer than its room', () =>
    withConnection(async (server, client) => {
      const text = 'long '.repeat(100_000);
      writeAtOnce(server, text);
      writeAtOnce(server, 'short');
      server.end();
      assert.equal(await textOf(client), `${text}short`);
    }));

  it('leaves it to the stream to find out that the other end is gone', () =>
    withConnection(async (server, client) => {
      const closed = new Promise((resolve) => server.once('close', resolve));
      client.resetAndDestroy();
      while (!server.destroyed) {
        writeAtOnce(server, 'x'.repeat(1000));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await closed;
      writeAtOnce(server, 'nobody reads this');
    }));
});
