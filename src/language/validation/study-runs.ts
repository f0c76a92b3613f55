/** What the runs of a study tell that its benchmark alone does not. A slow check: it makes the plan of each run. */
import { AstUtils, type AstNode } from 'langium';
import { changesBetween } from '../../contract/plan-changes.ts';
import type { RunPlan } from '../../contract/plan.ts';
import {
  isChoose,
  isFind,
  isParam,
  isSide,
  isSweep,
  type Benchmark,
  type Choose,
  type Compare,
  type Param,
  type Search,
  type Sweep,
  type Vary,
} from '../ast.ts';
import { countPoints, pointsOf, type Point } from '../lowering/designs.ts';
import { givenParts, partsOf } from '../lowering/lower-benchmark.ts';
import { lowerRun, type StudyOrigin } from '../lowering/lower-run.ts';
import { limitsOf } from '../lowering/lower-sla.ts';
import { givenAt } from '../lowering/lower-sweep.ts';
import type { Given } from '../lowering/lowering.ts';
import { reachableDocuments } from '../references/imports.ts';
import { targetOf } from '../schema/limit-target.ts';
import { designOf, levelsOf, MAXIMUM_POINTS, subjectOf, variesOf } from '../schema/vary.ts';
import { Environment } from '../values/evaluate.ts';
import { showValue, type EvaluatedValue } from '../values/value.ts';
import type { Check, CheckContext } from './check.ts';
import { DIAGNOSTICS } from './diagnostics.ts';
import { launchProblem } from './launch-fit.ts';
import { checkVary } from './study-checks.ts';
import { SLOT_TYPES } from './slots.ts';
import { problemOfLimit, whyImpossible } from './plan-checks.ts';

/** Runs of which something is said; the rest will have the same trouble. */
const MOST_REPORTED = 5;

export const checkStudyRuns: Check<Sweep | Search | Compare> = (study, context) => {
  if (isSweep(study)) checkSweepRuns(study, context);
  else if (study.$type === 'Search') {
    const find = study.items.find(isFind);
    const slas = find?.slas.flatMap(({ ref }) => ref ?? []) ?? [];
    const problem = problemOfRun(study.benchmark?.ref, { slas }, new Map(), context);
    if (find !== undefined && slas.length > 0 && problem !== undefined)
      context.report('BENCH7013', { node: find }, { point: study.name, problem });
  } else
    for (const side of study.items.filter(isSide)) {
      const backend = side.backend?.ref;
      const problem = problemOfRun(side.benchmark?.ref, { backend }, new Map(), context);
      if (backend !== undefined && problem !== undefined)
        context.report('BENCH7013', { node: side }, { point: `on ${backend.name}`, problem });
      const origin = originOf(context.environment, context.parseValue);
      const plan = side.benchmark?.ref === undefined ? undefined : lowerRun(side.benchmark.ref, origin, { backend });
      const launch = plan === undefined ? undefined : launchProblem(plan.backend);
      if (backend !== undefined && launch !== undefined)
        context.report('BENCH4017', { node: side }, { problem: launch });
    }
};

function checkSweepRuns(sweep: Sweep, context: CheckContext): void {
  const benchmark = sweep.benchmark?.ref;
  const varied = variesOf(sweep);
  if (hasMistakes(varied, context)) return;
  const isGood = varied.map((vary) => checkParamUses(vary, context)).every(Boolean);
  const factors = varied.flatMap((vary) => {
    const values = levelsOf(vary, context.environment);
    return values === undefined || values.length === 0 || !isKnown(vary, values) ? [] : [{ vary, values }];
  });
  const design = designOf(sweep, context.environment);
  const levelCounts = factors.map(({ values }) => values.length);
  if (!isGood || benchmark === undefined || factors.length < varied.length) return;
  if (countPoints(design, levelCounts) > MAXIMUM_POINTS) return;
  const choose = sweep.items.find(isChoose);
  const slas = choose?.slas.flatMap(({ ref }) => ref ?? []) ?? [];
  const points = pointsOf(design, levelCounts);
  checkEffects(benchmark, factors, points, context);
  checkLaunches(sweep, benchmark, factors, points, context);
  let reported = 0;
  for (const point of points) {
    const { given, params } = givenAt(point, factors, slas);
    const problem = problemOfRun(benchmark, given, params, context, choose);
    if (problem === undefined) continue;
    const label = factors.map(
      ({ vary, values }, factor) => `${subjectOf(vary)} = ${textOf(values[point[factor] ?? 0])}`,
    );
    context.report('BENCH7013', { node: sweep, property: 'name' }, { point: label.join(', '), problem });
    reported++;
    if (reported === MOST_REPORTED) return;
  }
}

