/**
 * `npm run bench:engine`: what the request path costs per streamed event and per request, beside a bare undici loop and a bare socket
 * reader, on the same server in a process (and, where `taskset` is there, on a core) of its own. Prints figures, never judges.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { promisify } from 'node:util';

interface Case {
  readonly name: string;
  readonly streams: number;
  readonly eventsPerSecond: number;
  readonly eventsPerAnswer: number;
  readonly answers: number;
}

/** Each lasts about five seconds. */
const CASES: readonly Case[] = [
  { name: '5 000 events/s', streams: 100, eventsPerSecond: 5_000, eventsPerAnswer: 250, answers: 100 },
  { name: '20 000 events/s', streams: 400, eventsPerSecond: 20_000, eventsPerAnswer: 250, answers: 400 },
  { name: '50 000 events/s', streams: 1000, eventsPerSecond: 50_000, eventsPerAnswer: 250, answers: 1000 },
  { name: 'flat out, 32 events a write', streams: 16, eventsPerSecond: 0, eventsPerAnswer: 32_000, answers: 64 },
  { name: 'requests of 32 events', streams: 64, eventsPerSecond: 0, eventsPerAnswer: 32, answers: 10_000 },
];

const KINDS = ['benchwright', 'undici', 'net'] as const;
/** A server later than this was not the load that the line names. */
const MAX_LATE_MS = 5;

const serverFile = new URL('./token-server.ts', import.meta.url).pathname;
const clientFile = new URL('./load-clients.ts', import.meta.url).pathname;
const canPin =
  cpus().length > 1 &&
  (await promisify(execFile)('taskset', ['-c', '0', 'true']).then(
    () => true,
    () => false,
  ));
const onCore = (core: number, args: readonly string[]): [string, string[]] =>
  canPin ? ['taskset', ['-c', String(core), process.execPath, ...args]] : [process.execPath, [...args]];

interface Cost {
  readonly cpuUs: number;
  readonly wallMs: number;
  readonly rssBytes: number;
  readonly reads: number;
  readonly failures: number;
}

async function measure(one: Case, kind: string): Promise<Cost & { readonly lateMsP99: number }> {
  const { streams, eventsPerSecond, eventsPerAnswer, answers } = one;
  const server = spawn(...onCore(0, [serverFile, ...[streams, eventsPerSecond, eventsPerAnswer].map(String)]), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = (await once(server.stdout, 'data')) as [Buffer];
    const url = `http://127.0.0.1:${port.toString().trim()}`;
    const { stdout } = await promisify(execFile)(
      ...onCore(1, [clientFile, kind, url, String(streams), String(answers)]),
    );
    const report = once(server.stdout, 'data');
    server.kill('SIGTERM');
    const [line] = (await report) as [Buffer];
    return { ...(JSON.parse(stdout) as Cost), ...(JSON.parse(line.toString()) as { lateMsP99: number }) };
  } finally {
    server.kill('SIGKILL');
  }
}

const cells = (...values: readonly (string | number)[]): string =>
  values
    .map((value, column) => (column < 2 ? String(value).padEnd(column === 0 ? 28 : 12) : String(value).padStart(12)))
    .join('');

console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'}${canPin ? ', server and client on a core each' : ', not pinned'}\n`,
);
console.log(cells('load', 'client', 'CPU µs/event', 'CPU µs/req', 'events/s', 'stamps', 'RSS MB', 'late p99 ms'));
for (const one of CASES) {
  for (const kind of KINDS) {
    const { cpuUs, wallMs, rssBytes, reads, failures, lateMsP99 } = await measure(one, kind);
    const events = one.answers * one.eventsPerAnswer;
    const isLoadRight = failures === 0 && lateMsP99 <= MAX_LATE_MS;
    console.log(
      cells(
        one.name,
        kind,
        ...(isLoadRight
          ? [
              (cpuUs / events).toFixed(2),
              (cpuUs / one.answers).toFixed(0),
              Math.round(events / (wallMs / 1000)),
              reads,
              (rssBytes / 1e6).toFixed(0),
              lateMsP99.toFixed(2),
            ]
          : [failures > 0 ? `${failures} failed` : `server late: p99 ${lateMsP99.toFixed(1)} ms`]),
      ),
    );
  }
}
