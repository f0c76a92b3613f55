/**
 * The clients that are compared: `load-clients.ts KIND URL STREAMS ANSWERS`. Each sends STREAMS requests at a time until
 * ANSWERS are complete, and prints as JSON what that cost its process.
 */
import { connect } from 'node:net';
import { Client } from 'undici';
import { loadBackend } from '../../src/runner/backends/registry.ts';
import { createClock, readOriginNs } from '../../src/runner/platform/clock.ts';
import { createRequestClient } from '../../src/runner/request/request-client.ts';
import { backendPlan } from '../helpers/backend-plan.ts';

const [kind = '', url = '', streamsText = '', answersText = ''] = process.argv.slice(2);
const streams = Number(streamsText);
const answers = Number(answersText);
const prompt = {
  messages: [{ role: 'user', content: 'x'.repeat(2000) }],
  text: 'x'.repeat(2000),
  outputTokens: 500,
} as const;
const plan = backendPlan({ url, model: 'm' });
const backend = await loadBackend(plan, {});
const wire = backend.prepare(prompt);

let reads = 0;
let bytes = 0;
let failures = 0;

/** Runs `once` so that `streams` are under way until `answers` have been complete. */
function repeat(once: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    let begun = 0;
    let ended = 0;
    const next = (): void => {
      if (begun === answers) return;
      begun += 1;
      once(() => {
        ended += 1;
        if (ended === answers) resolve();
        else next();
      });
    };
    // One a millisecond: a thousand at once would measure the server's accepting, and keep in step with each other.
    let started = 0;
    const timer = setInterval(() => {
      next();
      started += 1;
      if (started === streams) clearInterval(timer);
    }, 1);
  });
}

/** Stamps, parses, classifies, records. */
function benchwright(): Promise<void> {
  const clock = createClock(readOriginNs());
  const client = createRequestClient({ backend, plan, clock, secrets: {}, keepText: false, onBug: console.error });
  let id = 0;
  return repeat((done) => {
    client.send({ id: id++, stage: 's', dueMs: clock.nowMs(), prompt, bytes: client.prepare(prompt) }, (record) => {
      reads += record.reads ?? 0;
      if (record.outcome !== 'ok') failures += 1;
      done();
    });
  });
}

/** undici as it is: counts the bytes of bodies. */
function bareUndici(): Promise<void> {
  const idle: Client[] = [];
  return repeat((done) => {
    const client = idle.pop() ?? new Client(url, { headersTimeout: 0, bodyTimeout: 0 });
    client.dispatch(
      { method: 'POST', path: wire.path, headers: wire.headers, body: wire.body ?? null },
      {
        onRequestStart() {},
        onResponseStart() {},
        onResponseData(_controller, data) {
          reads += 1;
          bytes += data.length;
        },
        onResponseEnd() {
          idle.push(client);
          done();
        },
        onResponseError() {
          failures += 1;
          done();
        },
      },
    );
  });
}

/** No HTTP at all: a stamp and a count, until the bytes end like a body. */
function bareNet(): Promise<void> {
  const { hostname, port } = new URL(url);
  const head = Object.entries(wire.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = Buffer.concat([
    Buffer.from(
      `POST ${wire.path} HTTP/1.1\r\nhost: ${hostname}\r\n${head.join('')}content-length: ${Buffer.byteLength(wire.body ?? '')}\r\n\r\n`,
    ),
    Buffer.from(wire.body ?? ''),
  ]);
  let stampMs = 0;
  return repeat((done) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.setNoDelay(true);
    socket.write(request);
    socket.on('data', (data) => {
      stampMs = performance.now();
      reads += 1;
      bytes += data.length;
      if (data.length < 7 || data.toString('latin1', data.length - 7) !== '\r\n0\r\n\r\n') return;
      socket.destroy();
      done();
    });
    socket.on('error', () => (failures += stampMs === 0 ? 1 : 0));
  });
}

const kinds: Readonly<Record<string, () => Promise<void>>> = { benchwright, undici: bareUndici, net: bareNet };
const before = process.cpuUsage();
const beganMs = performance.now();
await kinds[kind]?.();
const cpu = process.cpuUsage(before);
console.log(
  JSON.stringify({
    cpuUs: cpu.user + cpu.system,
    wallMs: performance.now() - beganMs,
    rssBytes: process.memoryUsage().rss,
    reads,
    bytes,
    failures,
  }),
);
process.exit();
