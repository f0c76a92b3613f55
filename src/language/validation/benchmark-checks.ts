/** Benchmarks: their slots, and what the whole plan tells that no part of it does. */
import { REPORTS, findReport } from '../../contract/catalog/reports.ts';
import { nearest } from '../../contract/nearest.ts';
import { isBackend, isLoadSlot, isOn, isSend, type Benchmark, type BenchmarkItem, type Report } from '../ast.ts';
import { lowerBenchmark, partsOf } from '../lowering/lower-benchmark.ts';
import { Lowering } from '../lowering/lowering.ts';
import { benchmarkItems } from '../schema/bodies.ts';
import { coerce } from '../values/coerce.ts';
import { evaluate } from '../values/evaluate.ts';
import { listed } from '../values/wording.ts';
import { isExtended, missingInBackend } from './backend-checks.ts';
import type { Check, CheckContext } from './check.ts';
import { checkPlan } from './plan-checks.ts';

export const checkBenchmark: Check<Benchmark> = (benchmark, context) => {
  checkSlotsOnce(benchmark, context);
  const parts = partsOf(benchmark);
  const items = benchmarkItems(benchmark);
  const missing = [
    ...(items.some(isOn) ? [] : ['on']),
    ...(items.some(isSend) ? [] : ['send']),
    ...(items.some(isLoadSlot) ? [] : ['load']),
  ];
  if (missing.length > 0) {
    if (!isExtended(benchmark))
      context.report('BENCH7001', { node: benchmark, property: 'name' }, { slots: listed(missing) });
    return;
  }
  // A backend that others extend is not checked where it is declared, so its gaps show here.
  const gaps = isBackend(parts.backend) ? missingInBackend(parts.backend) : [];
  if (isBackend(parts.backend) && gaps.length > 0 && isExtended(parts.backend)) {
    const place = placeOf(benchmark, items.findLast(isOn));
    for (const name of gaps) context.report('BENCH4005', place, { what: `\`${parts.backend.name}\``, name });
  }
  const lowering = new Lowering(context.environment, context.parseValue);
  const plan = lowerBenchmark(benchmark, { file: '', textSha256: '', params: {} }, lowering);
  if (plan !== undefined) checkPlan(plan, benchmark, parts, context);
};

/** A slot where it is written here, else the benchmark's name. */
export function placeOf(benchmark: Benchmark, item: BenchmarkItem | undefined): Parameters<CheckContext['report']>[1] {
  return item?.$container === benchmark ? { node: item } : { node: benchmark, property: 'name' };
}

function checkSlotsOnce(benchmark: Benchmark, { report }: CheckContext): void {
  const seen = new Set<string>();
  for (const item of benchmark.items) {
    const word = { On: 'on', Send: 'send', LoadSlot: 'load', Budget: 'budget', Report: 'report' }[item.$type as string];
    if (word === undefined) continue;
    if (seen.has(word)) report('BENCH4006', { node: item, keyword: word }, { name: word });
    seen.add(word);
  }
}

export const checkReport: Check<Report> = (node, { report, environment }) => {
  const known = REPORTS.map((each) => each.id);
  node.formats.forEach((name, index) => {
    const place = { node, property: 'formats', index };
    if (findReport(name) === undefined) report('BENCH4008', place, { name, suggestion: nearest(name, known) });
    else if (node.formats.indexOf(name) !== index) report('BENCH4006', place, { name });
  });
  const { directory } = node;
  if (directory !== undefined) coerce(evaluate(directory, environment, report), { kind: 'text' }, directory, report);
};
