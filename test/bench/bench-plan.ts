/** The plan of the benchmarks' whole runs. */
import type { LoadPlan, RunPlan } from '../../src/contract/plan.ts';
import { makePlan } from '../helpers/make-plan.ts';

export function benchPlan(url: string, outputTokens: number, load: LoadPlan, directory: string): RunPlan {
  const { backend, dataset } = makePlan();
  return makePlan({
    load,
    backend: { ...backend, protocol: 'openai.chat', url, model: 'm', options: {} },
    dataset: {
      ...dataset,
      outputTokens: { kind: 'constant', value: outputTokens },
      options: { inputTokens: { kind: 'constant', value: 64 } },
    },
    slas: [],
    monitors: [],
    report: { formats: ['json'], directory },
  });
}
