/** Monitors take their samples on timers of their own while the run goes on. One that fails is reported, once, and goes on trying. */
import type { MonitorPlan } from '../../contract/plan.ts';
import type { MonitorSample } from '../../contract/record.ts';
import type { MonitorSource } from '../monitors/monitor.ts';
import type { Clock } from '../platform/clock.ts';

export interface MonitoringParts {
  readonly monitors: readonly MonitorPlan[];
  readonly open: (plan: MonitorPlan) => Promise<MonitorSource>;
  readonly clock: Clock;
  readonly onSample: (sample: MonitorSample) => void;
  readonly log: (level: 'info' | 'warning', message: string) => void;
}

export interface Monitoring {
  /** Resolves when all sources are closed, or would not close. */
  stop(): Promise<void>;
}

/** A source that hangs must not hold the report. */
const CLOSE_WITHIN_MS = 3_000;

export function startMonitoring(parts: MonitoringParts): Monitoring {
  const stopped = new AbortController();
  const { clock } = parts;
  const running = parts.monitors.map((plan) => watch(plan, parts, stopped.signal));
  return {
    async stop() {
      stopped.abort();
      const waited = new AbortController();
      await Promise.race([Promise.all(running), clock.sleepUntil(clock.nowMs() + CLOSE_WITHIN_MS, waited.signal)]);
      waited.abort();
    },
  };
}

async function watch(plan: MonitorPlan, parts: MonitoringParts, stopped: AbortSignal): Promise<void> {
  const { clock, onSample } = parts;
  let hasWarned = false;
  const warn = (thrown: unknown): void => {
    if (hasWarned) return;
    hasWarned = true;
    parts.log('warning', `Monitor ${plan.name} (${plan.source}) gives no values: ${messageOf(thrown)}`);
  };
  const source = await parts.open(plan).catch(warn);
  if (source === undefined) return;
  for (const note of source.notes ?? []) parts.log('info', `Monitor ${plan.name}: ${note}`);
  try {
    // On a grid of its own, so that a slow reading does not make the next one late.
    for (let dueMs = clock.nowMs(); !stopped.aborted; dueMs += plan.everyMs) {
      if (dueMs < clock.nowMs() - plan.everyMs) dueMs = clock.nowMs();
      await clock.sleepUntil(dueMs, stopped);
      if (stopped.aborted) return;
      const atMs = clock.nowMs();
      try {
        for (const { device, values } of await source.read())
          onSample({ monitor: plan.name, device, atMs: Math.round(atMs * 1000) / 1000, values });
        hasWarned = false;
      } catch (thrown) {
        warn(thrown);
      }
    }
  } finally {
    await source.dispose().catch(warn);
  }
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
