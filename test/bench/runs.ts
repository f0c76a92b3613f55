/** Whole runs: what was asked against what was delivered, how late requests left, and what all of the generator costs. */
import { runClient } from './client-process.ts';
import type { Spread } from './spread.ts';
import { countStolen } from './stolen.ts';
import { printTable } from './table.ts';
import { startTokenServer } from './token-server.ts';

/** As whole-run.ts prints it. */
export interface WholeRun {
  readonly requests: number;
  readonly failures: number;
  readonly deliveredPerSecond: number;
  readonly lagMs: Spread;
  readonly ttftMs: Spread;
  readonly itlMs: Spread;
  readonly cpuUs: number;
  readonly rssBytes: number;
  readonly busiestRatio: number;
  readonly gcPauseMsMax: number;
  readonly verdict: string;
  readonly reasons: readonly string[];
}

const CASES = [
  { name: '500 requests/s, 8 events, one a read', perSecond: 500, eventsPerWrite: 1 },
  { name: '2 000 requests/s, 8 events at once', perSecond: 2_000, eventsPerWrite: 8 },
  { name: '2 000 requests/s, 8 events, one a read', perSecond: 2_000, eventsPerWrite: 1 },
] as const;
const GAP_MS = 5;
/** V8 compiles for about ten seconds more what a rehearsal of one second did not make hot enough. */
const WARMUPS_SECONDS = [1.5, 12] as const;

/** Long enough to be preceded by a calibration, as most runs are. */
const SECONDS = 9;
const EVENTS = 8;

export async function measureRuns(): Promise<void> {
  const print = printTable(`Whole runs of ${SECONDS} s after a warm-up, one worker`, [
    'load',
    'after s',
    'delivered/s',
    'schedule lag p50 ms',
    'p99 ms',
    'worker busy',
    'longest GC pause ms',
    'CPU µs/request, start and report included',
    'RSS MB',
    'verdict',
    'server late, p99 ms',
    'taken by the host',
  ]);
  for (const { name, perSecond, eventsPerWrite, warmupSeconds } of cases()) {
    const server = await startTokenServer({ gapMs: GAP_MS, eventsPerAnswer: EVENTS, eventsPerWrite });
    const stolenRatio = countStolen();
    const run = await runClient<WholeRun>('./whole-run.ts', [server.url, perSecond, warmupSeconds, SECONDS, EVENTS]);
    const { lateMsP99 } = await server.stop();
    print(
      name,
      warmupSeconds,
      run.failures > 0 ? `${run.failures} failed` : run.deliveredPerSecond.toFixed(2),
      run.lagMs.p50.toFixed(2),
      run.lagMs.p99.toFixed(2),
      `${(run.busiestRatio * 100).toFixed(0)} %`,
      run.gcPauseMsMax.toFixed(1),
      (run.cpuUs / run.requests).toFixed(0),
      (run.rssBytes / 1e6).toFixed(0),
      run.verdict,
      lateMsP99.toFixed(2),
      `${(stolenRatio() * 100).toFixed(1)} %`,
    );
  }
}

function cases(): readonly ((typeof CASES)[number] & { readonly warmupSeconds: number })[] {
  return CASES.flatMap((each) => WARMUPS_SECONDS.map((warmupSeconds) => ({ ...each, warmupSeconds })));
}
