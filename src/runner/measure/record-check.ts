/** What lines of a record must be before they are folded: a file on disk may have been cut, edited or written by another version. */
import type { OutcomeKind, RequestRecord } from '../../contract/outcome.ts';
import { PLAN_SCHEMA, type RunPlan } from '../../contract/plan.ts';
import { RunError } from '../../contract/errors.ts';
import type { MonitorSample, RunEventRecord } from '../../contract/record.ts';

const OUTCOMES: Readonly<Record<OutcomeKind, true>> = {
  ok: true,
  failed: true,
  abandoned: true,
  dropped: true,
  censored: true,
};

export function isRequestRecord(value: unknown): value is RequestRecord {
  if (!isObject(value)) return false;
  return (
    typeof value['id'] === 'number' &&
    typeof value['stage'] === 'string' &&
    isInstant(value['dueMs']) &&
    Object.hasOwn(OUTCOMES, String(value['outcome'])) &&
    (value['itlMs'] === undefined || (Array.isArray(value['itlMs']) && value['itlMs'].every(isInstant)))
  );
}

export function isRunEvent(value: unknown): value is RunEventRecord {
  return isObject(value) && typeof value['type'] === 'string' && isInstant(value['atMs']);
}

export function isMonitorSample(value: unknown): value is MonitorSample {
  return (
    isObject(value) &&
    typeof value['monitor'] === 'string' &&
    typeof value['device'] === 'string' &&
    isInstant(value['atMs']) &&
    isObject(value['values']) &&
    Object.values(value['values']).every((each) => typeof each === 'number')
  );
}

/** @throws RunError RUN_RECORD_UNREADABLE */
export function readPlan(text: string | undefined, directory: string): RunPlan {
  const unreadable = (why: string): RunError =>
    new RunError('RUN_RECORD_UNREADABLE', `${directory} holds no readable record: ${why}`, {
      hint: 'Name a result directory: one beside the scenario, in `<file>.results/`.',
    });
  if (text === undefined) throw unreadable('there is no plan.json.');
  let plan: unknown;
  try {
    plan = JSON.parse(text);
  } catch {
    throw unreadable('plan.json is cut off or not JSON.');
  }
  if (!isObject(plan) || plan['schema'] !== PLAN_SCHEMA) throw unreadable(`plan.json is not a ${PLAN_SCHEMA}.`);
  return plan as unknown as RunPlan;
}

function isInstant(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
