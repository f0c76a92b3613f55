/** A snapshot in which nothing happened, with what a test wants to say about it. */
import type { Snapshot } from '../../src/contract/snapshot.ts';

type Partially<T> = { readonly [Key in keyof T]?: Partial<T[Key]> };

export function makeSnapshot(changes: Omit<Partially<Snapshot>, 'sla'> & { sla?: Snapshot['sla'] } = {}): Snapshot {
  const nothing = { due: 0, sent: 0, ok: 0, failed: 0, dropped: 0, outputTokens: 0, inputTokens: 0 };
  const base: Snapshot = {
    sequence: 1,
    atMs: 250,
    intervalMs: 250,
    stage: { name: 'steady', index: 0, count: 1, kind: 'measured', elapsedMs: 0, requestsDone: 0 },
    progressRatio: 0,
    interval: nothing,
    total: { ...nothing, censored: 0, abandoned: 0, byReason: {} },
    inFlight: 0,
    queued: 0,
    sla: [],
    validity: 'valid',
    monitors: {},
    generator: { loopLagMs: 0, scheduleLagMs: 0, cpuRatio: 0, memoryBytes: 0 },
  };
  return {
    ...base,
    ...changes,
    stage: { ...base.stage, ...changes.stage },
    interval: { ...base.interval, ...changes.interval },
    total: { ...base.total, ...changes.total },
    monitors: { ...changes.monitors },
    generator: { ...base.generator, ...changes.generator },
  } as Snapshot;
}
