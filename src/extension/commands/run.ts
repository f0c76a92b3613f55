import type { RunTarget } from '../runs/run-session.ts';
import { pickBenchmark } from './pick-benchmark.ts';
import type { Workbench } from './workbench.ts';

export async function run(workbench: Workbench, argument?: unknown): Promise<void> {
  const target = await pickBenchmark(workbench.client, argument, 'Run Benchmark');
  if (target !== undefined) await runTarget(workbench, target);
}

export async function runTarget(workbench: Workbench, target: RunTarget): Promise<void> {
  await workbench.runs.run(target);
}
