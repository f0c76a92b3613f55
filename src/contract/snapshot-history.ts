/**
 * A run's snapshots in bounded memory, however long it runs: the last minutes second by second, and the whole run in
 * bins that double in width whenever there are too many. A bin is itself a Snapshot with a longer interval, so a chart
 * reads both alike. Kept by the host (to replay) and by the dashboard (to draw).
 */
import { mergeQuantiles } from './merge-quantiles.ts';
import type { Snapshot } from './snapshot.ts';

export interface SnapshotHistory {
  /** Width of a bin in `whole`. */
  readonly binMs: number;
  /** The whole run; the last bin still grows. */
  readonly whole: readonly Snapshot[];
  /** The newest two minutes in bins of a second; the last one still grows. */
  readonly recent: readonly Snapshot[];
}

export const FINEST_BIN_MS = 1_000;
export const MAX_WHOLE_BINS = 720;
export const RECENT_BINS = 120;

export const EMPTY_HISTORY: SnapshotHistory = { binMs: FINEST_BIN_MS, whole: [], recent: [] };

export function addSnapshot(history: SnapshotHistory, snapshot: Snapshot): SnapshotHistory {
  const recent = appendToBins(history.recent, snapshot, FINEST_BIN_MS).slice(-RECENT_BINS);
  let { binMs } = history;
  let whole = appendToBins(history.whole, snapshot, binMs);
  while (whole.length > MAX_WHOLE_BINS) {
    binMs *= 2;
    whole = rebin(whole, binMs);
  }
  return { binMs, whole, recent };
}

/** History out of what another one held: `whole` and, where it is known, `recent`; in fewer bins where that is wanted. */
export function restoreHistory(
  whole: readonly Snapshot[],
  recent: readonly Snapshot[] = [],
  maxBins = MAX_WHOLE_BINS,
): SnapshotHistory {
  const widestMs = whole.reduce((widest, bin) => Math.max(widest, bin.intervalMs), 0);
  let binMs = FINEST_BIN_MS;
  while (binMs < widestMs) binMs *= 2;
  let bins = rebin(whole, binMs);
  while (bins.length > maxBins) {
    binMs *= 2;
    bins = rebin(bins, binMs);
  }
  return { binMs, whole: bins, recent: rebin(recent, FINEST_BIN_MS).slice(-RECENT_BINS) };
}

/** One snapshot for two neighbouring intervals: counts add up, levels are averaged over time, lags keep their worst, the rest is the newer one's. */
export function mergeSnapshots(older: Snapshot, newer: Snapshot): Snapshot {
  const intervalMs = older.intervalMs + newer.intervalMs;
  const mean = (left: number, right: number): number =>
    intervalMs === 0 ? right : (left * older.intervalMs + right * newer.intervalMs) / intervalMs;
  const optionalMean = (left: number | undefined, right: number | undefined): number | undefined =>
    left === undefined || right === undefined ? (right ?? left) : mean(left, right);
  const [a, b] = [older.interval, newer.interval];
  const ttftMs = mergeQuantiles([a.ttftMs, b.ttftMs]);
  const itlMs = mergeQuantiles([a.itlMs, b.itlMs]);
  const e2eMs = mergeQuantiles([a.e2eMs, b.e2eMs]);
  const askedPerSecond = optionalMean(older.askedPerSecond, newer.askedPerSecond);
  const users = optionalMean(older.users, newer.users);
  return {
    ...newer,
    intervalMs,
    ...(askedPerSecond === undefined ? {} : { askedPerSecond }),
    ...(users === undefined ? {} : { users }),
    interval: {
      due: a.due + b.due,
      sent: a.sent + b.sent,
      ok: a.ok + b.ok,
      failed: a.failed + b.failed,
      dropped: a.dropped + b.dropped,
      outputTokens: a.outputTokens + b.outputTokens,
      inputTokens: a.inputTokens + b.inputTokens,
      ...(ttftMs === undefined ? {} : { ttftMs }),
      ...(itlMs === undefined ? {} : { itlMs }),
      ...(e2eMs === undefined ? {} : { e2eMs }),
    },
    inFlight: mean(older.inFlight, newer.inFlight),
    queued: mean(older.queued, newer.queued),
    monitors: Object.fromEntries(
      Object.entries({ ...older.monitors, ...newer.monitors }).map(([key, value]) => [
        key,
        optionalMean(older.monitors[key], newer.monitors[key]) ?? value,
      ]),
    ),
    generator: {
      loopLagMs: Math.max(older.generator.loopLagMs, newer.generator.loopLagMs),
      scheduleLagMs: Math.max(older.generator.scheduleLagMs, newer.generator.scheduleLagMs),
      cpuRatio: mean(older.generator.cpuRatio, newer.generator.cpuRatio),
      memoryBytes: Math.max(older.generator.memoryBytes, newer.generator.memoryBytes),
    },
  };
}

function rebin(bins: readonly Snapshot[], binMs: number): readonly Snapshot[] {
  return bins.reduce<readonly Snapshot[]>((sofar, bin) => appendToBins(sofar, bin, binMs), []);
}

function appendToBins(bins: readonly Snapshot[], snapshot: Snapshot, binMs: number): readonly Snapshot[] {
  const last = bins.at(-1);
  if (last === undefined || binOf(last, binMs) !== binOf(snapshot, binMs)) return [...bins, snapshot];
  return [...bins.slice(0, -1), mergeSnapshots(last, snapshot)];
}

/** By the middle of the interval: its end may lie on the border of the next bin, its start before the run for the first one. */
function binOf(snapshot: Snapshot, binMs: number): number {
  return Math.floor((snapshot.atMs - snapshot.intervalMs / 2) / binMs);
}
