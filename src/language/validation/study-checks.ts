/** Studies: sweeps, searches, comparisons and profiles, which make several runs of a benchmark. */
import type { AstNode } from 'langium';
import { BLOCKS } from '../../contract/catalog/blocks.ts';
import { describePlan } from '../../contract/describe-plan.ts';
import { METRICS, findMetric } from '../../contract/metrics.ts';
import { nearest } from '../../contract/nearest.ts';
import type { SweepDesign } from '../../contract/study-plan.ts';
import { formatNumber, formatQuantity } from '../../contract/units.ts';
import {
  isBackend,
  isDataset,
  isLoad,
  isMonitor,
  isParam,
  isSide,
  isChoose,
  isFind,
  isProperty,
  type Choose,
  type Compare,
  type Estimate,
  type Find,
  type Named,
  type Param,
  type Profile,
  type Search,
  type Sweep,
  type Vary,
} from '../ast.ts';
import { countPoints } from '../lowering/designs.ts';
import { lowerBenchmark, partsOf } from '../lowering/lower-benchmark.ts';
import { ESTIMATE_NEEDS } from '../lowering/lower-estimate.ts';
import { PROFILE_FACTORS } from '../lowering/lower-profile.ts';
import { SEARCHED } from '../lowering/lower-search.ts';
import { Lowering } from '../lowering/lowering.ts';
import { isStatistic, metricName, targetOf } from '../schema/limit-target.ts';
import { propertyEntries, type PropertyEntry } from '../schema/property-entry.ts';
import { rungsOf } from '../schema/stage-clauses.ts';
import { Settings } from '../schema/settings.ts';
import { designOf, levelsOf, MAXIMUM_POINTS, subjectOf, variesOf } from '../schema/vary.ts';
import { isSameKind } from '../values/bindings.ts';
import { coerce } from '../values/coerce.ts';
import { evaluate } from '../values/evaluate.ts';
import { describeValue, isScalar, showValue, type EvaluatedValue } from '../values/value.ts';
import type { Check, CheckContext } from './check.ts';
import { SLOTS, SLOT_TYPES } from './slots.ts';

/** Runs above which a sweep is likely more than its author had in mind. */
const MANY_RUNS = 100;

export const checkStudy: Check<AstNode> = (node, { report }) => {
  const word = node.$type.toLowerCase();
  report('BENCH4011', { node, keyword: word }, { what: `\`${word}\`` });
};

export const checkSweep: Check<Sweep> = (sweep, context) => {
  const { report, environment } = context;
  const place = { node: sweep, property: 'name' };
  const varied = variesOf(sweep);
  if (varied.length === 0) report('BENCH7007', place, { name: sweep.name });
  checkItemsOnce(sweep, varied, context);
  const levels = varied.map((vary) => levelsOf(vary, environment));
  const levelCounts = levels.map((each) => Math.max(1, each?.length ?? 1));
  const design = designOf(sweep, environment);
  if (design === 'progressive') checkProgressive(sweep, levels, context);
  const points = countPoints(design, levelCounts);
  const fewer = points <= MANY_RUNS ? '' : fewerRuns(design, points, levelCounts);
  if (points > MAXIMUM_POINTS) {
    report('BENCH7012', place, { runs: formatNumber(points, 9), maximum: formatNumber(MAXIMUM_POINTS), fewer });
    return;
  }
  if (points <= MANY_RUNS) return;
  const benchmark = sweep.benchmark?.ref;
  const lowering = new Lowering(environment, context.parseValue);
  const plan = benchmark === undefined ? undefined : lowerBenchmark(benchmark, NO_ORIGIN, lowering);
  const runs = points * (plan?.repeat ?? 1);
  const durationMs = plan === undefined ? undefined : describePlan(plan).durationMs;
  const duration =
    durationMs === undefined
      ? ''
      : ` of ${formatQuantity(durationMs, 'duration')}, together ${formatQuantity(durationMs * runs, 'duration', 2)}`;
  report('BENCH7006', place, { runs, duration, fewer });
};

const NO_ORIGIN = { file: '', textSha256: '', params: {} };

