/**
 * TTFT and ITL as reported, against when the server wrote: a thousand streams of 50 tokens per second, by a bare socket reader that only
 * stamps and counts, and by a whole run. What both see late is the kernel's, the event loop's and the core's; the rest is ours.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runClient } from './client-process.ts';
import type { WholeRun } from './runs.ts';
import { spreadOf, type Spread } from './spread.ts';
import { countStolen } from './stolen.ts';
import { printTable } from './table.ts';
import { startTokenServer, type TokenServerReport } from './token-server.ts';

const GAP_MS = 20;
const EVENTS = 100;
const FIRST_MS = 50;
/** An answer takes two seconds: after those as many streams are open as the load keeps. V8 needs longer until all code is compiled. */
const RAMP_SECONDS = 10;
const SECONDS = 6;
/** Two runs of the same programs differ by more than the two programs do: each is run so often, in turns. */
const ROUNDS = 3;

interface Timing {
  readonly ttftMs: Spread;
  readonly itlMs: Spread;
}

export async function compareExactness(): Promise<void> {
  const print = printTable(`Exactness, streams of ${1000 / GAP_MS} tokens/s`, [
    'streams',
    'reader',
    ...['TTFT p50', 'TTFT p99', 'ITL p50', 'ITL p99'].map((name) => `${name}: measured − written, ms`),
    'server late, p99 ms',
    'taken by the host',
  ]);
  for (const streams of [100, ...Array<number>(ROUNDS).fill(1000)]) {
    const perSecond = streams / ((EVENTS * GAP_MS) / 1000);
    for (const [reader, script] of [
      ['bare node:net', './bare-reader.ts'],
      ['Benchwright', './whole-run.ts'],
    ] as const) {
      const stolenRatio = countStolen();
      const { measured, written, report } = await measure(script, perSecond);
      const errors = (['ttftMs', 'itlMs'] as const).flatMap((key) =>
        (['p50', 'p99'] as const).map((at) => (measured[key][at] - written[key][at]).toFixed(3)),
      );
      print(streams, reader, ...errors, report.lateMsP99.toFixed(2), `${(stolenRatio() * 100).toFixed(1)} %`);
    }
  }
}

async function measure(
  script: string,
  perSecond: number,
): Promise<{ readonly measured: Timing; readonly written: Timing; readonly report: TokenServerReport }> {
  const folder = await mkdtemp(join(tmpdir(), 'benchwright-exactness-'));
  try {
    const recordFile = join(folder, 'written.f64');
    const server = await startTokenServer({ gapMs: GAP_MS, eventsPerAnswer: EVENTS, firstMs: FIRST_MS, recordFile });
    const measured = await runClient<Timing & Partial<WholeRun>>(script, [
      server.url,
      perSecond,
      RAMP_SECONDS,
      SECONDS,
      EVENTS,
    ]);
    const report = await server.stop();
    return { measured, written: writtenTiming(await readFile(recordFile)), report };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Of the answers that were asked for after the ramp. */
function writtenTiming(bytes: Buffer): Timing {
  const values = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  const answers: Float64Array[] = [];
  for (let at = 0; at < values.length; at += 2 + (values[at] as number))
    answers.push(values.subarray(at + 1, at + 2 + (values[at] as number)));
  const beginMs = Math.min(...answers.map(([readMs]) => readMs as number)) + RAMP_SECONDS * 1000;
  const measured = answers.filter(([readMs]) => (readMs as number) >= beginMs);
  return {
    ttftMs: spreadOf(measured.map(([readMs, firstMs]) => (firstMs as number) - (readMs as number))),
    itlMs: spreadOf(measured.flatMap((each) => [...each.subarray(2)].map((ms, at) => ms - (each[at + 1] as number)))),
  };
}
