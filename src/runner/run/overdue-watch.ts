/** Workers have deadlines for all they wait for; a load that does not end all the same must not hold the report for ever. */
import type { LoadPlan } from '../../contract/plan.ts';
import type { Clock } from '../platform/clock.ts';
import { createLatch } from './latch.ts';
import { phasesOf } from './phases.ts';
import type { SharedLoad } from './shared-load.ts';

export interface OverdueWatchParts {
  readonly load: LoadPlan;
  readonly shared: SharedLoad;
  readonly clock: Clock;
  /** When the load was halted; `undefined` while it was not. */
  readonly haltedMs: () => number | undefined;
  readonly onOverdue: (message: string) => void;
}

export interface OverdueWatch {
  /** Resolves when nothing more is to be waited for. */
  readonly overdue: Promise<void>;
  stop(): void;
}

const EVERY_MS = 1_000;
/** After the drain a worker may take 5 s until cut requests end and 30 s to have texts counted; then it hangs. */
const PATIENCE_MS = 45_000;

export function watchOverdue({ load, shared, clock, haltedMs, onOverdue }: OverdueWatchParts): OverdueWatch {
  const overdue = createLatch();
  const end = phasesOf(load).length;
  // Time in which this thread was awake: in a process or a machine that was stopped, nobody could end anything.
  let waitedMs = 0;
  const stop = clock.every(EVERY_MS, () => {
    const endMs = Math.min(haltedMs() ?? Infinity, shared.startOf(end) ?? Infinity);
    if (overdue.isOpen || clock.nowMs() <= endMs) return;
    waitedMs += EVERY_MS;
    if (waitedMs <= load.drainMs + PATIENCE_MS) return;
    const seconds = Math.round((clock.nowMs() - endMs) / 1000);
    const held = `${shared.inFlight} requests in flight and ${shared.queued} waiting`;
    onOverdue(`The load did not end: ${held} ${seconds} s after its last stage. They were given up.`);
    overdue.open();
  });
  return { overdue: overdue.opened, stop };
}