/** What the other designs would need, where that is less. */
function fewerRuns(design: SweepDesign, points: number, levelCounts: readonly number[]): string {
  const others = (['orthogonal', 'one-at-a-time'] as const).filter((each) => each !== design);
  const needs = others.map((each) => ({ each, count: countPoints(each, levelCounts) }));
  const better = needs.filter(({ count }) => count < points);
  return better.length === 0
    ? ''
    : ` ${better.map(({ each, count }) => `\`design ${each}\` needs ${count}`).join(', ')}.`;
}

function checkItemsOnce(sweep: Sweep, varied: readonly Vary[], { report }: CheckContext): void {
  const seen = new Set<string>();
  for (const vary of varied) {
    const name = subjectOf(vary);
    if (seen.has(name)) report('BENCH4006', { node: vary, property: 'subject' }, { name: `vary ${name}` });
    seen.add(name);
  }
  for (const choose of sweep.items.filter(isChoose).slice(1)) report('BENCH4006', { node: choose }, { name: 'choose' });
}

/** It goes on while the SLAs hold, from smaller to larger numbers: without either it is only another order. */
function checkProgressive(
  sweep: Sweep,
  levels: readonly (readonly EvaluatedValue[] | undefined)[],
  { report }: CheckContext,
): void {
  const design = sweep.items.filter(isProperty).findLast(({ name }) => name === 'design');
  const benchmark = sweep.benchmark?.ref;
  if (design === undefined || benchmark === undefined) return;
  const hasLimits =
    partsOf(benchmark).slas.length > 0 || sweep.items.some((item) => isChoose(item) && item.slas.length > 0);
  const hasNumbers = levels.some((values) => values === undefined || (values.length > 0 && values.every(isScalar)));
  if (!hasLimits)
    report('BENCH7015', { node: design }, { lacks: 'no SLA tells where to stop: add `expect` or `meeting`' });
  else if (!hasNumbers) report('BENCH7015', { node: design }, { lacks: 'none of the varied things is a number' });
}

export const checkVary: Check<Vary> = (vary, context) => {
  const { report, environment } = context;
  const { subject, property, values } = vary;
  if (subject === undefined || values === undefined) return;
  const result = evaluate(values, environment, report);
  const target = subject.ref;
  if (target === undefined && SLOTS.has(subject.$refText)) checkSlotValues(vary, subject.$refText, result, context);
  else if (target !== undefined && property !== undefined) checkPropertyValues(vary, target, property, result, context);
  else if (target !== undefined && isParam(target)) checkParamValues(vary, target, result, context);
  else if (target !== undefined) {
    const name = target.name;
    report(
      'BENCH7005',
      { node: vary, property: 'subject' },
      { name, where: `The sweep (name a property: \`${name}.…\`)` },
    );
  }
};

/** Values of the kind of the param's default; what else they must be shows where the param is used (study-points.ts). */
function checkParamValues(vary: Vary, param: Param, result: EvaluatedValue | undefined, context: CheckContext): void {
  const { report, environment } = context;
  if (!checkListed(vary, result, context) || result?.kind !== 'list') return;
  const expected = evaluate(param.value, environment, () => undefined);
  result.items.forEach((item, index) => {
    if (expected !== undefined && !isSameKind(expected, item))
      report(
        'BENCH3002',
        { node: itemNode(vary, index) },
        { expected: describeValue(expected), actual: describeValue(item) },
      );
  });
}

function itemNode(vary: Vary, index: number): AstNode {
  const { values } = vary;
  return values?.$type === 'List' ? (values.items[index] ?? values) : (values ?? vary);
}

function checkListed(vary: Vary, result: EvaluatedValue | undefined, { report, environment }: CheckContext): boolean {
  const { values } = vary;
  if (result === undefined || values === undefined) return false;
  if (result.kind === 'list') {
    const seen = new Set<string>();
    result.items.forEach((item, index) => {
      const text = showValue(item);
      if (text !== undefined && seen.has(text)) report('BENCH4006', { node: itemNode(vary, index) }, { name: text });
      if (text !== undefined) seen.add(text);
    });
    if (result.items.length === 0)
      report('BENCH3002', { node: values }, { expected: 'a list such as `[1, 2, 4]`', actual: 'an empty list' });
    return result.items.length > 0;
  }
  if (result.kind === 'range') {
    if (rungsOf(result, evaluate(vary.step, environment, report)) !== undefined) return true;
    report('BENCH5004', { node: values }, { clause: '..', needs: 'a `step`: `vary tp in 1 .. 8 step 1`' });
    return false;
  }
  report('BENCH3002', { node: values }, { expected: 'a list such as `[1, 2, 4]`', actual: describeValue(result) });
  return false;
}