/** What is wrong with a `vary` itself has been said, and says enough. */
function hasMistakes(varied: readonly Vary[], context: CheckContext): boolean {
  let mistakes = 0;
  const count = { ...context, report: () => void mistakes++ };
  for (const vary of varied) void checkVary(vary, count);
  return mistakes > 0 || new Set(varied.map(subjectOf)).size < varied.length;
}

/** Names something that can be varied; what does not has been reported. */
function isKnown({ subject, property }: Vary, values: readonly EvaluatedValue[]): boolean {
  const target = subject?.ref;
  if (target !== undefined) return property !== undefined || isParam(target);
  const type = SLOT_TYPES[subject?.$refText ?? ''];
  return values.every((value) => value.kind === 'declaration' && value.node.$type.toLowerCase() === type);
}

/** A server started otherwise than it is asked, in one of the runs; the benchmark as written is judged by itself. */
function checkLaunches(
  sweep: Sweep,
  benchmark: Benchmark,
  factors: readonly Factor[],
  points: readonly Point[],
  { report, environment, parseValue }: CheckContext,
): void {
  const origin = originOf(environment, parseValue);
  const written = lowerRun(benchmark, origin);
  if (written === undefined || launchProblem(written.backend) !== undefined) return;
  for (const point of points) {
    const { given, params } = givenAt(point, factors);
    const backend = lowerRun(benchmark, origin, given, params)?.backend;
    const problem = backend === undefined ? undefined : launchProblem(backend);
    if (problem === undefined) continue;
    report('BENCH4017', { node: sweep, property: 'name' }, { problem: `with ${labelOf(point, factors)}, ${problem}` });
    return;
  }
}

/** `tp = 2, on = vllm`, the first values left out. */
function labelOf(point: Point, factors: readonly Factor[]): string {
  return factors
    .flatMap(({ vary, values }, factor) =>
      point[factor] === 0 ? [] : `\`${subjectOf(vary)} = ${textOf(values[point[factor] ?? 0])}\``,
    )
    .join(', ');
}

type Factor = Parameters<typeof givenAt>[1][number];

/** A factor whose values never change the plan is most often of something that the benchmark does not use. */
function checkEffects(
  benchmark: Benchmark,
  factors: readonly Factor[],
  points: readonly Point[],
  { report, environment, parseValue }: CheckContext,
): void {
  const origin = originOf(environment, parseValue);
  const planAt = (point: Point): RunPlan | undefined => {
    const { given, params } = givenAt(point, factors);
    return lowerRun(benchmark, origin, given, params);
  };
  const first = factors.map(() => 0);
  factors.forEach(({ vary, values }, factor) => {
    const isChanging = (point: Point): boolean =>
      point[factor] !== 0 && changesBetween(planAt(point.with(factor, 0)), planAt(point)).length > 0;
    // The first values of the others nearly always tell; only what does nothing there is tried everywhere.
    if (
      values.length < 2 ||
      values.some((_, level) => isChanging(first.with(factor, level))) ||
      points.some(isChanging)
    )
      return;
    report('BENCH7016', { node: vary, property: 'subject' }, { name: subjectOf(vary), benchmark: benchmark.name });
  });
}

function originOf(environment: Environment, parse: CheckContext['parseValue']): StudyOrigin {
  return { file: '', textSha256: '', params: [], bindings: environment.bindings, parse };
}

function textOf(value: EvaluatedValue | undefined): string {
  return value === undefined ? '' : (showValue(value) ?? value.kind);
}

