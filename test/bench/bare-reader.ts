/**
 * Nothing but a stamp and a count: `bare-reader.ts URL RATE RAMP_SECONDS SECONDS EVENTS` sends RATE requests per second and stamps what the
 * sockets deliver. It knows of the server what whole-run.ts finds out: the first read is the head, each later one brings tokens.
 */
import { connect, type Socket } from 'node:net';
import { spreadOf } from './spread.ts';

const [url = '', ...numbers] = process.argv.slice(2);
const [perSecond = 1, rampSeconds = 0, seconds = 1, events = 1] = numbers.map(Number);
const { hostname, port } = new URL(url);
const body = JSON.stringify({
  model: 'm',
  stream: true,
  max_tokens: events,
  messages: [{ role: 'user', content: 'x'.repeat(400) }],
});
const request = Buffer.from(
  `POST /v1/chat/completions HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
);
const END = '\r\n0\r\n\r\n';
const total = Math.round(perSecond * (rampSeconds + seconds));
const ramp = Math.round(perSecond * rampSeconds);
const ttftMs: number[] = [];
const itlMs: number[] = [];
const idle: Socket[] = [];
let sent = 0;
let ended = 0;

function send(): void {
  const isMeasured = sent >= ramp;
  sent += 1;
  const socket = idle.pop() ?? connect({ host: hostname, port: Number(port), noDelay: true });
  let reads = 0;
  let lastMs = performance.now();
  const sentMs = lastMs;
  const onData = (data: Buffer): void => {
    const atMs = performance.now();
    reads += 1;
    if (data.length >= END.length && data.toString('latin1', data.length - END.length) === END) {
      socket.off('data', onData);
      idle.push(socket);
      ended += 1;
      if (ended === total) finish();
    }
    if (isMeasured && reads === 2) ttftMs.push(atMs - sentMs);
    else if (isMeasured && reads > 2) itlMs.push(atMs - lastMs);
    lastMs = atMs;
  };
  socket.on('data', onData);
  socket.write(request);
}

function finish(): void {
  console.log(JSON.stringify({ ttftMs: spreadOf(ttftMs), itlMs: spreadOf(itlMs) }));
  process.exit();
}

// Connections first, so that none is opened while it is measured.
const wanted = Math.ceil(perSecond * 2.5);
await new Promise<void>((resolve) => {
  let opened = 0;
  const open = (): void => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true }, () => {
      idle.push(socket);
      opened += 1;
      if (opened === wanted) resolve();
      else open();
    });
  };
  open();
});
const beginMs = performance.now();
setInterval(() => {
  const due = Math.min(total, ((performance.now() - beginMs) / 1000) * perSecond);
  while (sent < due) send();
}, 1);