/** `vary on in [a, b]`: the values are declarations of the slot's kind. */
function checkSlotValues(vary: Vary, slot: string, result: EvaluatedValue | undefined, context: CheckContext): void {
  const { values } = vary;
  if (!checkListed(vary, result, context) || result?.kind !== 'list' || values?.$type !== 'List') return;
  const type = SLOT_TYPES[slot] ?? '';
  result.items.forEach((item, index) => {
    const node = values.items[index] ?? values;
    if (item.kind === 'declaration' && item.node.$type.toLowerCase() === type) return;
    if (item.kind === 'word')
      context.report(
        'BENCH2001',
        { node },
        { kind: type, name: item.word, suggestion: nearest(item.word, namesOf(vary, type)) },
      );
    else context.report('BENCH3002', { node }, { expected: `the name of a ${type}`, actual: describeValue(item) });
  });
}

function namesOf(vary: Vary, type: string): string[] {
  const file = vary.$container.$container;
  return 'declarations' in file
    ? file.declarations.filter((each) => each.$type.toLowerCase() === type).map((each) => each.name)
    : [];
}

function checkPropertyValues(
  vary: Vary,
  target: Named,
  property: string,
  result: EvaluatedValue | undefined,
  context: CheckContext,
): void {
  const { report } = context;
  const entries = entriesOf(target);
  const entry = entryAt(property.split('.'), entries);
  const type = entry?.type;
  if (
    type === undefined ||
    type.kind === 'name-of' ||
    type.kind === 'id-of' ||
    type.kind === 'block' ||
    type.kind === 'secret'
  ) {
    const suggestion =
      type?.kind === 'block'
        ? `${property}.${Object.keys(BLOCKS[type.block])[0] ?? ''}`
        : nearest(property, entries.keys());
    report(
      'BENCH7005',
      { node: vary, property: 'property' },
      { name: property, where: `\`${target.name}\``, suggestion },
    );
    return;
  }
  const { values } = vary;
  if (!checkListed(vary, result, context) || values === undefined) return;
  const items = result?.kind === 'list' ? result.items : [];
  items.forEach((item, index) => {
    coerce(item, type, values.$type === 'List' ? (values.items[index] ?? values) : values, report);
  });
}

/** `sampling.temperature`: a setting inside a block. */
function entryAt(
  [name = '', ...rest]: readonly string[],
  entries: ReadonlyMap<string, Pick<PropertyEntry, 'type'>>,
): Pick<PropertyEntry, 'type'> | undefined {
  const entry = entries.get(name);
  if (rest.length === 0 || entry?.type.kind !== 'block') return rest.length === 0 ? entry : undefined;
  const inner = Object.entries(BLOCKS[entry.type.block]).flatMap(([each, { takes }]) =>
    takes === undefined ? [] : [[each, { type: takes }] as const],
  );
  return entryAt(rest, new Map(inner));
}

function entriesOf(target: Named): ReadonlyMap<string, PropertyEntry> {
  const hasProperties = isBackend(target) || isDataset(target) || isLoad(target) || isMonitor(target);
  return hasProperties ? propertyEntries(target.body) : new Map();
}

function checkGoal(node: AstNode, goal: string | undefined, { report }: CheckContext): void {
  if (goal !== undefined && goal !== 'max' && goal !== 'min')
    report('BENCH7010', { node, property: 'goal' }, { name: goal, suggestion: nearest(goal, ['max', 'min']) });
}

export const checkChoose: Check<Choose> = (choose, context) => {
  const { report } = context;
  checkGoal(choose, choose.goal, context);
  const { metric: subject, statistic } = choose;
  if (subject === undefined) return;
  const target = targetOf(subject);
  const name = metricName(subject);
  const metric = findMetric(name);
  if (target === undefined) {
    const known = METRICS.map((each) => each.id);
    if (subject.monitor === undefined)
      report('BENCH6001', { node: subject }, { name, suggestion: nearest(name, known) });
  } else if (statistic !== undefined && !isStatistic(statistic)) {
    report('BENCH6002', { node: choose, property: 'statistic' }, { name: statistic });
  } else if (metric !== undefined && metric.scope !== 'window' && statistic === undefined) {
    report('BENCH6003', { node: subject }, { metric: name });
  }
  if (choose.per !== undefined && choose.per !== 'gpu')
    report('BENCH6014', { node: choose, property: 'per' }, { word: `per ${choose.per}`, metric: name });
};

export const checkSearch: Check<Search> = (search, { report }) => {
  const [find, ...more] = search.items.filter(isFind);
  const place = { node: search, property: 'name' };
  if (find === undefined) report('BENCH4005', place, { what: 'A search', name: 'find' });
  for (const each of more) report('BENCH4006', { node: each }, { name: 'find' });
  const benchmark = search.benchmark?.ref;
  if (find === undefined || benchmark === undefined || find.slas.length > 0) return;
  if (partsOf(benchmark).slas.length === 0) report('BENCH7014', { node: find }, { benchmark: benchmark.name });
};

