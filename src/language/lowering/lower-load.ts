import { DEFAULT_DRAIN_MS, type LoadPlan, type StagePlan, type WarmupPlan } from '../../contract/plan.ts';
import {
  isAbandon,
  isInFlight,
  isLoad,
  isStage,
  isWarmup,
  type Load,
  type LoadBlock,
  type LoadItem,
  type Stage,
} from '../ast.ts';
import { loadItems } from '../schema/bodies.ts';
import { lowerEnd, lowerStage } from './lower-stage.ts';
import { defined, locationOf, type Lowering } from './lowering.ts';

export function lowerLoad(owner: Load | LoadBlock, lowering: Lowering): LoadPlan | undefined {
  const items = loadItems(owner);
  const settings = lowering.settings(owner, items);
  const stages = withDistinctNames(stagesOf(items).flatMap((stage) => lowerStage(stage, lowering)));
  if (stages.length === 0) return undefined;
  const overload = lowering.evaluate(settings.get('overload')?.value);
  return defined<LoadPlan>({
    name: isLoad(owner) ? owner.name : undefined,
    warmup: lowerWarmup(items, lowering),
    stages,
    inFlightLimit: lowering.coerce(items.findLast(isInFlight)?.limit, { kind: 'integer' }) as number | undefined,
    overload: overload?.kind === 'word' && overload.word === 'drop' ? 'drop' : 'queue',
    abandon: lowerAbandon(items, lowering),
    drainMs: lowering.quantity(settings.get('drain')?.value, 'duration') ?? DEFAULT_DRAIN_MS,
  });
}

/** A staircase may visit a rung twice: `[10, 50, 10] rps`. */
function withDistinctNames(stages: readonly StagePlan[]): StagePlan[] {
  const visits = new Map<string, number>();
  return stages.map((stage) => {
    const visit = (visits.get(stage.name) ?? 0) + 1;
    visits.set(stage.name, visit);
    return visit === 1 ? stage : { ...stage, name: `${stage.name} (${visit})` };
  });
}

/** An inherited stage is replaced, in its place, by one of the same name. */
export function stagesOf(items: readonly LoadItem[]): Stage[] {
  const stages = new Map<string, Stage>();
  for (const stage of items.filter(isStage)) stages.set(stage.name, stage);
  return [...stages.values()];
}

function lowerWarmup(items: readonly LoadItem[], lowering: Lowering): WarmupPlan | undefined {
  const warmup = items.findLast(isWarmup);
  const until = lowerEnd(warmup?.amount, lowering);
  if (warmup === undefined || until === undefined) return undefined;
  return defined<WarmupPlan>({
    until,
    ratePerSecond: lowering.quantity(warmup.rate, 'rate'),
    location: locationOf(warmup),
  });
}

function lowerAbandon(items: readonly LoadItem[], lowering: Lowering): LoadPlan['abandon'] {
  const abandon = items.findLast(isAbandon);
  const shareRatio = lowering.quantity(abandon?.share, 'ratio');
  if (shareRatio === undefined) return undefined;
  lowering.uses.add('abandon');
  return { shareRatio, afterMs: lowering.quantity(abandon?.after, 'duration') ?? 0 };
}
