/** Catalog id → implementation, loaded when it is used. */
import { findBackend } from '../../contract/catalog/backends.ts';
import { RunError } from '../../contract/errors.ts';
import type { BackendPlan } from '../../contract/plan.ts';
import type { Backend, CreateBackend } from './backend.ts';

export const BACKEND_KINDS: Readonly<Record<string, () => Promise<{ readonly default: CreateBackend }>>> = {
  'openai.chat': () => import('./openai-chat.ts'),
  'openai.completions': () => import('./openai-completions.ts'),
  simulator: () => import('./simulator.ts'),
};

/** @throws RunError RUN_NOT_AVAILABLE, and what the backend itself refuses in the plan */
export async function loadBackend(plan: BackendPlan, secrets: Readonly<Record<string, string>>): Promise<Backend> {
  const load = Object.hasOwn(BACKEND_KINDS, plan.protocol) ? BACKEND_KINDS[plan.protocol] : undefined;
  if (load === undefined) {
    const known = findBackend(plan.protocol) !== undefined;
    throw new RunError(
      'RUN_NOT_AVAILABLE',
      known ? `The protocol ${plan.protocol} is not available yet.` : `There is no protocol called ${plan.protocol}.`,
      { hint: `Available: ${Object.keys(BACKEND_KINDS).join(', ')}.`, location: plan.location },
    );
  }
  return (await load()).default(plan, secrets);
}
