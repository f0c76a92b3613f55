/** Runs whose window was closed, reloaded or crashed: each is waited for and told about, once. */
import type { ReportData } from '../../contract/report.ts';
import { isAlive, quietMs, readReport } from './results.ts';
import type { RunEntry } from './run-index.ts';

export type LeftBehind =
  /** The window that started it is still there. */
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'reported'; readonly report: ReportData }
  /** Its runner is gone without a report. */
  | { readonly kind: 'torn' };

/** The world, for tests. */
export interface Probe {
  isAlive(pid: number): boolean;
  readReport(directory: string): Promise<ReportData | undefined>;
  /** How long ago something was last written into the directory; `undefined` when it is not there. */
  quietMs(directory: string): Promise<number | undefined>;
  sleep(ms: number): Promise<void>;
}

/** An extension host takes a moment to go when its window is reloaded. */
const HOST_GOES_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 500;
/** A living runner writes every second; process ids are used again. */
const QUIET_IS_DEAD_MS = 90_000;

export async function awaitLeftBehind(entry: RunEntry, probe: Probe = realProbe): Promise<LeftBehind> {
  for (let waitedMs = 0; probe.isAlive(entry.hostPid); waitedMs += LOOK_EVERY_MS) {
    if (waitedMs >= HOST_GOES_WITHIN_MS) return { kind: 'elsewhere' };
    await probe.sleep(LOOK_EVERY_MS);
  }
  for (;;) {
    const isRunning =
      entry.runnerPid !== undefined &&
      probe.isAlive(entry.runnerPid) &&
      ((await probe.quietMs(entry.directory)) ?? Number.POSITIVE_INFINITY) < QUIET_IS_DEAD_MS;
    // Read after the look at the process: a report written in between is not missed.
    const report = await probe.readReport(entry.directory);
    if (report !== undefined && !isRunning) return { kind: 'reported', report };
    if (!isRunning) return { kind: 'torn' };
    await probe.sleep(LOOK_EVERY_MS);
  }
}

const realProbe: Probe = {
  isAlive,
  readReport,
  quietMs,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