export const checkFind: Check<Find> = (find, context) => {
  const { report, environment } = context;
  const { subject, range, within } = find;
  checkGoal(find, find.goal, context);
  const known = SEARCHED.find((each) => each === subject);
  if (subject !== undefined && known === undefined)
    report('BENCH7008', { node: find, property: 'subject' }, { name: subject, suggestion: nearest(subject, SEARCHED) });
  const result = evaluate(range, environment, report);
  if (range !== undefined && known !== undefined && result !== undefined) {
    if (result.kind !== 'range')
      report(
        'BENCH3002',
        { node: range },
        { expected: 'a range such as `1 rps .. 500 rps`', actual: describeValue(result) },
      );
    else checkSearchRange(find, result, known, context);
  }
  if (within !== undefined)
    coerce(
      evaluate(within, environment, report),
      { kind: 'quantity', dimension: 'ratio', min: 0, max: 1 },
      within,
      report,
    );
};

/** Steps are by ratio, so the lower end is above zero; users are whole people. */
function checkSearchRange(
  { range }: Find,
  result: EvaluatedValue & { kind: 'range' },
  subject: 'rate' | 'users',
  { report }: CheckContext,
): void {
  if (range === undefined) return;
  const bounds = coerce(result, { kind: 'range', dimension: subject === 'rate' ? 'rate' : 'count' }, range, report) as
    { min: number; max: number } | undefined;
  if (bounds === undefined) return;
  const node = range.$type === 'Range' ? range.from : range;
  const show = (value: number): string => formatQuantity(value, subject === 'rate' ? 'rate' : 'count');
  if (subject === 'rate' && bounds.min <= 0)
    report('BENCH3004', { node }, { value: show(bounds.min), bound: 'above zero' });
  if (subject === 'users' && (bounds.min < 1 || !Number.isInteger(bounds.min) || !Number.isInteger(bounds.max)))
    report(
      'BENCH3004',
      { node },
      { value: `${show(bounds.min)} .. ${show(bounds.max)}`, bound: 'whole numbers from 1 on' },
    );
}

export const checkProfile: Check<Profile> = (profile, { report, environment }) => {
  const settings = new Settings(profile.block?.entries ?? []);
  const place = { node: profile, property: 'name' };
  const phase = settings.get('phase');
  if (phase === undefined) report('BENCH4005', place, { what: 'A profile', name: 'phase' });
  const word = evaluate(phase?.value, environment, () => undefined);
  const known = (['prefill', 'decode'] as const).find((each) => word?.kind === 'word' && word.word === each);
  if (known === undefined) return;
  for (const name of PROFILE_FACTORS[known])
    if (!settings.has(name)) report('BENCH4005', place, { what: `\`phase ${known}\``, name });
  const other = known === 'prefill' ? 'decode' : 'prefill';
  for (const name of [...PROFILE_FACTORS[other], ...(other === 'decode' ? ['output'] : [])]) {
    const property = settings.get(name);
    if (property !== undefined)
      report('BENCH5004', { node: property, property: 'name' }, { clause: name, needs: `\`phase ${other}\`` });
  }
};

export const checkEstimate: Check<Estimate> = (estimate, { report }) => {
  const settings = new Settings(estimate.block?.entries ?? []);
  for (const name of ESTIMATE_NEEDS)
    if (!settings.has(name)) report('BENCH4005', { node: estimate, property: 'name' }, { what: 'An estimate', name });
};

export const checkCompare: Check<Compare> = (compare, { report }) => {
  const sides = compare.items.filter(isSide);
  const baselines = sides.filter(({ role }) => role === 'baseline');
  const candidates = sides.filter(({ role }) => role === 'candidate');
  const place = { node: compare, property: 'name' };
  if (baselines.length !== 1)
    report('BENCH7009', place, { problem: `A comparison has one \`baseline\`; this one has ${baselines.length}.` });
  if (candidates.length === 0) report('BENCH7009', place, { problem: 'A comparison needs at least one `candidate`.' });
  const [baseline] = baselines;
  for (const candidate of candidates) {
    const isSame =
      candidate.benchmark?.ref === baseline?.benchmark?.ref && candidate.backend?.ref === baseline?.backend?.ref;
    if (isSame && candidate.benchmark?.ref !== undefined)
      report('BENCH7009', { node: candidate }, { problem: 'The candidate is the baseline itself.' });
  }
};
