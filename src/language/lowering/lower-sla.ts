import { CstUtils } from 'langium';
import { findMetric } from '../../contract/metrics.ts';
import type { Comparison, LimitPlan, SlaCheck, SlaPlan } from '../../contract/plan.ts';
import type { Dimension } from '../../contract/units.ts';
import { isSla, type Condition, type Limit, type Sla, type SlaBlock, type Value } from '../ast.ts';
import { slaBlocks } from '../schema/bodies.ts';
import { canonicalStatistic, isStatistic, limitDimension, metricName, targetOf } from '../schema/limit-target.ts';
import { resolveFile } from '../values/coerce.ts';
import { locationOf, type Lowering } from './lowering.ts';

export function lowerSla(owner: Sla | SlaBlock, set: string, lowering: Lowering): SlaPlan[] {
  return limitsOf(owner).flatMap((limit) => {
    const check = lowerCheck(limit, lowering);
    return check === undefined
      ? []
      : { set: isSla(owner) ? owner.name : set, text: textOf(limit), location: locationOf(limit), check };
  });
}

/** An inherited limit gives way to one on the same thing from the same side. */
export function limitsOf(owner: Sla | SlaBlock): Limit[] {
  const blocks = slaBlocks(owner);
  return blocks.flatMap((block, index) => {
    const nearer = new Set(blocks.slice(index + 1).flatMap((each) => each.limits.map(subjectOf)));
    return block.limits.filter((limit) => !nearer.has(subjectOf(limit)));
  });
}

function subjectOf(limit: Limit): string {
  const side = limit.comparison?.charAt(0);
  return [metricName(limit.subject), canonicalStatistic(limit.statistic), limit.regression, limit.per, side].join(' ');
}

/** The limit as written, white space folded, comments left out; texts stay as they are. */
export function textOf(limit: Limit): string {
  let text = '';
  let end: number | undefined;
  for (const leaf of limit.$cstNode === undefined ? [] : CstUtils.flattenCst(limit.$cstNode)) {
    if (leaf.hidden) continue;
    if (end !== undefined && leaf.offset > end) text += ' ';
    text += leaf.text.startsWith('"') ? leaf.text : leaf.text.replaceAll(/\s+/g, ' ');
    end = leaf.end;
  }
  return text;
}

function lowerCheck(limit: Limit, lowering: Lowering): SlaCheck | undefined {
  const target = targetOf(limit.subject);
  if (target === undefined) return undefined;
  const statistic = canonicalStatistic(limit.statistic);
  if (limit.regression && target.kind === 'metric') {
    const plan = lowerLimit(target.metric.id, limit.comparison, limit.value, 'ratio', lowering);
    const baseline = lowering.coerce(limit.baseline, { kind: 'text' });
    if (plan === undefined || typeof baseline !== 'string') return undefined;
    lowering.uses.add('sla.regression');
    const path = resolveFile(baseline, limit);
    return { kind: 'regression', ...plan, ...(statistic === undefined ? {} : { statistic }), baseline: path };
  }
  if (target.kind === 'monitor') {
    // An open monitor's series have no known dimension: the limit's own counts.
    const value = lowering.evaluate(limit.value);
    const dimension = limitDimension(limit, target) ?? (value?.kind === 'quantity' ? value.dimension : 'count');
    const plan = lowerLimit(target.series, limit.comparison, limit.value, dimension, lowering);
    if (plan === undefined || statistic === undefined) return undefined;
    lowering.uses.add('sla.monitor');
    return { kind: 'monitor', ...plan, monitor: target.monitor, statistic };
  }
  const dimension = limitDimension(limit, target) ?? 'count';
  const plan = lowerLimit(target.metric.id, limit.comparison, limit.value, dimension, lowering);
  if (plan === undefined) return undefined;
  if (target.metric.id === 'goodput') {
    const where = limit.where.map((condition) => lowerCondition(condition, lowering));
    const known = where.filter((each) => each !== undefined);
    return known.length === where.length && known.length > 0 ? { kind: 'goodput', ...plan, where: known } : undefined;
  }
  if (target.metric.scope === 'window')
    return { kind: 'window', ...plan, ...(limit.per === undefined ? {} : { perGpu: true }) };
  const isKnown = statistic !== undefined && isStatistic(statistic);
  return isKnown ? { kind: 'statistic', ...plan, statistic } : undefined;
}

function lowerCondition(condition: Condition, lowering: Lowering): LimitPlan | undefined {
  const metric = findMetric(condition.metric ?? '');
  if (metric === undefined) return undefined;
  return lowerLimit(metric.id, condition.comparison, condition.value, metric.dimension, lowering);
}

function lowerLimit(
  metric: string,
  comparison: string | undefined,
  value: Value | undefined,
  dimension: Dimension,
  lowering: Lowering,
): LimitPlan | undefined {
  const limit = lowering.quantity(value, dimension);
  if (limit === undefined || comparison === undefined) return undefined;
  return { metric, comparison: comparison as Comparison, limit, dimension };
}
