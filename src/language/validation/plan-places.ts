/** Where to say something of a finished plan: at what it comes from, where that stands in the benchmark's file. */
import { peakRate } from '../../contract/describe-plan.ts';
import type { RunPlan, StagePlan } from '../../contract/plan.ts';
import { isLoadSlot, isStage, isWarmup, type Benchmark, type BenchmarkItem, type Limit } from '../ast.ts';
import type { BenchmarkParts } from '../lowering/lower-benchmark.ts';
import { loadItems } from '../schema/bodies.ts';
import type { CheckContext } from './check.ts';

export type Place = Parameters<CheckContext['report']>[1];

export interface PlanUnderCheck extends CheckContext {
  readonly plan: RunPlan;
  readonly benchmark: Benchmark;
  readonly parts: BenchmarkParts;
}

/** Where to say something of a limit: at the limit if it stands in this file, else at the benchmark's slot. */
export function limitPlace(limit: Limit, { benchmark }: PlanUnderCheck): Place {
  const isHere = limit.$cstNode?.root === benchmark.$cstNode?.root;
  return isHere ? { node: limit } : slotPlace(benchmark, (item) => item.$type === 'Expect');
}

export function slotPlace(benchmark: Benchmark, isSlot: (item: BenchmarkItem) => boolean): Place {
  const item = benchmark.items.findLast(isSlot);
  return item === undefined ? { node: benchmark, property: 'name' } : { node: item };
}

/** A stage where it is written in this file, else the benchmark's slot. */
export function stagePlace(stage: StagePlan, benchmark: Benchmark, { load }: BenchmarkParts): Place {
  const written =
    load === undefined
      ? undefined
      : loadItems(load)
          .filter(isStage)
          .find((each) => each.name === (stage.group ?? stage.name));
  const isHere = written !== undefined && written.$cstNode?.root === benchmark.$cstNode?.root;
  return isHere ? { node: written, property: 'name' } : slotPlace(benchmark, isLoadSlot);
}

/** The warm-up where it is written in this file, else the benchmark's slot. */
export function warmupPlace({ benchmark, parts: { load } }: PlanUnderCheck): Place {
  const written = load === undefined ? undefined : loadItems(load).findLast(isWarmup);
  const isHere = written !== undefined && written.$cstNode?.root === benchmark.$cstNode?.root;
  return isHere ? { node: written } : slotPlace(benchmark, isLoadSlot);
}

/** Of each written stage the rung that asks for most: what is said of it holds for the others. */
export function largestRungs(stages: readonly StagePlan[]): StagePlan[] {
  const largest = new Map<string, StagePlan>();
  for (const stage of stages) {
    const name = stage.group ?? stage.name;
    const other = largest.get(name);
    if (other === undefined || demandOf(stage) > demandOf(other)) largest.set(name, stage);
  }
  return [...largest.values()];
}

function demandOf({ shape }: StagePlan): number {
  return shape.kind === 'closed' ? shape.users : shape.kind === 'open' ? peakRate(shape.rate) : 0;
}
