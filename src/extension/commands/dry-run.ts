import * as vscode from 'vscode';
import type { RunPlan } from '../../contract/plan.ts';
import { renderPlan } from '../dry-run/render-plan.ts';
import { ScenarioError } from '../runs/run-controller.ts';
import { pickBenchmark } from './pick-benchmark.ts';
import type { Workbench } from './workbench.ts';

/** Explains what a run would do. Needs no trust: nothing is started. */
export async function dryRun({ client, dryRuns }: Workbench, argument?: unknown): Promise<void> {
  const target = await pickBenchmark(client, argument, 'Explain Plan');
  if (target === undefined) return;
  const { planJson, diagnostics } = await client.compile(target);
  if (planJson === undefined) throw new ScenarioError(diagnostics);
  const plan = JSON.parse(planJson) as RunPlan;
  const remarks = diagnostics.filter((each) => each.severity === 'warning');
  await dryRuns.show(vscode.Uri.parse(target.uri), target.benchmark, renderPlan(plan, remarks));
}
