/** Studies: sweeps, searches, comparisons and profiles, which make several runs of a benchmark. */
import type { AstNode } from 'langium';
import { describePlan } from '../../contract/describe-plan.ts';
import { METRICS, findMetric } from '../../contract/metrics.ts';
import { nearest } from '../../contract/nearest.ts';
import { formatQuantity } from '../../contract/units.ts';
import {
  isBackend,
  isDataset,
  isLoad,
  isMonitor,
  isParam,
  isSide,
  isVary,
  type Choose,
  type Compare,
  type Find,
  type Named,
  type Sweep,
  type Vary,
} from '../ast.ts';
import { lowerBenchmark } from '../lowering/lower-benchmark.ts';
import { Lowering } from '../lowering/lowering.ts';
import { isStatistic, metricName, targetOf } from '../schema/limit-target.ts';
import { propertyEntries, type PropertyEntry } from '../schema/property-entry.ts';
import { rungsOf } from '../schema/stage-clauses.ts';
import { coerce } from '../values/coerce.ts';
import { evaluate } from '../values/evaluate.ts';
import { describeValue, type EvaluatedValue } from '../values/value.ts';
import type { Check, CheckContext } from './check.ts';
import { SLOTS, SLOT_TYPES } from './slots.ts';

/** Runs above which a sweep is likely more than its author had in mind. */
const MANY_RUNS = 100;

export const checkStudy: Check<AstNode> = (node, { report }) => {
  const word = node.$type.toLowerCase();
  report('BENCH4011', { node, keyword: word }, { what: `\`${word}\`` });
};

export const checkSweep: Check<Sweep> = (sweep, context) => {
  const varied = sweep.items.filter(isVary);
  if (varied.length === 0) context.report('BENCH7007', { node: sweep, property: 'name' }, { name: sweep.name });
  const runs = varied.reduce((product, vary) => product * (pointsOf(vary, context)?.length ?? 1), 1);
  if (runs <= MANY_RUNS) return;
  const benchmark = sweep.benchmark?.ref;
  const lowering = new Lowering(context.environment, context.parseValue);
  const plan = benchmark === undefined ? undefined : lowerBenchmark(benchmark, NO_ORIGIN, lowering);
  const durationMs = plan === undefined ? undefined : describePlan(plan).durationMs;
  const duration =
    durationMs === undefined
      ? ''
      : ` of ${formatQuantity(durationMs, 'duration')}, together ${formatQuantity(durationMs * runs, 'duration', 2)}`;
  context.report('BENCH7006', { node: sweep, property: 'name' }, { runs, duration });
};

const NO_ORIGIN = { file: '', textSha256: '', params: {} };

/** The values a `vary` goes through; `undefined` where they cannot be told. */
function pointsOf(vary: Vary, { environment }: CheckContext): readonly EvaluatedValue[] | undefined {
  const value = evaluate(vary.values, environment, () => undefined);
  if (value?.kind === 'list') return value.items;
  const rungs = rungsOf(
    value,
    evaluate(vary.step, environment, () => undefined),
  );
  return rungs === 'endless' ? undefined : rungs;
}

export const checkVary: Check<Vary> = (vary, context) => {
  const { report, environment } = context;
  const { subject, property, values } = vary;
  if (subject === undefined || values === undefined) return;
  const result = evaluate(values, environment, report);
  const target = subject.ref;
  if (target === undefined && SLOTS.has(subject.$refText)) checkSlotValues(vary, subject.$refText, result, context);
  else if (target !== undefined && property !== undefined) checkPropertyValues(vary, target, property, result, context);
  else if (target !== undefined && isParam(target)) checkListed(vary, result, context);
  else if (target !== undefined) {
    const name = target.name;
    report(
      'BENCH7005',
      { node: vary, property: 'subject' },
      { name, where: `The sweep (name a property: \`${name}.…\`)` },
    );
  }
};

function checkListed(vary: Vary, result: EvaluatedValue | undefined, { report, environment }: CheckContext): boolean {
  const { values } = vary;
  if (result === undefined || values === undefined) return false;
  if (result.kind === 'list') return true;
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
  const entry = entries.get(property);
  if (entry === undefined) {
    const suggestion = nearest(property, entries.keys());
    report(
      'BENCH7005',
      { node: vary, property: 'property' },
      { name: property, where: `\`${target.name}\``, suggestion },
    );
    return;
  }
  const { values } = vary;
  if (!checkListed(vary, result, context) || values === undefined) return;
  const { type } = entry;
  if (type.kind === 'name-of' || type.kind === 'id-of' || type.kind === 'block' || type.kind === 'secret') return;
  const items = result?.kind === 'list' ? result.items : [];
  items.forEach((item, index) => {
    coerce(item, type, values.$type === 'List' ? (values.items[index] ?? values) : values, report);
  });
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

/** What a search may turn, with the dimension of its values. */
const SEARCHED = ['rate', 'users'] as const;

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
    else coerce(result, { kind: 'range', dimension: known === 'rate' ? 'rate' : 'count' }, range, report);
  }
  if (within !== undefined)
    coerce(
      evaluate(within, environment, report),
      { kind: 'quantity', dimension: 'ratio', min: 0, max: 1 },
      within,
      report,
    );
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
