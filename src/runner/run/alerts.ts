/** Alerts of monitors: a limit that was crossed without interruption for as long as the scenario says. Told once, until it has cleared. */
import { assertNever } from '../../contract/errors.ts';
import type { Comparison, MonitorPlan } from '../../contract/plan.ts';
import type { MonitorSample } from '../../contract/record.ts';

export interface Alert {
  readonly monitor: string;
  readonly text: string;
  readonly value: number;
  readonly atMs: number;
}

export interface AlertWatch {
  /** Alerts that this sample raises. Samples of one device come in the order of time. */
  take(sample: MonitorSample): readonly Alert[];
}

export function createAlertWatch(monitors: readonly MonitorPlan[]): AlertWatch {
  const states = new Map<string, { sinceMs: number; isTold: boolean }>();
  return {
    take({ monitor, device, atMs, values }) {
      const plan = monitors.find(({ name }) => name === monitor);
      return (plan?.alerts ?? []).flatMap(({ series, comparison, limit, forMs, text }, index) => {
        const value = values[series];
        if (value === undefined) return [];
        const key = JSON.stringify([monitor, device, index]);
        if (!isCrossed(value, comparison, limit)) {
          states.delete(key);
          return [];
        }
        const state = states.get(key) ?? { sinceMs: atMs, isTold: false };
        states.set(key, state);
        if (state.isTold || atMs - state.sinceMs < forMs) return [];
        state.isTold = true;
        return [{ monitor, text: device === '' ? text : `${text} (${device})`, value, atMs }];
      });
    },
  };
}

/** An alert's limit says what is alarming: `memory > 95 %` alarms above it. */
function isCrossed(value: number, comparison: Comparison, limit: number): boolean {
  switch (comparison) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    default:
      return assertNever(comparison, 'comparison');
  }
}
