/** The request path alone: CPU per streamed event and per request, beside clients that do not measure. */
import { runClient } from './client-process.ts';
import { printTable } from './table.ts';
import { startTokenServer, type TokenServerReport } from './token-server.ts';

interface Case {
  readonly name: string;
  readonly streams: number;
  /** 0: as fast as the client reads. */
  readonly eventsPerSecond: number;
  readonly eventsPerAnswer: number;
  readonly eventsPerWrite: number;
  readonly answers: number;
}

/** Four to five seconds each. */
const CASES: readonly Case[] = [
  {
    name: '5 000 events/s',
    streams: 100,
    eventsPerSecond: 5_000,
    eventsPerAnswer: 100,
    eventsPerWrite: 1,
    answers: 200,
  },
  {
    name: '20 000 events/s',
    streams: 400,
    eventsPerSecond: 20_000,
    eventsPerAnswer: 100,
    eventsPerWrite: 1,
    answers: 800,
  },
  {
    name: '50 000 events/s',
    streams: 1000,
    eventsPerSecond: 50_000,
    eventsPerAnswer: 100,
    eventsPerWrite: 1,
    answers: 2000,
  },
  {
    name: 'saturation, 1 event a write',
    streams: 64,
    eventsPerSecond: 0,
    eventsPerAnswer: 2_000,
    eventsPerWrite: 1,
    answers: 320,
  },
  {
    name: 'saturation, 32 events a write',
    streams: 16,
    eventsPerSecond: 0,
    eventsPerAnswer: 32_000,
    eventsPerWrite: 32,
    answers: 96,
  },
  {
    name: 'short requests, 8 events at once',
    streams: 16,
    eventsPerSecond: 0,
    eventsPerAnswer: 8,
    eventsPerWrite: 8,
    answers: 20_000,
  },
];

const KINDS = ['benchwright', 'undici', 'net'] as const;
/** A server later than this was not the load that the line names. */
const MAX_LATE_MS = 5;

interface Cost {
  readonly cpuUs: number;
  readonly wallMs: number;
  readonly rssBytes: number;
  readonly reads: number;
  readonly failures: number;
}

export async function comparePaths(): Promise<void> {
  const print = printTable('The request path', [
    'load',
    'client',
    'CPU µs/event',
    'CPU µs/request',
    'events/s',
    'events/read',
    'RSS MB',
    'server late, p99 ms',
  ]);
  for (const one of CASES) {
    for (const kind of KINDS) {
      const { cpuUs, wallMs, rssBytes, reads, failures, lateMsP99 } = await measure(one, kind);
      const events = one.answers * one.eventsPerAnswer;
      if (failures > 0) print(one.name, kind, `${failures} failed`);
      else if (lateMsP99 > MAX_LATE_MS) print(one.name, kind, 'server late', '', '', '', '', lateMsP99.toFixed(2));
      else
        print(
          one.name,
          kind,
          (cpuUs / events).toFixed(2),
          (cpuUs / one.answers).toFixed(0),
          Math.round(events / (wallMs / 1000)),
          (events / reads).toFixed(2),
          (rssBytes / 1e6).toFixed(0),
          one.eventsPerSecond === 0 ? '' : lateMsP99.toFixed(2),
        );
    }
  }
}

async function measure(one: Case, kind: string): Promise<Cost & TokenServerReport> {
  const { streams, eventsPerSecond, eventsPerAnswer, eventsPerWrite, answers } = one;
  const gapMs = eventsPerSecond === 0 ? 0 : (streams * 1000) / eventsPerSecond;
  const server = await startTokenServer({ gapMs, eventsPerAnswer, eventsPerWrite });
  const cost = await runClient<Cost>('./load-clients.ts', [kind, server.url, streams, answers]);
  return { ...cost, ...(await server.stop()) };
}
