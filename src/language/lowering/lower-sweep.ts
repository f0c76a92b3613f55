/** A sweep as its points: each the benchmark's plan with some of it changed. */
import type { AstNode } from 'langium';
import { changesBetween } from '../../contract/plan-changes.ts';
import type { RunPlan } from '../../contract/plan.ts';
import type { ChoosePlan, FactorLevel, FactorPlan, PointPlan, SweepPlan } from '../../contract/study-plan.ts';
import {
  isBackend,
  isChoose,
  isDataset,
  isLoad,
  isParam,
  type Choose,
  type Property,
  type Sla,
  type Sweep,
  type Vary,
} from '../ast.ts';
import { canonicalStatistic, targetOf } from '../schema/limit-target.ts';
import { designOf, levelsOf, MAXIMUM_POINTS, subjectOf, variesOf } from '../schema/vary.ts';
import { Environment } from '../values/evaluate.ts';
import { givenValue } from '../values/given-value.ts';
import { isScalar, showValue, type EvaluatedValue } from '../values/value.ts';
import { countPoints, pointsOf, predecessorsOf, type Point } from './designs.ts';
import { lowerHead, lowerRun, type StudyOrigin } from './lower-run.ts';
import { defined, locationOf, type Given } from './lowering.ts';

/** A varied thing: what the plan says of it, and its values. */
interface Factor {
  readonly plan: FactorPlan;
  readonly vary: Vary;
  readonly values: readonly EvaluatedValue[];
}

export function lowerSweep(sweep: Sweep, origin: StudyOrigin): SweepPlan | undefined {
  const benchmark = sweep.benchmark?.ref;
  const environment = new Environment(origin.bindings);
  const factors = variesOf(sweep).map((vary) => lowerFactor(vary, environment));
  const known = factors.filter((factor) => factor !== undefined);
  const levelCounts = known.map(({ values }) => values.length);
  const design = designOf(sweep, environment);
  if (benchmark === undefined || known.length === 0 || known.length < factors.length) return undefined;
  if (countPoints(design, levelCounts) > MAXIMUM_POINTS) return undefined;
  const choose = sweep.items.findLast(isChoose);
  const slas = (choose?.slas ?? []).flatMap(({ ref }) => ref ?? []);
  const points = pointsOf(design, levelCounts);
  const plans = points.map((point) => {
    const { given, params } = givenAt(point, known, slas);
    return lowerRun(benchmark, origin, given, params);
  });
  const after = design === 'progressive' ? predecessorsOf(points, known.map(hasOrder)) : [];
  const set = runSetOf(plans, known, points);
  return set === undefined
    ? undefined
    : defined<SweepPlan>({
        ...lowerHead(sweep, 'sweep', origin),
        benchmark: benchmark.name,
        design,
        factors: known.map(({ plan }) => plan),
        choose: lowerChoose(choose),
        meeting: slas.map(({ name }) => name),
        base: set.base,
        points: set.points.map((point, index) => {
          const earlier = after[index] ?? [];
          return earlier.length === 0 ? point : { ...point, after: earlier };
        }),
      });
}

/** Plans as one plan and what the others have different; `undefined` where one of them could not be made. */
export function runSetOf(
  plans: readonly (RunPlan | undefined)[],
  factors: readonly { readonly plan: FactorPlan }[],
  points: readonly Point[],
): { readonly base: RunPlan; readonly points: readonly PointPlan[] } | undefined {
  const [base] = plans;
  if (base === undefined || plans.includes(undefined)) return undefined;
  return {
    base,
    points: points.map((levels, index) => ({
      levels,
      label: factors
        .map(({ plan }, factor) => `${plan.name} = ${plan.levels[levels[factor] ?? 0]?.text ?? ''}`)
        .join(', '),
      changes: changesBetween(base, plans[index]),
    })),
  };
}

function lowerFactor(vary: Vary, environment: Environment): Factor | undefined {
  const values = levelsOf(vary, environment);
  if (values === undefined || values.length === 0) return undefined;
  const subject = vary.property !== undefined ? 'property' : isParam(vary.subject?.ref) ? 'param' : 'slot';
  return { vary, values, plan: factorPlan(subjectOf(vary), subject, values, vary) };
}

export function factorPlan(
  name: string,
  subject: FactorPlan['subject'],
  values: readonly EvaluatedValue[],
  node: AstNode,
): FactorPlan {
  const levels = values.map((value): FactorLevel => {
    const text = showValue(value) ?? value.kind;
    return isScalar(value) ? { text, value: value.value } : { text };
  });
  const dimensions = new Set(
    values.map((value) =>
      value.kind === 'quantity' ? value.dimension : value.kind === 'number' ? 'count' : undefined,
    ),
  );
  const [dimension] = dimensions.size === 1 ? dimensions : [];
  return defined<FactorPlan>({ name, subject, levels, dimension, location: locationOf(node) });
}

function hasOrder({ plan }: Factor): boolean {
  return plan.dimension !== undefined;
}

/** What one point gives to the benchmark in place of what is written. */
export function givenAt(
  point: Point,
  factors: readonly Pick<Factor, 'vary' | 'values'>[],
  slas: readonly Sla[] = [],
): { readonly given: Given; readonly params: ReadonlyMap<string, EvaluatedValue> } {
  const params = new Map<string, EvaluatedValue>();
  const settings = new Map<AstNode, Property[]>();
  let given: Given = { slas, settings };
  factors.forEach(({ vary, values }, factor) => {
    const value = values[point[factor] ?? 0];
    const target = vary.subject?.ref;
    if (value === undefined) return;
    if (target !== undefined && vary.property !== undefined)
      settings.set(target, [...(settings.get(target) ?? []), settingOf(vary.property.split('.'), value, vary)]);
    else if (isParam(target)) params.set(target.name, value);
    else if (value.kind === 'declaration') given = { ...given, ...slotOf(vary.subject?.$refText, value.node) };
  });
  return { given, params };
}

function slotOf(slot: string | undefined, node: AstNode): Given {
  if (slot === 'on' && isBackend(node)) return { backend: node };
  if (slot === 'send' && isDataset(node)) return { dataset: node };
  return slot === 'load' && isLoad(node) ? { load: node } : {};
}

/** `sampling.temperature` as the block it would be written in. */
function settingOf([name = '', ...rest]: readonly string[], value: EvaluatedValue, container: AstNode): Property {
  const setting = { $type: 'Property', $container: container, name };
  const content =
    rest.length === 0
      ? { value: givenValue(value, container) }
      : { block: { $type: 'Block', $container: container, entries: [settingOf(rest, value, container)] } };
  return { ...setting, ...content } as unknown as Property;
}

function lowerChoose(choose: Choose | undefined): ChoosePlan | undefined {
  const target = targetOf(choose?.metric);
  if (choose === undefined || target === undefined || (choose.goal !== 'max' && choose.goal !== 'min'))
    return undefined;
  const statistic = canonicalStatistic(choose.statistic);
  const { goal } = choose;
  const location = locationOf(choose);
  if (target.kind === 'monitor')
    return statistic === undefined
      ? undefined
      : { goal, target: { kind: 'monitor', monitor: target.monitor, series: target.series, statistic }, location };
  return {
    goal,
    target: {
      kind: 'metric',
      metric: target.metric.id,
      ...(statistic === undefined ? {} : { statistic }),
      ...(choose.per === 'gpu' ? { perGpu: true } : {}),
    },
    location,
  };
}
