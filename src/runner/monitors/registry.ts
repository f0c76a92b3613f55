/** Catalog id → implementation, loaded when it is used. */
import { findMonitor } from '../../contract/catalog/monitors.ts';
import { RunError } from '../../contract/errors.ts';
import type { MonitorPlan } from '../../contract/plan.ts';
import type { MonitorSource, OpenMonitor } from './monitor.ts';

export const MONITOR_KINDS: Readonly<Record<string, () => Promise<{ readonly default: OpenMonitor }>>> = {
  system: () => import('./system.ts'),
};

/** @throws RunError RUN_NOT_AVAILABLE, and what the monitor itself throws */
export async function openMonitor(plan: MonitorPlan): Promise<MonitorSource> {
  const refuse = (message: string, hint: string): never => {
    throw new RunError('RUN_NOT_AVAILABLE', message, { hint, location: plan.location });
  };
  if (plan.via !== undefined)
    return refuse(
      `Monitor ${plan.name}: \`via ${plan.via.kind}\` is not available yet.`,
      'Leave it out to watch this machine.',
    );
  const load = Object.hasOwn(MONITOR_KINDS, plan.source) ? MONITOR_KINDS[plan.source] : undefined;
  if (load !== undefined) return (await load()).default(plan);
  return refuse(
    findMonitor(plan.source) === undefined
      ? `There is no monitor source called ${plan.source}.`
      : `The monitor source ${plan.source} is not available yet.`,
    `Available: ${Object.keys(MONITOR_KINDS).join(', ')}.`,
  );
}