/** Only what is wrong with this run and not with the benchmark as it is written. */
function problemOfRun(
  benchmark: Benchmark | undefined,
  given: Given,
  params: ReadonlyMap<string, EvaluatedValue>,
  { environment, parseValue }: CheckContext,
  choose?: Choose,
): string | undefined {
  if (benchmark === undefined) return undefined;
  const origin = originOf(environment, parseValue);
  const written = lowerRun(benchmark, origin);
  const plan = lowerRun(benchmark, origin, given, params);
  if (written === undefined) return undefined;
  const limits = givenParts(partsOf(benchmark), given).slas.flatMap(limitsOf).length;
  if (plan === undefined || plan.slas.length < limits) return 'a value does not fit where it is used.';
  const own = new Set(written.slas.flatMap((limit) => problemOfLimit(limit, written) ?? []));
  const problem = plan.slas
    .map((limit) => problemOfLimit(limit, plan))
    .find((each) => each !== undefined && !own.has(each));
  return problem === undefined ? problemOfChoice(choose, plan) : `${problem}.`;
}

function problemOfChoice(choose: Choose | undefined, plan: RunPlan): string | undefined {
  const target = targetOf(choose?.metric);
  if (choose === undefined || target === undefined) return undefined;
  if (choose.per === 'gpu' && plan.backend.gpus === undefined)
    return `\`per gpu\` needs \`gpus\` in \`${plan.backend.name}\`.`;
  if (target.kind === 'monitor')
    return plan.monitors.some(({ name }) => name === target.monitor)
      ? undefined
      : `\`${plan.benchmark}\` does not watch \`${target.monitor}\`.`;
  const reason = whyImpossible(target.metric.id, plan);
  return reason === undefined ? undefined : `\`${target.metric.id}\` cannot be measured: ${reason}.`;
}

/** Nodes that judge the values within them. */
const OWNERS: ReadonlySet<string> = new Set([
  'Property',
  'MapEntry',
  'Stage',
  'Warmup',
  'InFlight',
  'Abandon',
  'Keep',
  'Images',
  'Mix',
  'From',
  'Limit',
  'Condition',
  'Alert',
  'Ready',
  'Stop',
]);

/** Each value of a varied param, where the param is used. False if one does not fit. */
function checkParamUses(vary: Vary, context: CheckContext): boolean {
  const param = vary.subject?.ref;
  const values = levelsOf(vary, context.environment);
  if (!isParam(param) || vary.property !== undefined || values === undefined) return true;
  const owners = ownersOf(param, vary, context);
  const judge = (environment: Environment): string[] => {
    const messages: string[] = [];
    for (const owner of owners)
      context.recheck(owner, environment, (code, _place, props) => {
        const { severity, message } = DIAGNOSTICS[code];
        if (severity === 'error') messages.push((message as (props: unknown) => string)(props));
      });
    return messages;
  };
  const known = new Set(judge(context.environment));
  let isGood = true;
  values.forEach((value, index) => {
    const environment = new Environment(new Map([...context.environment.bindings, [param.name, value]]));
    const [problem] = judge(environment).filter((each) => !known.has(each));
    if (problem === undefined) return;
    const list = vary.values?.$type === 'List' ? vary.values.items[index] : undefined;
    context.report('BENCH7013', { node: list ?? vary }, { point: `${param.name} = ${textOf(value)}`, problem });
    isGood = false;
  });
  return isGood;
}

/** What judges the values a param is used in, in all files seen from here; through other params too. */
function ownersOf(param: Param, vary: Vary, { documents }: CheckContext): ReadonlySet<AstNode> {
  const owners = new Set<AstNode>();
  const seen = new Set<Param>([param]);
  const files = reachableDocuments(AstUtils.getDocument(vary), documents);
  const references = files.flatMap((document) => document.references);
  for (const used of seen)
    for (const reference of references) {
      if (!('ref' in reference) || reference.ref !== used) continue;
      for (let node = reference.$refNode?.astNode; node !== undefined; node = node.$container) {
        if (isParam(node)) seen.add(node);
        if (OWNERS.has(node.$type)) owners.add(node);
      }
    }
  return owners;
}
