/** A backend of a plan, with everything that a test does not care about filled in. */
import { DEFAULT_TIMEOUTS, type BackendPlan } from '../../src/contract/plan.ts';

export function backendPlan(more: Partial<BackendPlan> = {}): BackendPlan {
  return {
    name: 'engine',
    location: { file: '/scenario.bench', line: 1, column: 1, endLine: 1, endColumn: 1 },
    protocol: 'openai.chat',
    url: 'http://127.0.0.1:1',
    headers: {},
    sampling: {},
    timeouts: DEFAULT_TIMEOUTS,
    tokenizer: { kind: 'server' },
    options: {},
    ...more,
  };
}
