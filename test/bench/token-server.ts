/**
 * Test equipment of the request path's benchmark: streams tokens on an absolute schedule and knows how late it wrote them.
 * `token-server.ts STREAMS EVENTS_PER_SECOND EVENTS_PER_ANSWER`; 0 events per second: as fast as they are read.
 * Prints its port, and on SIGTERM what it did, as JSON.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { chatDialect } from '../fixtures/servers/openai-dialect.ts';
import { chunk, END_OF_BODY, ending, event, STREAM_HEAD } from '../fixtures/servers/behaviour.ts';

const [streams = 1, eventsPerSecond = 0, eventsPerAnswer = 1] = process.argv.slice(2).map(Number);
const gapMs = eventsPerSecond === 0 ? 0 : (streams * 1000) / eventsPerSecond;
/** Events in one write when there is no schedule. */
const BURST_EVENTS = 32;

interface Stream {
  readonly socket: Socket;
  left: number;
  dueMs: number;
}

const head = Buffer.concat([Buffer.from(STREAM_HEAD), chunk(event(chatDialect.opening()))]);
const tokens = Array.from({ length: 16 }, (_, number) => chunk(event(chatDialect.token(` token${number}`))));
const burst = Buffer.concat(
  Array.from({ length: BURST_EVENTS }, (_, number) => tokens[number % tokens.length] as Buffer),
);
const tail = Buffer.concat([chunk(ending(chatDialect, 16, eventsPerAnswer)), Buffer.from(END_OF_BODY)]);

const scheduled = new Set<Stream>();
const latenessMs: number[] = [];
let written = 0;

function write(stream: Stream, nowMs: number): void {
  // Later than this and the next event would be due as well: the load is no longer what was asked for.
  if (latenessMs.length < 5_000_000) latenessMs.push(nowMs - stream.dueMs);
  stream.socket.write(tokens[written % tokens.length] as Buffer);
  written += 1;
  stream.left -= 1;
  stream.dueMs += gapMs;
  if (stream.left > 0) return;
  scheduled.delete(stream);
  stream.socket.write(tail);
}

function flood(socket: Socket, left: number): void {
  while (left > 0 && !socket.destroyed) {
    left -= BURST_EVENTS;
    written += BURST_EVENTS;
    if (!socket.write(burst)) {
      socket.once('drain', () => flood(socket, left));
      return;
    }
  }
  socket.write(tail);
}

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', () => {
    socket.write(head);
    if (gapMs === 0) flood(socket, eventsPerAnswer);
    else scheduled.add({ socket, left: eventsPerAnswer, dueMs: performance.now() + Math.random() * gapMs });
  });
});

if (gapMs > 0)
  setInterval(() => {
    const nowMs = performance.now();
    for (const stream of scheduled) while (stream.left > 0 && stream.dueMs <= nowMs) write(stream, nowMs);
  }, 1);

server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.on('SIGTERM', () => {
  const sorted = latenessMs.toSorted((a, b) => a - b);
  console.log(JSON.stringify({ written, lateMsP99: sorted[Math.floor(sorted.length * 0.99)] ?? 0 }));
  process.exit();
});
